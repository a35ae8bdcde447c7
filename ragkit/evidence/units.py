"""Parts of a passage that can stand alone: what leans on its neighbour is kept together with it.

A sentence that points back stays with the one before it, a short list with its lead-in, a formula
with the sentence that announces it; a table row and code stay whole.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from typing import NamedTuple

from ragkit.chunking import split_sentences
from ragkit.records import Block, Chunk, Sentence
from ragkit.words import words_of

_LEANING = frozenset(
    """it this that these those they them he she its their his her such so therefore thus hence
    however but and or both neither otherwise instead then also again here""".split()
)
"""First words by which a sentence points back at the one before it."""

_FRAGMENT_WORDS = 4
"""A "sentence" of so few words before another is a term about to be explained: "KV cache. ..."."""
_MOST_WORDS = 60
"""Nothing is added to a unit as long as this."""
_WHOLE = ("row", "code")
"""Kinds of block that say nothing in parts."""
_ANNOUNCES = re.compile(r":$|\b(?:following|as follows)\b[^.]*\.$", re.IGNORECASE)
_RELATION = re.compile(r"[=≈≤≥∝≔∑∏∫√∈]|(?<!-)[<>](?!-)")
_PLAIN_WORD = re.compile(r"\b[A-Za-z][a-z]{3,}\b")
_FORMULA_WORDS = 3
"""A line with a sign of mathematics and no more plain words than this is a formula."""


class Unit(NamedTuple):
    """A part of a document that can stand alone, and what it stands under."""

    sentence: Sentence
    context: str
    """Its heading and, of a long list, the lead-in: without them many a bullet says little."""
    is_row: bool = False
    """Whether it is a row of a table."""


class _Piece(NamedTuple):
    """A unit of one block, before it is joined with those of others."""

    start: int
    end: int
    text: str
    block: Block

    @property
    def announces(self) -> bool:
        """Whether what it says comes next."""
        return self.block.kind not in _WHOLE and bool(_ANNOUNCES.search(self.text))


def units_of(chunk: Chunk, blocks: Sequence[Block]) -> tuple[Unit, ...]:
    """Return the units of a passage, in order, with offsets into its document.

    Args:
        chunk: The passage.
        blocks: Those of its document that share characters with it, in order; may be empty.
    """
    pieces = tuple(_pieces_of(chunk, blocks))
    units = []
    at, lead, listed = 0, "", 0
    while at < len(pieces):
        first = pieces[at]
        items = _items_after(pieces, at) if first.announces else ()
        count = _count_joined(pieces, at, items)
        start, end = first.start, pieces[at + count - 1].end
        heading = first.block.heading[-1] if first.block.heading else chunk.title
        context = f"{heading} {lead}".strip() if at < listed else heading
        text = chunk.text[start - chunk.start : end - chunk.start]
        units.append(Unit(Sentence(text, start, end), context, first.block.kind == "row"))
        if items and count == 1:
            lead, listed = first.text, at + 1 + len(items)
        at += count
    return tuple(units)


def _pieces_of(chunk: Chunk, blocks: Sequence[Block]) -> Iterator[_Piece]:
    whole = Block("paragraph", chunk.start, chunk.end, chunk.heading)
    for block in blocks or (whole,):
        start, end = max(block.start, chunk.start), min(block.end, chunk.end)
        text = chunk.text[start - chunk.start : end - chunk.start]
        if block.kind == "heading" or not text.strip():
            continue
        if block.kind in _WHOLE:
            yield _Piece(start, end, text, block)
            continue
        for unit in split_units(text):
            yield _Piece(start + unit.start, start + unit.end, unit.text, block)


def _items_after(pieces: Sequence[_Piece], at: int) -> Sequence[_Piece]:
    """Return the bullets that a piece announces."""
    lead = pieces[at].block
    items = takewhile(
        lambda piece: piece.block.kind == "item" and piece.block.heading == lead.heading,
        pieces[at + 1 :],
    )
    return tuple(items)


def _count_joined(pieces: Sequence[_Piece], at: int, items: Sequence[_Piece]) -> int:
    """Return how many pieces from a place on make one unit."""
    if items:
        words = sum(len(words_of(piece.text)) for piece in (pieces[at], *items))
        return 1 + len(items) if words <= _MOST_WORDS else 1
    count, words = 1, len(words_of(pieces[at].text))
    for before, piece in pairwise(pieces[at:]):
        if words >= _MOST_WORDS or not _goes_on(before, piece):
            break
        count += 1
        words += len(words_of(piece.text))
    return count


def _goes_on(before: _Piece, piece: _Piece) -> bool:
    """Say whether a piece of the next block, not a bullet, belongs to the one before it."""
    if before.block.heading != piece.block.heading or "row" in (
        before.block.kind,
        piece.block.kind,
    ):
        return False
    if before.announces:
        return True
    if is_formula(before.text):
        return is_formula(piece.text) or piece.text[0].islower()
    return is_formula(piece.text) and not before.text.endswith((".", "!", "?"))


def is_formula(text: str) -> bool:
    """Say whether a line is a formula rather than a sentence with a sign in it.

    >>> is_formula("RRF(d) = ∑ 1 / (k + rank(d)), k = 60")
    True
    >>> is_formula("Its precision after five results is 3/5 = 0.6.")
    False
    """
    return bool(_RELATION.search(text)) and len(_PLAIN_WORD.findall(text)) <= _FORMULA_WORDS


def split_units(text: str) -> tuple[Sentence, ...]:
    """Return the units of a text, in order; each is one sentence or a few that hang together.

    >>> [unit.text for unit in split_units("KV cache. Stored keys. It saves time. Beams differ.")]
    ['KV cache. Stored keys. It saves time.', 'Beams differ.']
    """
    units: list[Sentence] = []
    for sentence in split_sentences(text):
        start = sentence.start
        if units and _belongs_together(text, units[-1], sentence):
            start = units.pop().start
        units.append(Sentence(text[start : sentence.end], start, sentence.end))
    return tuple(units)


def _belongs_together(text: str, before: Sentence, sentence: Sentence) -> bool:
    if "\n" in text[before.end : sentence.start]:
        return False
    length = len(words_of(before.text))
    if length <= _FRAGMENT_WORDS:
        return True
    words = words_of(sentence.text)[:4]
    leans = bool(_LEANING.intersection(words[:1])) or "therefore" in words
    return leans and length < _MOST_WORDS
