"""Does a word of a claim stand where its source has another? Then it says something else.

What counts is the slot between two neighbouring content words of the claim: where the source has
them as near each other with something else between, that was replaced. Words that a claim adds or
leaves out replace nothing.
"""

from collections.abc import Callable, Sequence

from ragkit.evidence.support.reading import Word

_MOST_BETWEEN = 4
"""Words between two neighbours in a source that still make one slot."""
_NEAR_WORDS = 3

Holds = Callable[[str, frozenset[str]], bool]
"""Says whether some stems hold a word, or one that means the same."""


def replaces_nothing(claim: Sequence[Word], held: Sequence[Word], holds: Holds) -> bool:
    """Say whether no content word of a claim fills a slot that a text fills with another.

    >>> from ragkit.evidence.support.reading import read_words
    >>> source = read_words("Unlearning a fact from the weights is an open problem today.")
    >>> same = lambda word, stems: word in stems
    >>> replaces_nothing(read_words("Unlearning from weights is an old problem."), source, same)
    False
    >>> replaces_nothing(read_words("Unlearning from weights is a problem today."), source, same)
    True
    """
    own = [word for word in claim if word.is_content]
    padded = [None, None, *own, None, None]
    for at in range(2, len(padded) - 2):
        word = padded[at]
        if word is None:
            continue
        slots = [*_inner_slots(padded, at, held), *_outer_slots(padded, at, held)]
        if slots and not any(holds(word.stem, slot) for slot in slots):
            return False
    return True


def _inner_slots(
    claim: Sequence[Word | None], at: int, held: Sequence[Word]
) -> list[frozenset[str]]:
    """Return what the text has between the neighbours of a word on both sides."""
    before, after = claim[at - 1], claim[at + 1]
    if before is None or after is None:
        return []
    return [
        _around(held, first, last)
        for first in _places(held, before)
        for last in _places(held, after)
        if 1 < last - first <= _MOST_BETWEEN + 1 and _has_content(held[first + 1 : last])
    ]


def _outer_slots(
    claim: Sequence[Word | None], at: int, held: Sequence[Word]
) -> list[frozenset[str]]:
    """Return what the text has beside two neighbours of a word that begins or ends the claim."""
    if claim[at - 1] is None and (pair := (claim[at + 1], claim[at + 2])) and all(pair):
        return _beside(held, pair, way=-1)
    if claim[at + 1] is None and (pair := (claim[at - 1], claim[at - 2])) and all(pair):
        return _beside(held, pair, way=1)
    return []


def _beside(
    held: Sequence[Word], pair: tuple[Word | None, Word | None], *, way: int
) -> list[frozenset[str]]:
    """Return what the text has on one side of two words that stand near each other.

    All that is there counts, for "BERT has twelve layers and uses dropout" says that BERT uses it.
    """
    slots = []
    for near in _places(held, pair[0]):
        if not any(0 < (near - far) * way <= _MOST_BETWEEN + 1 for far in _places(held, pair[1])):
            continue
        beside = held[:near] if way < 0 else held[near + 1 :]
        if _has_content([word for word in beside if word.clause == held[near].clause]):
            slots.append(frozenset(word.stem for word in beside))
    return slots


def _places(held: Sequence[Word], word: Word | None) -> list[int]:
    return [at for at, other in enumerate(held) if word is not None and other.stem == word.stem]


def _around(held: Sequence[Word], first: int, last: int) -> frozenset[str]:
    low = max(0, first - _NEAR_WORDS)
    return frozenset(word.stem for word in held[low : last + _NEAR_WORDS + 1])


def _has_content(words: Sequence[Word]) -> bool:
    return any(word.is_content for word in words)
