"""PowerPoint: each slide is a page with its title, text, tables, charts and speaker notes."""

import io
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ragkit.documents.archives import open_archive
from ragkit.documents.draft import Draft, RawBlock, RawFile, translate_library_errors
from ragkit.documents.ocr import recognise_pictures
from ragkit.documents.pages import describe_pictures, nothing_but_pictures
from ragkit.documents.slides.data import chart_lines, diagram_lines, table_lines
from ragkit.documents.slides.text import largest_size, lines_of, paragraphs_of
from ragkit.documents.strict_office import to_common_form

_ROW_EMU = 400_000
"""Shapes whose tops differ by less (1.1 cm) stand beside each other."""
_NUMBER = re.compile(r"\d+")
_LEAST_REPEATS = 3
_FOOTERS = frozenset(("DATE", "FOOTER", "SLIDE_NUMBER", "HEADER"))
_TITLES = frozenset(("TITLE", "CENTER_TITLE", "VERTICAL_TITLE"))
_LISTS = frozenset(("BODY", "OBJECT", "VERTICAL_BODY", "VERTICAL_OBJECT"))
_TITLE_SIZE = 2000
"""In hundredths of a point; smaller print is no title, even if it is the largest on its slide."""
_TITLE_CHARACTERS = 100
# What PowerPoint adds to the descriptions that it writes itself.
_INVENTED = re.compile(
    r"(?i)\s*(?:AI-generated content may be incorrect|Description automatically generated)[^.]*\.?"
)
_LEAST_CHARACTERS = 20
_LEAST_SHARE = 0.2
"""A slide with less text, and pictures on more of its area than this, is a picture of its text."""


class _Place(NamedTuple):
    """A slide, its number, and the area of all slides in square EMU."""

    slide: Any
    page: int
    area: int


def read_slides(file: RawFile) -> Draft:
    """Return the draft of a .pptx file."""
    with translate_library_errors(file, "a PowerPoint presentation"):
        import pptx

        open_archive(file, "a PowerPoint presentation")
        presentation = pptx.Presentation(io.BytesIO(to_common_form(file.data)))
        area = int(presentation.slide_width or 1) * int(presentation.slide_height or 1)
        slides = list(presentation.slides)
        blocks: list[RawBlock] = []
        unread: list[int] = []
        recognised: list[int] = []
        for page, slide in enumerate(slides, start=1):
            place = _Place(slide, page, area)
            found = list(_slide_blocks(place))
            if _is_picture(place, found):
                lines = _recognise(place, file)
                (recognised if lines else unread).append(page)
                found += lines
            blocks += found
        if unread and not any(block.text.strip() for block in blocks):
            raise nothing_but_pictures(
                file.name, len(unread), noun="slides", asked=file.ocr is not None
            )
        return Draft(
            blocks=tuple(_without_footers(blocks, len(slides))),
            title=presentation.core_properties.title or "",
            page_labels=tuple(_label(slide, page) for page, slide in enumerate(slides, start=1)),
            warnings=describe_pictures(
                unread, recognised, count=len(slides), noun="slides", asked=file.ocr is not None
            ),
        )


def _label(slide: Any, page: int) -> str:
    hidden = slide._element.get("show") in ("0", "false")  # noqa: SLF001
    return f"{page} (hidden)" if hidden else str(page)


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


def _slide_blocks(place: _Place) -> Iterator[RawBlock]:
    slide, page = place.slide, place.page
    shapes = list(_in_reading_order(slide.shapes))
    title = _title_shape(shapes)
    for shape in shapes:
        role = _role(shape)
        if shape is title or role in _TITLES:
            text = " ".join(lines_of(shape._element))  # noqa: SLF001
            yield RawBlock("heading", text, level=1, page=page)
        elif role not in _FOOTERS:
            yield from _shape_blocks(shape, role, place)
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None:
        notes = "\n".join(lines_of(frame._element))  # noqa: SLF001
        if notes:
            yield RawBlock("note", f"Speaker notes: {notes}", page=page)


def _in_reading_order(shapes: Any) -> Iterator[Any]:
    """Yield the shapes of a slide, those of a group together: titles first, then as they stand."""
    for shape in sorted(shapes, key=_reading_order):
        if hasattr(shape, "shapes"):
            yield from _in_reading_order(shape.shapes)
        else:
            yield shape


def _reading_order(shape: Any) -> tuple[bool, int, int]:
    """Titles first, then from top to bottom, and from left to right beside each other."""
    top, left = shape.top or 0, shape.left or 0
    return _role(shape) not in _TITLES, top // _ROW_EMU, left


def _role(shape: Any) -> str:
    return str(shape.placeholder_format.type.name) if shape.is_placeholder else ""


def _title_shape(shapes: list[Any]) -> Any | None:
    """Return the shape that is the title of a slide without a title: one line in larger print."""
    texts = [shape for shape in shapes if getattr(shape, "has_text_frame", False)]
    texts = [shape for shape in texts if shape.text_frame.text.strip()]
    if len(texts) < 2 or any(_role(shape) in _TITLES for shape in texts):
        return None
    sizes = [largest_size(shape._element) for shape in texts]  # noqa: SLF001
    first = texts[0].text_frame.text.strip()
    is_short = len(first) <= _TITLE_CHARACTERS and len(lines_of(texts[0]._element)) == 1  # noqa: SLF001
    is_large = sizes[0] >= _TITLE_SIZE and sizes[0] > max(sizes[1:])
    return texts[0] if is_short and is_large else None


def _shape_blocks(shape: Any, role: str, place: _Place) -> Iterator[RawBlock]:
    page = place.page
    if getattr(shape, "has_table", False):
        yield from (RawBlock("row", line, page=page) for line in table_lines(shape.table))
    elif getattr(shape, "has_chart", False):
        root = shape.chart_part._element  # noqa: SLF001
        for title in root.iterfind("{*}chart/{*}title"):
            yield RawBlock("caption", " ".join(lines_of(title)), page=page)
        yield from (RawBlock("row", line, page=page) for line in chart_lines(root))
    elif shape.has_text_frame:
        found = paragraphs_of(shape._element)  # noqa: SLF001
        listed = role in _LISTS and len(found) > 1
        for paragraph in found:
            is_item = listed or paragraph.is_item
            yield RawBlock("item" if is_item else "paragraph", paragraph.text, page=page)
    else:
        for line in diagram_lines(shape._element, place.slide.part):  # noqa: SLF001
            yield RawBlock("item", line, page=page)
        yield from _picture_blocks(shape, page)


def _picture_blocks(shape: Any, page: int) -> Iterator[RawBlock]:
    """Yield what the author wrote of a picture for those who cannot see it."""
    named = shape._element.find(".//{*}cNvPr")  # noqa: SLF001
    text = str(named.get("descr") or "") if named is not None else ""
    text = _INVENTED.sub("", text)
    if len(text.split()) >= 3:
        yield RawBlock("caption", f"Picture: {text}", page=page)


def _pictures(place: _Place) -> list[Any]:
    shapes = _in_reading_order(place.slide.shapes)
    return [shape for shape in shapes if shape._element.tag.endswith("}pic")]  # noqa: SLF001


def _is_picture(place: _Place, blocks: list[RawBlock]) -> bool:
    """Return whether a slide shows its text as a picture."""
    length = sum(len(block.text.strip()) for block in blocks if block.kind != "note")
    shown = sum((shape.width or 0) * (shape.height or 0) for shape in _pictures(place))
    return length < _LEAST_CHARACTERS and shown >= _LEAST_SHARE * place.area


def _recognise(place: _Place, file: RawFile) -> list[RawBlock]:
    """Return what the pictures of a slide say, if that was asked for."""
    pictures = []
    for shape in _pictures(place):
        try:
            pictures.append(shape.image.blob)
        except (AttributeError, KeyError, ValueError):  # a link to a picture elsewhere, or nowhere
            continue
    lines = recognise_pictures(pictures, ocr=file.ocr)
    return [RawBlock("paragraph", line, page=place.page) for line in lines]
