"""The paragraphs, lists and tables of an OpenDocument text or text box, in reading order."""

import re
from collections.abc import Iterator
from typing import Any

from ragkit.documents.clean import subscript, superscript
from ragkit.documents.draft import RawBlock
from ragkit.documents.looks import Looks, paragraph_block
from ragkit.documents.opendocument.names import DRAW, OFFICE, SVG, TABLE, TEXT, in_space
from ragkit.documents.opendocument.package import Package
from ragkit.documents.opendocument.styles import Styles
from ragkit.documents.ordinals import ordinal_text
from ragkit.documents.tables import render_rows

_P, _H = in_space(TEXT, "p"), in_space(TEXT, "h")
_STYLE_NAME = in_space(TEXT, "style-name")
_PLAIN = {in_space(TEXT, "tab"): " ", in_space(TEXT, "line-break"): "\n"}
_SKIPPED = frozenset(
    [
        *(in_space(TEXT, name) for name in (
            "tracked-changes", "table-of-content", "illustration-index", "table-index",
            "object-index", "user-index", "alphabetical-index", "ruby-text", "hidden-text",
            "note-citation", "sequence-decls", "variable-decls", "user-field-decls",
        )),
        *(in_space(OFFICE, name) for name in ("annotation", "annotation-end", "forms", "scripts")),
        in_space(DRAW, "image"), in_space(SVG, "title"), in_space(SVG, "desc"),
    ]
)  # fmt: skip
_CELLS = (in_space(TABLE, "table-cell"), in_space(TABLE, "covered-table-cell"))
_WHITE = re.compile(r"[ \t\r\n]+")
_MOST_REPEATED = 30
"""A cell or a space that says it is repeated more often is no text."""


class BodyReader:
    """Goes through a tree once; what floats beside a paragraph follows it."""

    def __init__(self, package: Package, styles: Styles, *, page: int = 1) -> None:
        self._package = package
        self._styles = styles
        self._page = page
        self._floating: list[RawBlock] = []
        self._counts: dict[tuple[str, int], int] = {}
        self._marker = ""
        self._depth = 0

    def read(self, element: Any) -> list[RawBlock]:
        """Return the blocks below an element."""
        blocks: list[RawBlock] = []
        for child in element:
            if not isinstance(child.tag, str) or child.tag in _SKIPPED:
                continue
            if child.tag in (_P, _H):
                blocks += self._paragraph(child)
            elif child.tag == in_space(TEXT, "list"):
                blocks += self._list(child, str(child.get(_STYLE_NAME) or ""))
            elif child.tag == in_space(TABLE, "table"):
                blocks += self._table(child)
            elif child.tag.startswith(f"{{{DRAW}}}"):
                blocks += self._shown(self._inline(child, bold=False))
            elif child.get(in_space(TEXT, "display")) != "none":
                blocks += self.read(child)
            blocks += self._flush()
        return blocks

    def _shown(self, pieces: list[tuple[str, bool]]) -> list[RawBlock]:
        text = "".join(piece for piece, _ in pieces)
        return [RawBlock("paragraph", text, page=self._page)] if text.strip() else []

    def _flush(self) -> list[RawBlock]:
        floating, self._floating = self._floating, []
        return floating

    def _paragraph(self, element: Any) -> list[RawBlock]:
        style = str(element.get(_STYLE_NAME) or "")
        if self._styles.is_hidden(style):
            return []
        pieces = self._text(element, bold=self._styles.is_bold(style))
        text = "".join(piece for piece, _ in pieces)
        if not text.strip():
            return []
        level = str(element.get(in_space(TEXT, "outline-level")) or "")
        heading = int(level) if element.tag == _H and level.isdecimal() and len(level) < 3 else 0
        looks = Looks(
            styles=self._styles.names(style),
            outline=heading or (1 if element.tag == _H else self._styles.outline(style)),
            is_bold=all(bold for piece, bold in pieces if piece.strip()),
            is_listed=self._depth > 0,
        )
        block = paragraph_block(text, looks, page=self._page)
        if block and block.kind == "item":
            marker, self._marker = self._marker, ""
            block = RawBlock("item", marker + block.text, page=self._page)
        return [block] if block else []

    # --- lists and tables

    def _list(self, element: Any, style: str) -> list[RawBlock]:
        self._depth += 1
        key = (style, self._depth)
        level = self._styles.list_level(style, self._depth)
        if element.get(in_space(TEXT, "continue-numbering")) != "true":
            self._counts[key] = level.start - 1
        blocks: list[RawBlock] = []
        for item in element:
            if item.tag == in_space(TEXT, "list-item"):
                self._counts[key] = self._counts.get(key, 0) + 1
                number = ordinal_text(self._counts[key], level.form)
                self._marker = f"{level.prefix}{number}{level.suffix or '.'} " if number else ""
            if isinstance(item.tag, str):
                blocks += self._list_item(item, style)
        self._depth -= 1
        return blocks

    def _list_item(self, item: Any, style: str) -> Iterator[RawBlock]:
        for child in item:
            if child.tag == in_space(TEXT, "list"):
                yield from self._list(child, str(child.get(_STYLE_NAME) or style))
            elif child.tag in (_P, _H):
                yield from self._paragraph(child)

    def _table(self, table: Any) -> list[RawBlock]:
        found = list(_own_rows(table))
        rows, bold = zip(*map(self._row, found), strict=True) if found else ((), ())
        marked = table.find(in_space(TABLE, "table-header-rows")) is not None
        header = True if marked or bold[:2] == (True, False) else None
        lines = render_rows(rows, header=header)
        return [RawBlock("row", line, page=self._page) for line in lines]

    def _row(self, row: Any) -> tuple[list[str], bool]:
        """Return the cells of a row, and whether all its text is bold."""
        cells: list[str] = []
        weights: set[bool] = set()
        for cell in row:
            if cell.tag not in _CELLS:
                continue
            pieces = []
            for line in cell.iter(_P, _H):
                style = str(line.get(_STYLE_NAME) or "")
                pieces += [*self._text(line, bold=self._styles.is_bold(style)), (" ", False)]
            weights |= {bold for piece, bold in pieces if piece.strip()}
            text = "".join(piece for piece, _ in pieces)
            cells += [text] * _repeated(cell.get(in_space(TABLE, "number-columns-repeated")))
        return cells, weights == {True}

    # --- text within a paragraph

    def _text(self, element: Any, *, bold: bool) -> list[tuple[str, bool]]:
        """Return the pieces of text below an element, each with whether it is bold."""
        pieces = [(_WHITE.sub(" ", element.text or ""), bold)]
        for child in element:
            if isinstance(child.tag, str) and child.tag not in _SKIPPED:
                pieces += self._inline(child, bold=bold)
            pieces.append((_WHITE.sub(" ", child.tail or ""), bold))
        return pieces

    def _inline(self, child: Any, *, bold: bool) -> list[tuple[str, bool]]:
        pieces: list[tuple[str, bool]] = []
        if child.tag in _PLAIN:
            pieces.append((_PLAIN[child.tag], bold))
        elif child.tag == in_space(TEXT, "s"):
            pieces.append((" " * _repeated(child.get(in_space(TEXT, "c"))), bold))
        elif child.tag == in_space(TEXT, "note"):
            self._note(child)
        elif child.tag == in_space(TEXT, "span"):
            pieces = self._span(child, bold=bold)
        elif child.tag in (in_space(DRAW, "frame"), in_space(DRAW, "custom-shape")):
            pieces = self._frame(child, bold=bold)
        else:
            pieces = self._text(child, bold=bold)
        return pieces

    def _span(self, span: Any, *, bold: bool) -> list[tuple[str, bool]]:
        style = str(span.get(_STYLE_NAME) or "")
        if self._styles.is_hidden(style):
            return []
        own = self._styles.says_bold(style)
        pieces = self._text(span, bold=bold if own is None else own)
        position = self._styles.position(style)
        if not position:
            return pieces
        shift = superscript if position == "super" else subscript
        return [(shift(text), is_bold) for text, is_bold in pieces]

    def _note(self, note: Any) -> None:
        lines = ["".join(t for t, _ in self._text(p, bold=False)) for p in note.iter(_P, _H)]
        name = "Endnote" if note.get(in_space(TEXT, "note-class")) == "endnote" else "Footnote"
        self._floating.append(RawBlock("note", f"{name}: {' '.join(lines)}", page=self._page))

    def _frame(self, frame: Any, *, bold: bool) -> list[tuple[str, bool]]:
        """Return a formula, which stands in the line; keep what floats for later."""
        if (object_ := frame.find(in_space(DRAW, "object"))) is not None:
            return [(self._package.object_text(object_), bold)]
        inner = BodyReader(self._package, self._styles, page=self._page)
        for part in frame:
            if part.tag == in_space(DRAW, "text-box"):
                self._floating += inner.read(part)
        if frame.tag == in_space(DRAW, "custom-shape"):
            self._floating += inner.read(frame)
        described = frame.find(in_space(SVG, "desc"))
        if described is not None and len((described.text or "").split()) >= 3:
            text = f"Picture: {described.text}"
            self._floating.append(RawBlock("caption", text, page=self._page))
        return []


def _own_rows(table: Any) -> Iterator[Any]:
    """Yield the rows of a table, but not those of a table within one of its cells."""
    for child in table:
        if child.tag == in_space(TABLE, "table-row"):
            yield child
        elif isinstance(child.tag, str):
            yield from _own_rows(child)


def _repeated(value: str | None) -> int:
    count = int(value) if value and value.isdecimal() and len(value) < 9 else 1
    return count if count <= _MOST_REPEATED else 1
