"""The slides of an OpenDocument presentation: title, text from top to bottom, tables, notes."""

import re
from collections.abc import Iterator
from typing import Any

from ragkit.documents.draft import RawBlock
from ragkit.documents.opendocument.blocks import BodyReader
from ragkit.documents.opendocument.names import DRAW, PRESENTATION, SVG, TABLE, TEXT, in_space
from ragkit.documents.opendocument.package import Package
from ragkit.documents.opendocument.styles import Styles

_CLASS = in_space(PRESENTATION, "class")
_FOOTERS = frozenset(("footer", "date-time", "page-number", "header"))
_TITLE_PT = 24.0
_TITLE_CHARACTERS = 100
_ROW_CM = 1.1
"""Shapes whose tops differ by less stand beside each other."""
_LENGTH = re.compile(r"(-?\d{1,6}(?:\.\d{1,9})?)(cm|mm|in|pt|pc|px)")
_CM = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6, "px": 2.54 / 96}


def slide_blocks(body: Any, package: Package, styles: Styles) -> tuple[list[RawBlock], int]:
    """Return the blocks of all slides, and how many slides there are."""
    slides = list(body.iterchildren(in_space(DRAW, "page")))
    blocks: list[RawBlock] = []
    for page, slide in enumerate(slides, start=1):
        blocks += _Slide(package, styles, page).blocks(slide)
    return blocks, len(slides)


class _Slide:
    def __init__(self, package: Package, styles: Styles, page: int) -> None:
        self._package = package
        self._styles = styles
        self._page = page

    def blocks(self, slide: Any) -> Iterator[RawBlock]:
        shapes = [shape for shape in _leaves(slide) if _is_shown(shape)]
        shapes.sort(key=_reading_order)
        title = self._title_shape(shapes)
        for shape in shapes:
            found = self._shape_blocks(shape)
            if shape is title or shape.get(_CLASS) == "title":
                text = " ".join(block.text for block in found)
                yield RawBlock("heading", text, level=1, page=self._page)
            else:
                yield from found
        for notes in slide.iterchildren(in_space(PRESENTATION, "notes")):
            yield from self._notes(notes)

    def _title_shape(self, shapes: list[Any]) -> Any | None:
        """Return what is the title of a slide without a title: one line in larger print."""
        texts = [shape for shape in shapes if "".join(shape.itertext()).strip()]
        if not texts or any(shape.get(_CLASS) == "title" for shape in texts):
            return None
        lines = list(texts[0].iter(in_space(TEXT, "p")))
        sizes = [self._largest_print(shape) for shape in texts]
        is_short = len(lines) == 1 and len("".join(lines[0].itertext())) <= _TITLE_CHARACTERS
        is_large = sizes[0] >= _TITLE_PT and sizes[0] > max(sizes[1:], default=0.0)
        return texts[0] if is_short and is_large else None

    def _largest_print(self, shape: Any) -> float:
        names = (
            element.get(in_space(TEXT, "style-name"))
            for element in shape.iter(in_space(TEXT, "p"), in_space(TEXT, "span"))
            if "".join(element.itertext()).strip()
        )
        return max((self._styles.size_pt(str(name)) for name in names), default=0.0)

    def _shape_blocks(self, shape: Any) -> list[RawBlock]:
        reader = BodyReader(self._package, self._styles, page=self._page)
        table = shape.find(in_space(TABLE, "table"))
        if table is not None:
            return reader.read(shape)
        holder = shape.getparent().makeelement("holder")
        holder.append(shape)
        return reader.read(holder)

    def _notes(self, notes: Any) -> Iterator[RawBlock]:
        lines = [
            block.text
            for frame in notes
            if frame.get(_CLASS) == "notes"
            for block in self._shape_blocks(frame)
        ]
        if text := "\n".join(line for line in lines if line.strip()):
            yield RawBlock("note", f"Speaker notes: {text}", page=self._page)


def _is_shown(shape: Any) -> bool:
    """Return whether a shape is more than a footer or a place that nobody filled in."""
    empty = shape.get(in_space(PRESENTATION, "placeholder")) == "true"
    return not empty and shape.get(_CLASS) not in _FOOTERS


def _leaves(parent: Any) -> Iterator[Any]:
    for shape in parent:
        if shape.tag == in_space(DRAW, "g"):
            yield from _leaves(shape)
        elif isinstance(shape.tag, str) and shape.tag.startswith(f"{{{DRAW}}}"):
            yield shape


def _reading_order(shape: Any) -> tuple[bool, int, float]:
    """Titles first, then from top to bottom, and from left to right beside each other."""
    left, top = _place(shape)
    return shape.get(_CLASS) != "title", int(top / _ROW_CM), left


def _place(shape: Any) -> tuple[float, float]:
    """Return a shape's left and top edge in centimetres."""
    transform = str(shape.get(in_space(DRAW, "transform")) or "")
    if "translate" in transform:
        moved = _LENGTH.findall(transform.partition("translate")[2])
        if len(moved) >= 2:
            return _centimetres(*moved[0]), _centimetres(*moved[1])
    edges = [str(shape.get(in_space(SVG, name)) or "") for name in ("x", "y")]
    found = [_LENGTH.match(edge) for edge in edges]
    left, top = (0.0 if edge is None else _centimetres(edge[1], edge[2]) for edge in found)
    return left, top


def _centimetres(number: str, unit: str) -> float:
    return float(number) * _CM[unit]
