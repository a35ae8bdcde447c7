"""Which passages say the same as one that is already shown."""

from ragkit.records import Chunk
from ragkit.words import words_of

LEAST_SHARED = 0.9
"""Share of their words that two passages have in common when one repeats the other."""

_LEAST_WORDS = 10
"""Shorter passages are the same only letter by letter: order matters more than words in them."""
_COMPARED = 50
"""Passages that are compared with each other; further down nobody reads two of them."""
_NEGATIONS = frozenset({"no", "not", "never", "none", "nor", "without", "neither", "cannot"})


class Repeats:
    """Remembers passages and recognises those that repeat one of them.

    Two that differ in a number or a negation are never the same: one may be right and one outdated.
    """

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._words: list[frozenset[str]] = []

    def holds(self, chunk: Chunk) -> bool:
        """Say whether a passage repeats one that was added."""
        if chunk.text in self._texts:
            return True
        words = frozenset(words_of(chunk.text))
        return any(says_the_same(words, other) for other in self._words)

    def add(self, chunk: Chunk) -> None:
        """Remember a passage."""
        self._texts.add(chunk.text)
        if len(self._words) < _COMPARED:
            self._words.append(frozenset(words_of(chunk.text)))


def says_the_same(first: frozenset[str], second: frozenset[str]) -> bool:
    """Say whether two sets of words are as good as the same.

    >>> lecture = frozenset("mean pooling averages the embeddings of all tokens in a text".split())
    >>> says_the_same(lecture, lecture | {"slide"})
    True
    >>> says_the_same(lecture, lecture | {"not"}), says_the_same(lecture, lecture | {"2024"})
    (False, False)
    """
    differing = first ^ second
    shared = len(first & second)
    if shared < max(_LEAST_WORDS, LEAST_SHARED * (shared + len(differing))):
        return False
    return not any(_changes_the_meaning(word) for word in differing)


def _changes_the_meaning(word: str) -> bool:
    return (
        word in _NEGATIONS
        or word.endswith(("n't", "n’t"))
        or any(character.isdigit() for character in word)
    )
