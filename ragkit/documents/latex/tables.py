r"""The rows of a LaTeX table."""

import re
from collections.abc import Iterator

from ragkit.documents.latex.inline import Inline
from ragkit.documents.tables import render_rows

_CUT = re.compile(r"\\\\\*?(?:\[[^\]\n]*\])?|\\tabularnewline|\\.|[{}&]", re.DOTALL)
_RULE = re.compile(r"^\s*(?:\\(?:hline|midrule|toprule|endhead|endfirsthead)(?![A-Za-z]))")


def table_rows(source: str, inline: Inline, start: int, end: int) -> list[str]:
    """Return the rows between two places as text; a line below the first names the columns."""
    rows: list[list[str]] = []
    header: bool | None = None
    for cells, after in _cut_rows(source, start, end):
        texts = [" ".join(inline.text(*cell).split()) for cell in cells]
        if any(texts):
            rows.append(texts)
            if len(rows) == 1 and _RULE.match(source[after : after + 40]):
                header = True
    return render_rows(rows, header=header)


def _cut_rows(source: str, start: int, end: int) -> Iterator[tuple[list[tuple[int, int]], int]]:
    """Yield the places of the cells of each row, and the place behind the row."""
    cells: list[tuple[int, int]] = []
    depth = 0
    begin = start
    for found in _CUT.finditer(source, start, end):
        mark = found[0]
        if mark in "{}":
            depth += 1 if mark == "{" else -1
        elif depth <= 0 and mark == "&":
            cells.append((begin, found.start()))
            begin = found.end()
        elif depth <= 0 and (mark.startswith("\\\\") or mark == "\\tabularnewline"):
            cells.append((begin, found.start()))
            yield cells, found.end()
            cells, begin = [], found.end()
    if source[begin:end].strip() or cells:
        yield [*cells, (begin, end)], end
