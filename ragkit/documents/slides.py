"""PowerPoint slides: each slide is a page with its title, text, tables and speaker notes."""

import io
import re
from collections.abc import Iterator
from typing import Any

from ragkit.documents.clean import strip_bullet
from ragkit.documents.draft import Draft, RawBlock, RawFile, translate_library_errors
from ragkit.documents.office_math import MATH, formula_text
from ragkit.documents.tables import render_rows

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_ROW_EMU = 400_000
"""Shapes whose tops differ by less (1.1 cm) stand beside each other."""
_NUMBER = re.compile(r"\d+")
_LEAST_REPEATS = 3
_FOOTERS = frozenset(("DATE", "FOOTER", "SLIDE_NUMBER", "HEADER"))
_TITLES = frozenset(("TITLE", "CENTER_TITLE", "VERTICAL_TITLE"))
_LISTS = frozenset(("BODY", "OBJECT", "VERTICAL_BODY", "VERTICAL_OBJECT"))


def read_slides(file: RawFile) -> Draft:
    """Return the draft of a .pptx file."""
    with translate_library_errors(file, "a PowerPoint presentation"):
        import pptx

        presentation = pptx.Presentation(io.BytesIO(file.data))
        slides = list(presentation.slides)
        blocks: list[RawBlock] = []
        for page, slide in enumerate(slides, start=1):
            blocks += _slide_blocks(slide, page)
        return Draft(
            blocks=tuple(_without_footers(blocks, len(slides))),
            title=presentation.core_properties.title or "",
            page_labels=tuple(str(page) for page in range(1, len(slides) + 1)),
        )


def _without_footers(blocks: list[RawBlock], slides: int) -> Iterator[RawBlock]:
    """Yield the blocks; a line that stands on most slides up to its numbers, only once."""
    pages: dict[str, set[int]] = {}
    for block in blocks:
        pages.setdefault(_NUMBER.sub("#", block.text), set()).add(block.page)
    for block in blocks:
        key = _NUMBER.sub("#", block.text)
        repeated = len(pages[key]) >= max(_LEAST_REPEATS, slides / 2)
        if block.kind != "paragraph" or not repeated or block.page == min(pages[key]):
            yield block


def _slide_blocks(slide: Any, page: int) -> Iterator[RawBlock]:
    shapes = sorted(_leaves(slide.shapes), key=_reading_order)
    for shape in shapes:
        role = _role(shape)
        if role in _TITLES:
            text = " ".join(_paragraphs(shape._element))  # noqa: SLF001
            yield RawBlock("heading", text, level=1, page=page)
        elif role not in _FOOTERS:
            yield from _shape_blocks(shape, role, page)
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None:
        notes = "\n".join(line for line in _paragraphs(frame._element) if line.strip())  # noqa: SLF001
        if notes:
            yield RawBlock("note", f"Speaker notes: {notes}", page=page)


def _leaves(shapes: Any) -> Iterator[Any]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _leaves(shape.shapes)
        else:
            yield shape


def _role(shape: Any) -> str:
    return str(shape.placeholder_format.type.name) if shape.is_placeholder else ""


def _reading_order(shape: Any) -> tuple[bool, int, int]:
    """Titles first, then from top to bottom, and from left to right beside each other."""
    top, left = shape.top or 0, shape.left or 0
    return _role(shape) not in _TITLES, top // _ROW_EMU, left


def _shape_blocks(shape: Any, role: str, page: int) -> Iterator[RawBlock]:
    if getattr(shape, "has_table", False):
        rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
        header = True if shape.table.first_row else None
        for line in render_rows(rows, header=header if len(rows[0]) > 2 else None):
            yield RawBlock("row", line, page=page)
    elif getattr(shape, "has_chart", False) and shape.chart.has_title:
        yield RawBlock("caption", shape.chart.chart_title.text_frame.text, page=page)
    elif shape.has_text_frame:
        lines = [line for line in _paragraphs(shape._element) if line.strip()]  # noqa: SLF001
        listed = role in _LISTS and len(lines) > 1
        for line in lines:
            is_item = listed or strip_bullet(line) is not None
            yield RawBlock("item" if is_item else "paragraph", line, page=page)
    else:
        yield from _picture_blocks(shape, page)


def _picture_blocks(shape: Any, page: int) -> Iterator[RawBlock]:
    """Yield what the author wrote of a picture for those who cannot see it."""
    named = shape._element.find(".//{*}cNvPr")  # noqa: SLF001
    text = str(named.get("descr") or "") if named is not None else ""
    if len(text.split()) >= 3:
        yield RawBlock("caption", f"Picture: {text}", page=page)


def _paragraphs(element: Any) -> list[str]:
    """Return the paragraphs below an element, formulas and line breaks included."""
    found = []
    for paragraph in element.iter(f"{_A}p"):
        parts = []
        for part in paragraph.iter(f"{_A}t", f"{MATH}oMath", f"{_A}br"):
            if any(parent.tag.endswith("}Fallback") for parent in part.iterancestors()):
                continue
            if part.tag == f"{MATH}oMath":
                parts.append(formula_text(part))
            else:
                parts.append(" " if part.tag == f"{_A}br" else part.text or "")
        found.append("".join(parts))
    return found
