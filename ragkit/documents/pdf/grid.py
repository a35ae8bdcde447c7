"""Tables of a PDF page: lines whose parts stand below each other, as rows with names of columns.

A table is taken for one only where the places of its cells make it sure, and names of columns only
where print or content sets them off. Everything else stays the text that it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from statistics import median

from ragkit.documents.pdf.lines import Cell, Line
from ragkit.documents.tables import is_number, render_rows

_FARTHEST = 3.2
"""Distance of a table's lines, as a multiple of their size."""
_ALIGNED = 2.5
"""Points by which edges may differ that stand below each other."""
_LEAST_ALIGNED = 0.6
_LONGEST_CELL = 90
"""Characters of a cell on average; columns of longer text are columns of a page."""
_NEAR = 1.6
"""Lines of a cell are no farther apart."""
_MOST_LINES = 12
"""Of a cell: its neighbours may be drawn after it, from the height of its first line."""
_HEADER_LINES = 3
_HEADER_DISTANCE = 2.6
_LONGEST_NAME = 60
_FIGURE_COLUMNS = 4
"""Of a table without a word in it; fewer are formulas."""
_EQUATION_NUMBER = re.compile(r"\(?[A-Z]?\d+(?:\.\d+)*[a-z]?\)?")
_TWO_GAPS = 1.35
"""Rows are this much farther apart than the lines of one row, where cells hold several lines."""


@dataclass(frozen=True, slots=True)
class Table:
    """Lines of a page that make up a table: those from start to stop, and what they say."""

    start: int
    stop: int
    texts: tuple[str, ...]
    row_lines: tuple[tuple[int, ...], ...]
    """For each text, the places of its lines."""


@dataclass
class _Columns:
    """The columns found so far, by how far they reach to the left and right."""

    spans: list[list[float]] = field(default_factory=list)

    def place(self, cell: Cell) -> list[int]:
        """Return the columns that a cell stands in."""
        return [n for n, (x, end) in enumerate(self.spans) if cell.x < end and x < cell.end]

    def add(self, cell: Cell) -> None:
        """Widen the column of a cell, or begin a new one."""
        found = self.place(cell)
        if found:
            span = self.spans[found[0]]
            span[0], span[1] = min(span[0], cell.x), max(span[1], cell.end)
        else:
            self.spans.append([cell.x, cell.end])
            self.spans.sort()


def find_tables(lines: Sequence[Line], *, body: float) -> list[Table]:
    """Return the tables among the lines of a page, in order.

    Args:
        lines: In reading order.
        body: Size of the document's body text, in points.
    """
    tables, start = [], 0
    while start < len(lines):
        stop = _reach(lines, start, body)
        table = _make_table(lines, start, stop) if stop - start >= 2 else None
        if table is not None:
            tables.append(table)
        start = stop if table is not None else start + 1
    return tables


def _reach(lines: Sequence[Line], start: int, body: float) -> int:
    """Return where the lines end that can be one table with the line at a place."""
    if not _may_begin(lines[start], body):
        return start
    columns = _Columns()
    for cell in lines[start].cells:
        columns.add(cell)
    stop = start + 1
    while stop < len(lines) and _goes_on(lines[stop], lines[start:stop], columns, body):
        for cell in lines[stop].cells:
            columns.add(cell)
        stop += 1
    while stop > start + 1 and len(lines[stop - 1].cells) < 2 and not _is_wrapped(lines, stop - 1):
        stop -= 1
    return stop


def _may_begin(line: Line, body: float) -> bool:
    return len(line.cells) >= 2 and line.upright and not line.mono and line.size <= 1.3 * body


def _goes_on(line: Line, before: Sequence[Line], columns: _Columns, body: float) -> bool:
    distance = (min(it.y for it in before) - line.y) / max(line.size, before[-1].size, 1)
    beside = any(_is_level(line, other) for other in before[-_MOST_LINES:])
    if not (beside or 0 <= distance <= _FARTHEST) or not line.upright or line.size > 1.3 * body:
        return False
    placed = [columns.place(cell) for cell in line.cells]
    if any(len(found) > 1 for found in placed):
        return False
    taken = [found[0] for found in placed if found]
    if len(set(taken)) < len(taken):
        return False
    if len(line.cells) == 1:
        return len(taken) == 1 and distance <= _NEAR
    return len(taken) >= min(2, len(columns.spans))


def _is_level(line: Line, other: Line) -> bool:
    return abs(line.y - other.y) < 0.3 * max(line.size, other.size)


def _is_wrapped(lines: Sequence[Line], place: int) -> bool:
    """Return whether a line of one part is more of a cell that is not in the first column."""
    return lines[place].x > min(line.x for line in lines[max(0, place - 3) : place]) + 10


def _make_table(lines: Sequence[Line], start: int, stop: int) -> Table | None:
    columns = _Columns()
    for line in lines[start:stop]:
        for cell in line.cells:
            columns.add(cell)
    groups = _group_rows(lines, start, stop, columns)
    rows = [_row_texts([lines[place] for place in group], columns) for group in groups]
    if not _is_sure(rows, lines[start:stop], columns):
        return None
    header = _has_header(rows, groups, lines)
    above = start if header else _header_above(lines, start, columns)
    if above < start:
        rows.insert(0, _names(lines[above:start], columns))
        groups.insert(0, tuple(range(above, start)))
        start, header = above, True
    texts = render_rows(rows, header=header)
    if len(texts) == len(rows) - 1:  # the names of the columns are in every row
        first, second, *others = groups
        groups = [(*first, *second), *others]
    if len(texts) != len(groups):
        return None
    return Table(start, stop, tuple(texts), tuple(tuple(group) for group in groups))


def _header_above(lines: Sequence[Line], start: int, columns: _Columns) -> int:
    """Return where lines begin that name the columns of the table below, one or more at once."""
    above = start
    while above > 0 and start - above < _HEADER_LINES:
        line, below = lines[above - 1], lines[above]
        distance = (line.y - below.y) / max(line.size, below.size, 1)
        placed = [columns.place(cell) for cell in line.cells]
        taken = [column for found in placed for column in found]
        if not 0 <= distance <= _HEADER_DISTANCE or not all(placed) or len(set(taken)) < len(taken):
            break
        if len(line.cells) < 2 or any(
            is_number(cell.text) or len(cell.text) > _LONGEST_NAME for cell in line.cells
        ):
            break
        above -= 1
    named = sum(map(bool, _names(lines[above:start], columns)))
    return above if named >= max(2, len(columns.spans) - 1) else start


def _names(lines: Sequence[Line], columns: _Columns) -> list[str]:
    names = [""] * len(columns.spans)
    for line in lines:
        for cell in line.cells:
            for column in columns.place(cell):
                names[column] = f"{names[column]} {cell.text}".strip()
    return names


def _group_rows(
    lines: Sequence[Line], start: int, stop: int, columns: _Columns
) -> list[tuple[int, ...]]:
    """Return the places of the lines of each row."""
    lowest = list(accumulate((line.y for line in lines[start:stop]), min))
    gaps = [a - b.y for a, b in zip(lowest, lines[start + 1 : stop], strict=False)]
    apart = [gap for gap in gaps if gap > 0.3 * lines[start].size]
    wide = max(apart, default=0)
    narrow = min(apart, default=0)
    edge = (wide + narrow) / 2 if narrow and wide > _TWO_GAPS * narrow else 0
    groups: list[tuple[int, ...]] = [(start,)]
    for place in range(start + 1, stop):
        line, gap = lines[place], gaps[place - start - 1]
        first_empty = all(columns.place(cell)[:1] != [0] for cell in line.cells)
        beside = any(_is_level(line, lines[other]) for other in groups[-1])
        wrapped = gap < edge if edge and not first_empty else first_empty and gap <= 1.5 * line.size
        group = [lines[it] for it in groups[-1]]
        wrapped = wrapped and len(line.cells) < max(len(other.cells) for other in group)
        wrapped = wrapped and not _repeats_figures(line, group, columns)
        if beside or wrapped:
            groups[-1] = (*groups[-1], place)
        else:
            groups.append((place,))
    return groups


def _repeats_figures(line: Line, group: Sequence[Line], columns: _Columns) -> bool:
    """Return whether a line has figures below figures: the next row of a group with one name."""
    figures = [cell for other in group for cell in other.cells if is_number(cell.text)]
    filled = {column for cell in figures for column in columns.place(cell)}
    below = [column for c in line.cells if is_number(c.text) for column in columns.place(c)]
    return bool(filled & set(below))


def _row_texts(lines: list[Line], columns: _Columns) -> list[str]:
    texts = [""] * len(columns.spans)
    for line in lines:
        for cell in line.cells:
            (column, *_) = columns.place(cell) or [0]
            texts[column] = f"{texts[column]} {cell.text}".strip()
    return texts


def _is_sure(rows: list[list[str]], lines: Sequence[Line], columns: _Columns) -> bool:
    """Return whether cells stand below each other too well for chance, and read like cells."""
    width = len(columns.spans)
    full = sum(sum(map(bool, row)) >= 2 for row in rows)
    if width < 2 or full < 2 + (width == 2) or full < 0.6 * len(rows):
        return False
    texts = [text for row in rows for text in row if text]
    if sum(map(len, texts)) > _LONGEST_CELL * len(texts):
        return False
    last = [row[-1] for row in rows if row[-1]]
    if width == 2 and all(_EQUATION_NUMBER.fullmatch(text) for text in last):
        return False
    words = sum(bool(re.search(r"[^\W\d_]{2,}", text)) for row in rows for text in row)
    if not words and (width < _FIGURE_COLUMNS or full < 3):
        return False
    cells = [cell for line in lines for cell in line.cells]
    columned = [[cell for cell in cells if columns.place(cell)[:1] == [n]] for n in range(width)]
    aligned = sum(map(_is_aligned, columned))
    return aligned >= max(_LEAST_ALIGNED * width, 2)


def _is_aligned(cells: list[Cell]) -> bool:
    """Return whether most cells of a column begin, end or are centred at the same place."""
    if len(cells) < 2:
        return False
    for edges in ([c.x for c in cells], [c.end for c in cells], [(c.x + c.end) / 2 for c in cells]):
        middle = median(edges)
        if sum(abs(edge - middle) <= _ALIGNED for edge in edges) >= _LEAST_ALIGNED * len(edges):
            return True
    return False


def _has_header(
    rows: list[list[str]], groups: list[tuple[int, ...]], lines: Sequence[Line]
) -> bool:
    """Return whether the first row is set off from the others by its print or what it says."""
    names = [text for text in rows[0] if text]
    if len(rows) < 2 or len(names) < len(rows[0]) - 1 or len(set(names)) < len(names):
        return False
    if any(is_number(name) or len(name) > _LONGEST_NAME for name in names):
        return False
    bold = [all(lines[place].bold for place in group) for group in groups]
    if bold[0] and not all(bold[1:]):
        return True
    columns = list(zip(*rows[1:], strict=True))
    numeric = [bool(any(column)) and all(is_number(t) for t in column if t) for column in columns]
    return len(rows) >= 3 and any(numeric)
