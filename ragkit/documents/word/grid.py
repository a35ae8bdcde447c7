"""Word tables as lines: merged cells keep their columns, and rows the names of those."""

from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from ragkit.documents.tables import render_rows
from ragkit.documents.word.text import W, is_bold, text_of

_CONTAINERS = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "customXml"))
_MOST_COLUMNS = 200


def table_rows(table: Any, *, named: bool = False) -> list[str]:
    """Return one line per row of a table.

    Args:
        table: A `w:tbl` element.
        named: Its style says that its first row names the columns.
    """
    rows = [row for row in _children(table, f"{W}tr") if row.find(f"{W}trPr/{W}del") is None]
    heads = len(list(takewhile(_is_marked_header, rows)))
    cells: list[list[str]] = []
    for number, row in enumerate(rows):
        above = cells[-1] if cells else []
        cells.append(_row_cells(row, above, repeat=number < max(heads, 1)))
    if 1 < heads < len(rows):  # names in several lines
        width = max(len(row) for row in cells[:heads])
        padded = [row + [""] * (width - len(row)) for row in cells[:heads]]
        columns = [dict.fromkeys(filter(None, column)) for column in zip(*padded, strict=True)]
        names = [" ".join(column) for column in columns]
        cells = [names, *cells[heads:]]
    header = True if heads or named or _is_bold_first(rows) else None
    return render_rows(cells, header=header)


def _is_marked_header(row: Any) -> bool:
    return row.find(f"{W}trPr/{W}tblHeader") is not None


def _is_bold_first(rows: list[Any]) -> bool:
    return [is_bold(row) for row in rows[:2]] == [True, False]


def _row_cells(row: Any, above: list[str], *, repeat: bool) -> list[str]:
    """Return a row's texts, one for each column of the grid.

    Args:
        row: A `w:tr` element.
        above: The texts of the row before; a cell merged downwards says the same again.
        repeat: Whether a cell over several columns stands in each of them: a name does.
    """
    texts = [""] * min(_count(row.find(f"{W}trPr/{W}gridBefore")), _MOST_COLUMNS)
    for cell in _children(row, f"{W}tc"):
        merged = cell.find(f"{W}tcPr/{W}vMerge")
        goes_on = merged is not None and merged.get(f"{W}val") != "restart"
        place = len(texts)
        text = above[place] if goes_on and place < len(above) else _cell_text(cell)
        span = max(min(_count(cell.find(f"{W}tcPr/{W}gridSpan")), _MOST_COLUMNS), 1)
        texts += [text] + [text if repeat else ""] * (span - 1)
    return texts


def _count(element: Any) -> int:
    text = "0" if element is None else str(element.get(f"{W}val") or "0")
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _cell_text(cell: Any) -> str:
    return " ".join(filter(None, _cell_parts(cell)))


def _cell_parts(parent: Any) -> Iterator[str]:
    for element in parent.iterchildren():
        if element.tag == f"{W}p":
            yield text_of(element).strip()
        elif element.tag == f"{W}tbl":
            yield "; ".join(table_rows(element))
        elif element.tag in _CONTAINERS:
            yield from _cell_parts(element)


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Yield a table's rows or a row's cells, also in content controls, not of inner tables."""
    for element in parent.iterchildren():
        if element.tag == tag:
            yield element
        elif element.tag in _CONTAINERS:
            yield from _children(element, tag)
