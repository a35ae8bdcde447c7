"""What two texts have that the other has not, word by word."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_TOKEN = re.compile(r"\s*(?:\w+|[^\w\s])|\s+")
"""A word with the space before it: a token as frequent as a space would make this slow."""
_LONGEST = 4000
"""Tokens of a text beyond which it is not compared: that would take seconds."""


class Piece(NamedTuple):
    """Part of a text."""

    text: str
    changed: bool


def mark_differences(one: str, other: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return both texts in pieces, those that the other has not marked as changed.

    >>> before, after = mark_differences("How deep is it?", "How deep was it?")
    >>> [piece.text for piece in before if piece.changed], "".join(piece.text for piece in before)
    (['is'], 'How deep is it?')
    """
    tokens_one, tokens_other = _TOKEN.findall(one), _TOKEN.findall(other)
    if one == other or max(len(tokens_one), len(tokens_other)) > _LONGEST:
        return (Piece(one, changed=False),), (Piece(other, changed=False),)
    matcher = SequenceMatcher(None, tokens_one, tokens_other, autojunk=False)
    spans = matcher.get_opcodes()
    first = [(tag != "equal", tokens_one[start:end]) for tag, start, end, _, _ in spans]
    second = [(tag != "equal", tokens_other[start:end]) for tag, _, _, start, end in spans]
    return _pieces(first), _pieces(second)


def _pieces(spans: Sequence[tuple[bool, Sequence[str]]]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for changed, tokens in spans:
        text = "".join(tokens)
        words = text.lstrip() if changed else text
        pieces += [
            Piece(text[: len(text) - len(words)], changed=False),
            Piece(words, changed=changed),
        ]
    return tuple(piece for piece in pieces if piece.text)
