"""A text as words in clauses, which is all that the rules look at."""

import re
from functools import lru_cache
from typing import NamedTuple

from ragkit.evidence.support.normal import even_out
from ragkit.evidence.support.quantities import NUMBER_WORDS
from ragkit.words import STOP_WORDS, stem

_TOKEN = re.compile(r"\w+(?:[.,]\d+\w*)*(?:'\w+)?|[,;:.!?()\"]|(?<= )-(?= )")
_CONJUNCTIONS = frozenset(
    "but although though while whereas because since if when unless so".split()
)


class Word(NamedTuple):
    """A word, the form that it shares with its inflections, and its place."""

    text: str
    stem: str
    clause: int
    """Words between two commas, stops, brackets or conjunctions have the same number."""
    is_content: bool
    """Whether it tells what the text is about; numbers do not count."""


@lru_cache(maxsize=4096)
def read_words(text: str) -> tuple[Word, ...]:
    """Return the words of a text, lower case, in order.

    >>> [(word.text, word.clause) for word in read_words("If so, stop; it can't be.")]
    [('if', 1), ('so', 2), ('stop', 3), ('it', 4), ("can't", 4), ('be', 4)]
    """
    words: list[Word] = []
    clause = 0
    for token in _TOKEN.findall(even_out(text)):
        lower = token.lower()
        if not lower[0].isalnum() and lower[0] != "_":
            clause += 1
            continue
        clause += lower in _CONJUNCTIONS
        words.append(Word(lower, stem(lower), clause, is_content(lower)))
    return tuple(words)


def is_content(word: str) -> bool:
    """Say whether a word in lower case tells what a text is about.

    >>> is_content("attention"), is_content("the"), is_content("12"), is_content("can't")
    (True, False, False, False)
    """
    return (
        word not in STOP_WORDS
        and word not in NUMBER_WORDS
        and not word.endswith("n't")
        and word[0].isalpha()
    )


def content_stems(words: tuple[Word, ...]) -> tuple[str, ...]:
    """Return the stems of the content words, in order, as often as they come."""
    return tuple(word.stem for word in words if word.is_content)
