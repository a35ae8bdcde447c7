"""Word documents: paragraphs, lists and tables in the order in which they stand."""

import io
import re
from collections.abc import Iterator
from typing import Any

from ragkit.documents.clean import superscript
from ragkit.documents.draft import Draft, RawBlock, RawFile, translate_library_errors
from ragkit.documents.office_math import MATH, formula_text
from ragkit.documents.tables import render_rows

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Deleted text, the old form of what a drawing shows, and text boxes (read on their own).
_SKIPPED = frozenset(
    [
        f"{_W}del",
        f"{_W}moveFrom",
        f"{_W}txbxContent",
        f"{_W}instrText",
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    ]
)
_CONTAINERS = frozenset([f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"])
_HEADING_STYLE = re.compile(r"(?i)^(?:heading|überschrift|titre|título|kop|rubrik)\s*(\d)$")


def read_word(file: RawFile) -> Draft:
    """Return the draft of a .docx file."""
    with translate_library_errors(file, "a Word document"):
        import docx

        document = docx.Document(io.BytesIO(file.data))
        styles = _Styles(document)
        blocks = tuple(_body_blocks(document.element.body, styles))
        return Draft(blocks=blocks, title=document.core_properties.title or "")


class _Styles:
    """What the styles of a document say of a paragraph: heading level, list item, caption."""

    def __init__(self, document: Any) -> None:
        self._by_id = {style.style_id: style for style in document.styles}

    def describe(self, paragraph: Any) -> tuple[str, int]:
        """Return kind and heading level of a paragraph element."""
        properties = paragraph.find(f"{_W}pPr")
        style = None
        if properties is not None:
            outline = properties.find(f"{_W}outlineLvl")
            named = properties.find(f"{_W}pStyle")
            style = self._by_id.get(named.get(f"{_W}val")) if named is not None else None
            if outline is not None and (level := int(outline.get(f"{_W}val", 9))) < 9:
                return "heading", level + 1
        kind, level = self._of_style(style)
        if kind == "paragraph" and properties is not None:
            numbered = properties.find(f"{_W}numPr")
            kind = "item" if numbered is not None else kind
        return kind, level

    def mark_first_row(self, table: Any) -> bool:
        """Return whether the style of a table sets its first row off as a header."""
        named, look = table.find(f"{_W}tblPr/{_W}tblStyle"), table.find(f"{_W}tblPr/{_W}tblLook")
        if named is None or look is None or look.get(f"{_W}firstRow") not in ("1", "true"):
            return False
        style = self._by_id.get(named.get(f"{_W}val"))
        parts = [] if style is None else style.element.findall(f"{_W}tblStylePr")
        return any(part.get(f"{_W}type") == "firstRow" for part in parts)

    def _of_style(self, style: Any) -> tuple[str, int]:
        """Look a style up, and the styles that it is based on."""
        for _ in range(10):
            if style is None:
                break
            name = str(style.name or "")
            if found := _HEADING_STYLE.match(name):
                return "heading", int(found.group(1)) + 1
            if name.lower() in ("title", "titel"):
                return "heading", 1
            if name.lower().startswith("list"):
                return "item", 0
            if name.lower() == "caption":
                return "caption", 0
            style = getattr(style, "base_style", None)
        return "paragraph", 0


def _body_blocks(parent: Any, styles: _Styles) -> Iterator[RawBlock]:
    for element in parent.iterchildren():
        if element.tag == f"{_W}p":
            yield from _paragraph_blocks(element, styles)
        elif element.tag == f"{_W}tbl":
            rows = [
                [
                    " ".join(_text_of(p) for p in cell.iter(f"{_W}p"))
                    for cell in _children(row, f"{_W}tc")
                ]
                for row in _children(element, f"{_W}tr")
            ]
            header = True if _has_header(element) or styles.mark_first_row(element) else None
            yield from (RawBlock("row", line) for line in render_rows(rows, header=header))
        elif element.tag in _CONTAINERS:
            yield from _body_blocks(element, styles)


def _has_header(table: Any) -> bool:
    """Return whether the first row of a table is marked as its header, or alone is all bold."""
    rows = list(_children(table, f"{_W}tr"))
    if not rows:
        return False
    marked = rows[0].find(f"{_W}trPr/{_W}tblHeader") is not None
    return marked or [_is_bold(row) for row in rows[:2]] == [True, False]


def _is_bold(element: Any) -> bool:
    """Return whether all text below an element is bold."""
    runs = [run for run in element.iter(f"{_W}r") if _text_of(run).strip()]
    marks = [run.find(f"{_W}rPr/{_W}b") for run in runs]
    off = ("0", "false")
    return bool(runs) and all(
        mark is not None and mark.get(f"{_W}val") not in off for mark in marks
    )


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Yield a table's rows or a row's cells, also in content controls, not of inner tables."""
    for element in parent.iterchildren():
        if element.tag == tag:
            yield element
        elif element.tag in _CONTAINERS:
            yield from _children(element, tag)


def _paragraph_blocks(paragraph: Any, styles: _Styles) -> Iterator[RawBlock]:
    kind, level = styles.describe(paragraph)
    text = _text_of(paragraph)
    if kind == "heading":
        yield RawBlock("heading", text, level=level)
    elif kind == "item":
        yield RawBlock("item", text)
    elif kind == "caption":
        yield RawBlock("caption", text)
    elif _is_typed_heading(paragraph, text.strip()):
        yield RawBlock("heading", text, level=6)
    else:
        yield RawBlock("paragraph", text)
    for box in paragraph.iter(f"{_W}txbxContent"):
        if not any(parent.tag in _SKIPPED for parent in box.iterancestors()):
            yield from _body_blocks(box, styles)


def _is_typed_heading(paragraph: Any, text: str) -> bool:
    """Return whether a paragraph without a heading style was made to look like one: bold, alone."""
    if not 3 <= len(text) <= 100 or text.endswith((".", ",", ";", "!")) or "\n" in text:
        return False
    return _is_bold(paragraph) or (text == text.upper() != text.lower() and len(text) >= 6)


def _text_of(element: Any) -> str:
    """Return the text of a paragraph as a reader sees it: insertions in, deletions out."""
    parts: list[str] = []
    for child in element.iterchildren():
        if child.tag in _SKIPPED:
            continue
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag == f"{MATH}oMath":
            parts.append(formula_text(child))
        elif child.tag in (f"{_W}tab", f"{_W}ptab"):
            parts.append(" " if element.tag == f"{_W}r" else "")
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif child.tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif child.tag == f"{_W}r" and _is_raised(child):
            parts.append(superscript(_text_of(child)))
        else:
            parts.append(_text_of(child))
    return "".join(parts)


def _is_raised(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vertAlign")
    return mark is not None and mark.get(f"{_W}val") == "superscript"
