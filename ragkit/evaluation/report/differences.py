"""What two texts have that the other has not, word by word."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_LONGEST = 6000
"""Tokens of a text beyond which it is not compared: that would take seconds."""


class Piece(NamedTuple):
    """Part of a text."""

    text: str
    changed: bool


def mark_differences(one: str, other: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return both texts in pieces, those that the other has not marked as changed.

    >>> before, after = mark_differences("How deep is it?", "How deep was it?")
    >>> before
    (Piece(text='How deep ', changed=False), Piece(text='is', changed=True), Piece(text=' it?', changed=False))
    """  # noqa: E501
    tokens_one, tokens_other = _TOKEN.findall(one), _TOKEN.findall(other)
    if one == other or max(len(tokens_one), len(tokens_other)) > _LONGEST:
        return (Piece(one, changed=False),), (Piece(other, changed=False),)
    matcher = SequenceMatcher(None, tokens_one, tokens_other, autojunk=False)
    spans = matcher.get_opcodes()
    first = [(tag != "equal", tokens_one[start:end]) for tag, start, end, _, _ in spans]
    second = [(tag != "equal", tokens_other[start:end]) for tag, _, _, start, end in spans]
    return _pieces(first), _pieces(second)


def _pieces(spans: Sequence[tuple[bool, Sequence[str]]]) -> tuple[Piece, ...]:
    return tuple(Piece("".join(tokens), changed=changed) for changed, tokens in spans if tokens)
