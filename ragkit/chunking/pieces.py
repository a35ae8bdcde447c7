"""A text that is too long to pieces that fit: at sentence ends, then clauses, words, tokens.

Whatever the text is (one word of 10,000 letters, a table row as long as a chapter), every piece
fits, and together they hold all of it but white space.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ragkit.chunking.sentences import split_sentences

_CLAUSE = re.compile(r"(?<=[,;:—–)])\s+|\s+(?=[(—–])|\n+")
_SPACE = re.compile(r"\s+")

CountTokens = Callable[[str], int]


class Piece(NamedTuple):
    """A part of a text that fits, with the number of its tokens."""

    start: int
    end: int
    tokens: int


def split_to_fit(text: str, *, limit: int, count_tokens: CountTokens) -> tuple[Piece, ...]:
    """Return the sentences of a text, those above `limit` tokens cut as finely as needed.

    Args:
        text: Anything.
        limit: Most tokens of a piece, at least 1.
        count_tokens: Of the encoder.

    >>> split_to_fit("One two. Three.", limit=2, count_tokens=lambda text: len(text.split()))
    (Piece(start=0, end=8, tokens=2), Piece(start=9, end=15, tokens=1))
    """
    pieces: list[Piece] = []
    for sentence in split_sentences(text):
        pieces += _cut(text, sentence.start, sentence.end, limit, count_tokens)
    return tuple(pieces)


def _cut(text: str, start: int, end: int, limit: int, count: CountTokens) -> Iterator[Piece]:
    tokens = count(text[start:end])
    if tokens <= limit or end - start <= 1:
        yield Piece(start, end, tokens)
        return
    for pattern in (_CLAUSE, _SPACE):
        parts = _parts(text, start, end, pattern)
        if len(parts) > 1:
            for first, last in _packed(text, parts, limit, count):
                yield from _cut(text, first, last, limit, count)
            return
    middle = _safe_middle(text, start, end)
    yield from _cut(text, start, middle, limit, count)
    yield from _cut(text, middle, end, limit, count)


def _parts(text: str, start: int, end: int, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return the spans between the matches of a pattern."""
    spans, previous = [], start
    for match in pattern.finditer(text, start, end):
        if match.start() > previous:
            spans.append((previous, match.start()))
        previous = match.end()
    return spans + ([(previous, end)] if end > previous else [])


def _packed(
    text: str, parts: list[tuple[int, int]], limit: int, count: CountTokens
) -> Iterator[tuple[int, int]]:
    """Yield runs of neighbouring parts that fit together; a part that does not fit stands alone."""
    first, last = parts[0]
    used = count(text[first:last])
    for start, end in parts[1:]:
        tokens = count(text[start:end])
        if used + tokens > limit:
            yield first, last
            first, used = start, 0
        last, used = end, used + tokens
    yield first, last


def _safe_middle(text: str, start: int, end: int) -> int:
    """Return a place near the middle that does not part a letter from its accent."""
    middle = (start + end) // 2
    while middle < end - 1 and not text[middle].isprintable():
        middle += 1
    return middle
