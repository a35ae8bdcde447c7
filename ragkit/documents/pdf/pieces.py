"""What a PDF page paints: pieces of text, each with its place and font, and how much is pictures.

It follows what pypdf reports while it goes through a page. Nothing is put in order, and nothing is
recognised.
"""

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ragkit.documents.pdf.runs import Piece, part_run
from ragkit.documents.pdf.strings import FOLLOWED, SHOW, Span, StringTracker, Widths, entry_of

if TYPE_CHECKING:
    from pypdf import PageObject

_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1, 0, 0, 1, 0, 0)
# Names that programs give to glyphs instead of saying which characters they are.
_GLYPH_NAMES = re.compile(r"(?:/[A-Za-z]{0,5}_?[0-9A-Fa-f]{1,6}\s*)+")
_NAMED_SIGNS = {"/C0": "−", "/C1": "·", "/C2": "×", "/C6": "±", "/C20": "≤", "/C21": "≥"}
"""In fonts that number the signs of TeX's symbol font (Source: its encoding, OMS)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image on a page."""

    key: Hashable
    """The same for the same image on every page."""
    share: float
    """Of the page's area, 0 to 1."""


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page's size in points and its pieces of text, in the order of the file."""

    width: float
    height: float
    pieces: tuple[Piece, ...]
    pictures: tuple[Picture, ...] = ()
    curves: int = 0
    """How many curves it draws: many where letters are drawn instead of printed."""
    unreadable_characters: int = 0
    """How many are printed in fonts that do not say which characters their glyphs are."""


def read_pieces(page: "PageObject", widths: Widths | None = None) -> RawPage:
    """Return a page as pypdf reads it. Raises: whatever pypdf raises on a broken one.

    Args:
        page: Of an open document.
        widths: What is known of the fonts of the document's other pages; it is added to.
    """
    recorder = _Recorder(page, StringTracker({} if widths is None else widths))
    page.extract_text(
        visitor_operand_before=recorder.before,
        visitor_operand_after=recorder.after,
        visitor_text=recorder.visit,
    )
    width, height = recorder.size
    area = max(width * height, 1)
    return RawPage(
        width,
        height,
        tuple(recorder.pieces),
        pictures=tuple(Picture(key, min(a / area, 1)) for key, a in recorder.pictures.items()),
        curves=recorder.curves,
        unreadable_characters=recorder.unreadable,
    )


@dataclass
class _Form:
    """A page or a form, which is a page within the page, and what it may paint."""

    matrix: _Matrix
    resources: Any


@dataclass
class _Recorder:
    """Writes down what pypdf reports while it goes through a page's operators."""

    page: "PageObject"
    tracker: StringTracker
    pieces: list[Piece] = field(default_factory=list)
    pictures: dict[Hashable, float] = field(default_factory=dict)
    """Area of each, in square points."""
    curves: int = 0
    unreadable: int = 0
    size: tuple[float, float] = (0, 0)
    """Width and height of the page as it is shown, in points."""
    forms: list[_Form] = field(init=False)
    entering: _Form | None = None
    """pypdf reports the text before a form after it has reported the form."""
    painting: list[bool] = field(default_factory=list)
    """For each object that is being painted, whether it is a form that was entered."""
    spans: list[Span] = field(default_factory=list)
    """Of the strings of the run to come."""
    fonts: dict[int, tuple[str, bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        box = self.page.cropbox
        width, height = abs(float(box.width)), abs(float(box.height))
        turned = {
            90: (0.0, -1.0, 1.0, 0.0, 0.0, width),
            180: (-1.0, 0.0, 0.0, -1.0, width, height),
            270: (0.0, 1.0, -1.0, 0.0, height, 0.0),
        }.get(self.page.rotation % 360, _IDENTITY)
        left, bottom = min(box.left, box.right), min(box.bottom, box.top)
        moved = (1.0, 0.0, 0.0, 1.0, -float(left), -float(bottom))
        self.size = (height, width) if self.page.rotation % 180 else (width, height)
        placed = _IDENTITY if moved == _IDENTITY == turned else _times(moved, turned)
        self.forms = [_Form(placed, self.page.get("/Resources"))]

    def before(self, operator: bytes, operands: Any, cm: Any, tm: Any) -> None:
        """Note where a string begins, a picture or a form."""
        if self.entering is not None:
            self.forms.append(self.entering)
            self.entering, self.painting[-1] = None, True
        if operator in SHOW:
            matrix = _times(_times(tm, cm), self.forms[-1].matrix)
            scale = (matrix[0] ** 2 + matrix[1] ** 2) ** 0.5
            self.spans += self.tracker.measure(operands, (matrix[4], matrix[5]), scale)
        elif operator in FOLLOWED:
            self.tracker.follow(operator, operands, self.forms[-1].resources)
        elif operator == b"Do":
            self.painting.append(False)
            self._note_object(operands[0] if operands else None, cm)
        elif operator == b"INLINE IMAGE":
            self._note_picture(("inline", id(self), len(self.pictures)), cm)
        elif operator == b"c":
            self.curves += 1

    def after(self, operator: bytes, operands: Any, cm: Any, tm: Any) -> None:  # noqa: ARG002
        """Leave a form."""
        if operator == b"Do" and self.painting:
            self.entering = None
            if self.painting.pop():
                self.forms.pop()

    def visit(self, text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        """Take a run of text."""
        spans, self.spans = self.spans, []
        if not text:
            return
        matrix = _times(_times(tm, cm), self.forms[-1].matrix)
        name, mapped = self._font(font)
        if text.strip() and (not mapped or _GLYPH_NAMES.fullmatch(text.strip())):
            self.unreadable += len(text.strip()) if not mapped else text.count("/")
            begins = not self.pieces or self.pieces[-1].text.endswith("\n")
            text = _place_holder(text, begins=begins)
        scale = (matrix[2] ** 2 + matrix[3] ** 2) ** 0.5
        upright = abs(matrix[3]) >= abs(matrix[2])
        end = spans[-1].end if spans else 0
        piece = Piece(text, matrix[4], matrix[5], abs(size) * scale, name, upright, end)
        if len(spans) > 1 or (spans and spans[0].kerned):
            self.pieces += part_run(piece, spans)
        else:
            self.pieces.append(piece)

    def _note_object(self, name: Any, cm: Any) -> None:
        painted = entry_of(entry_of(self.forms[-1].resources, "/XObject"), name)
        if painted is None:
            return
        if painted.get("/Subtype") == "/Image":
            reference = painted.indirect_reference
            self._note_picture(reference.idnum if reference else id(painted), cm)
            return
        own = painted.get("/Matrix") or _IDENTITY
        matrix = _times(_times([float(number) for number in own], cm), self.forms[-1].matrix)
        self.entering = _Form(matrix, painted.get("/Resources") or self.forms[-1].resources)

    def _note_picture(self, key: Hashable, cm: Any) -> None:
        m = _times(cm, self.forms[-1].matrix)
        area = abs(m[0] * m[3] - m[1] * m[2])
        self.pictures[key] = self.pictures.get(key, 0) + area

    def _font(self, font: Any) -> tuple[str, bool]:
        """Return a font's name, and whether its characters are known."""
        if font is None:
            return "", True
        if id(font) not in self.fonts:
            self.fonts[id(font)] = (str(font.get("/BaseFont", "")), _is_mapped(font))
        return self.fonts[id(font)]


def _times(m: Any, n: Any) -> _Matrix:
    if n is _IDENTITY:
        return (m[0], m[1], m[2], m[3], m[4], m[5])
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _is_mapped(font: Any) -> bool:
    """Return whether a font says which characters its glyphs are.

    A composite font whose codes are numbers of glyphs needs a table for that; without one, pypdf
    takes the numbers for characters.
    """
    if font.get("/Subtype") != "/Type0" or "/ToUnicode" in font:
        return True
    return not str(font.get("/Encoding")).startswith("/Identity")


def _place_holder(text: str, *, begins: bool) -> str:
    r"""Return what stands for text that cannot be read: its line ends, and a mark for one sign.

    A sign that begins a line is a bullet. Leaving one out elsewhere could leave out a minus, so the
    replacement character stands for it.

    >>> _place_holder("/SM590000 ", begins=True), _place_holder("/g12/g7\n", begins=False)
    ('• ', '\n')
    """
    body = text.strip()
    if not body.startswith("/") or body.count("/") > 1:
        return text.replace(body, "")
    return text.replace(body, "•" if begins else _NAMED_SIGNS.get(body, "\ufffd"))
