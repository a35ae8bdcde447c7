"""The lines of a PDF page in reading order, with where and how large they are printed.

pypdf gives text in pieces, each with its position; a line is what it puts between two line ends.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ragkit.documents.clean import (
    clean_text,
    collapse_leaders,
    compose_accents,
    strip_bullet,
    subscript,
    superscript,
)
from ragkit.documents.pdf.pieces import RawPage
from ragkit.documents.pdf.runs import SAME_PLACE, Piece

_BOLD = re.compile(r"(?i)bold|black|heavy|semibold|demi|CMBX|CMSSBX|SFBX|SFSX|SFTB|-Medi")
_FALL = 8
"""How far a piece begins before the last one, as a multiple of its size; fractions are narrower."""
_CELL_GAP = 0.8
"""Between parts of a line, as a share of its size: more than the space of a justified line."""
_WIDTH = 0.5
"""Of a character as a share of its size, where a piece does not say where it ends."""
_MONO = re.compile(r"(?i)mono|courier|consol|menlo|CMTT|SFTT|typewriter|(?<!uni)code")


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a line that stands clearly apart from its other parts."""

    text: str
    x: float
    end: float
    """Of its right edge, in points."""


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
    cells: tuple[Cell, ...] = ()
    """Its parts; a bullet or number before a part belongs to it."""


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
        if current and _falls_back(current, piece):
            lines += _line_of(current)
            current = []
        head, *rest = piece.text.split("\n")
        if any(_is_double(piece, before) for before in current[-2:]):
            head = ""
        current.append(piece if head == piece.text else replace(piece, text=head))
        for text in rest:
            lines += _line_of(current)
            current = [replace(piece, text=text)]
    return PageLines(
        page.width,
        page.height,
        (*lines, *_line_of(current)),
    )


def _is_double(piece: Piece, before: Piece) -> bool:
    """Return whether a piece prints another one again in the same place, as looks bold."""
    reach = SAME_PLACE * max(piece.size, 1)
    same = abs(piece.x - before.x) < reach and abs(piece.y - before.y) < reach
    return same and bool(piece.text.strip()) and piece.text.strip() == before.text.strip()


def _falls_back(line: list[Piece], piece: Piece) -> bool:
    """Return whether a piece that pypdf takes for more of a line is the next row of a table."""
    size = max(piece.size, 1)
    if line[-1].x - piece.x <= _FALL * size:
        return False
    return all(abs(before.y - piece.y) >= 0.5 * size for before in line)


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
            cells=tuple(_cells_of(seen, text)),
        )
    ]


def _cells_of(pieces: list[Piece], whole: str) -> Iterator[Cell]:
    """Yield the parts of a line, given what all of it says."""
    part: list[Piece] = []
    for piece in pieces:
        begins = part and _is_apart(part[-1], piece, _CELL_GAP)
        if begins and not (part[0] is pieces[0] and _is_mark(part)):
            yield _cell(part)
            part = []
        part.append(piece)
    if part[0] is pieces[0]:
        yield Cell(whole.strip(), part[0].x, max(_end(piece) for piece in part))
    else:
        yield _cell(part)


def _cell(pieces: list[Piece]) -> Cell:
    text = clean_text(compose_accents("".join(_shifted_text(pieces))))
    return Cell(" ".join(text.split()), pieces[0].x, max(_end(piece) for piece in pieces))


def _is_mark(pieces: list[Piece]) -> bool:
    """Return whether pieces are no more than a bullet or a number before what they stand before."""
    text = "".join(piece.text for piece in pieces).strip()
    return len(text) <= 6 and strip_bullet(f"{text} x") is not None


def _end(piece: Piece) -> float:
    return piece.end or piece.x + _WIDTH * piece.size * len(piece.text.strip())


def _is_apart(before: Piece, piece: Piece, gap: float) -> bool:
    """Return whether a piece begins apart from the one before, by a share of its size."""
    return piece.x - _end(before) > gap * piece.size and piece.text.startswith(" ")


def _shifted_text(pieces: list[Piece]) -> Iterator[str]:
    """Yield the pieces' text; small ones above or below the line as superscripts, subscripts."""
    main = max(pieces, key=lambda piece: len(piece.text.strip()) * (piece.size > 0))
    base = next((piece for piece in pieces if piece.size >= main.size), main)
    shifted, shift = "", ""
    last: Piece | None = None
    for piece in pieces:
        now = _shift(piece, base)
        if now and not _is_attached(piece, last, now):
            now = ""
        if now != shift:
            yield _in_place(shifted, shift)
            shifted = ""
        shifted, shift = shifted + piece.text, now
        last = piece if piece.text.strip() else last
        if not now and piece.text.strip() and piece.size >= 0.85 * main.size:
            base = piece
    yield _in_place(shifted, shift)


def _is_attached(piece: Piece, last: Piece | None, shift: str) -> bool:
    """Return whether a piece stands as near to the one before it as an index does.

    Without one before it, it can be the mark of a footnote, but no index.
    """
    if last is None:
        return shift == "up"
    return piece.x - _end(last) < 0.6 * last.size


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
