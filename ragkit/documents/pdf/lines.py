"""The lines of a PDF page in reading order, with where and how large they are printed.

pypdf gives text in pieces, each with its position; a line is what it puts between two line ends.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from ragkit.documents.clean import (
    clean_text,
    collapse_leaders,
    compose_accents,
    subscript,
    superscript,
)
from ragkit.documents.pdf.pieces import Piece, RawPage

_BOLD = re.compile(r"(?i)bold|black|heavy|semibold|demi|CMBX|CMSSBX|-Medi")
_MONO = re.compile(r"(?i)mono|courier|consol|menlo|CMTT|typewriter|(?<!uni)code")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; x and y (upwards) are in points, of where its first piece begins."""

    text: str
    x: float
    y: float
    size: float
    """Of most of its characters, in points."""
    bold: bool = False
    mono: bool = False
    upright: bool = True
    """It runs from left to right on the page as it is shown."""
    cells: tuple[float, ...] = ()
    """Where pieces that stand clearly apart from the piece before them begin."""
    gaps: tuple[float, ...] = ()
    """Where pieces begin that may stand apart: cells if the next line has them at the same x."""


@dataclass(frozen=True, slots=True)
class PageLines:
    """A page's size in points, and its lines in reading order."""

    width: float
    height: float
    lines: tuple[Line, ...]
    furniture: tuple[Line, ...] = ()
    """Lines that every page repeats, where this is the first to have them."""


def find_lines(page: RawPage) -> PageLines:
    """Return the lines that the pieces of a page make up."""
    lines: list[Line] = []
    current: list[Piece] = []
    for piece in page.pieces:
        head, *rest = piece.text.split("\n")
        current.append(replace(piece, text=head))
        for text in rest:
            lines += _line_of(current)
            current = [replace(piece, text=text)]
    return PageLines(
        page.width,
        page.height,
        (*lines, *_line_of(current)),
    )


def _line_of(pieces: list[Piece]) -> list[Line]:
    seen = [piece for piece in pieces if piece.text.strip()]
    if not seen:
        return []
    joined = compose_accents("".join(_shifted_text(pieces)))
    text = collapse_leaders(clean_text(joined, code=True).replace("\n", " "))
    if not text.strip():
        return []
    sizes: dict[float, int] = {}
    bold = mono = 0
    for piece in seen:
        length = len(piece.text.strip())
        size = round(piece.size, 1)
        sizes[size] = sizes.get(size, 0) + length
        bold += length * bool(_BOLD.search(piece.font))
        mono += length * bool(_MONO.search(piece.font))
    letters = sum(sizes.values())
    return [
        Line(
            text=text.rstrip(),
            x=min(piece.x for piece in seen),
            y=seen[0].y,
            size=max(sizes, key=lambda size: sizes[size]),
            bold=bold > 0.9 * letters,
            mono=mono > 0.9 * letters,
            upright=any(piece.upright for piece in seen),
            cells=(seen[0].x, *_starts_after(seen, width=0.52, gap=0.9)),
            gaps=_starts_after(seen, width=0.44, gap=0.5),
        )
    ]


def _shifted_text(pieces: list[Piece]) -> Iterator[str]:
    """Yield the pieces' text; small ones above or below the line as superscripts, subscripts."""
    main = max(pieces, key=lambda piece: len(piece.text.strip()) * (piece.size > 0))
    base = next((piece for piece in pieces if piece.size >= main.size), main)
    shifted, shift = "", ""
    for piece in pieces:
        now = _shift(piece, base)
        if now != shift:
            yield _in_place(shifted, shift)
            shifted = ""
        shifted, shift = shifted + piece.text, now
        if not now and piece.text.strip() and piece.size >= 0.85 * main.size:
            base = piece
    yield _in_place(shifted, shift)


def _shift(piece: Piece, base: Piece) -> str:
    """Return "up", "down" or "" for how a small piece stands to the line that it is on."""
    text = piece.text.strip()
    if not text or len(text) > 8 or not 0 < piece.size <= 0.85 * base.size:
        return ""
    if piece.y - base.y > 0.15 * base.size:
        return "up"
    return "down" if base.y - piece.y > 0.08 * base.size else ""


def _in_place(text: str, shift: str) -> str:
    body = clean_text(text)
    if not shift or not body:
        return text
    lead = text[: len(text) - len(text.lstrip())]
    trail = text[len(text.rstrip()) :]
    return lead + (superscript(body) if shift == "up" else subscript(body)) + trail


def _starts_after(pieces: list[Piece], *, width: float, gap: float) -> tuple[float, ...]:
    """Return where the pieces begin that stand apart from the one before them.

    Args:
        pieces: Of one line.
        width: Of a character, as a share of its size: pypdf does not tell where a piece ends.
        gap: Least distance, as a share of the size.
    """
    starts = []
    for before, piece in pairwise(pieces):
        end = before.x + width * before.size * len(before.text.strip())
        if piece.x - end > gap * piece.size and piece.text.startswith(" "):
            starts.append(piece.x)
    return tuple(starts)
