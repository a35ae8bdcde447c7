"""Taking the [n] marks out of a completion, sentence by sentence."""

import re
from collections.abc import Set
from typing import NamedTuple

from ragkit.chunking import split_sentences

_MARK = re.compile(r"\s*\[\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*\]")


class CitedSentence(NamedTuple):
    """A sentence without its marks, and the numbers that they named."""

    text: str
    citations: tuple[int, ...]


def parse_citations(completion: str) -> tuple[CitedSentence, ...]:
    """Return the sentences of a completion with the numbers that each one cites.

    A mark after the full stop belongs to the sentence before it.

    >>> for sentence in parse_citations("Pooling averages [1]. It skips padding. [1, 2]"):
    ...     print(*sentence)
    Pooling averages. (1,)
    It skips padding. (1, 2)
    """
    inward = re.sub(r"([.!?])((?:[ \t]*\[\d{1,3}(?:\s*[,;]\s*\d{1,3})*\])+)", r"\2\1", completion)
    cited = []
    for sentence in split_sentences(inward):
        numbers = _numbers_in(sentence.text)
        text = " ".join(_MARK.sub("", sentence.text).split())
        if any(character.isalnum() for character in text):
            cited.append(CitedSentence(text, tuple(dict.fromkeys(numbers))))
    return tuple(cited)


def count_invalid(completion: str, known: Set[int]) -> int:
    """Return how many numbers in the marks of a completion name no source.

    >>> count_invalid("It is so [1, 7]. And so [8].", {1, 2})
    2
    """
    return sum(number not in known for number in _numbers_in(completion))


def _numbers_in(text: str) -> list[int]:
    marks = (mark.group(1) for mark in _MARK.finditer(text))
    return [int(number) for mark in marks for number in re.findall(r"\d+", mark)]
