"""Table rows as text that can be understood without the rest of the table."""

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"^[\s\d.,:%€$£+\-–−/()]*\d[\s\d.,:%€$£+\-–−/()]*$")
# Names of columns without which a row reads better.
_SAYING_NOTHING = frozenset(
    "item items detail details key keys value values name field entry property description".split()
)


def render_rows(rows: Sequence[Sequence[str]], *, header: bool | None = None) -> list[str]:
    """Return one line per row of a table, with the names of its columns.

    Args:
        rows: Cells as text.
        header: Whether the first row names the columns; None to judge by its looks.

    >>> render_rows([["Component", "Weight"], ["Final exam", "40 %"]], header=True)
    ['Component: Final exam; Weight: 40 %']
    >>> render_rows([["Lecturer", "Dr. Ilse Marwede"], ["Room", "B 2.14"]])
    ['Lecturer: Dr. Ilse Marwede', 'Room: B 2.14']
    """
    cells = [[" ".join(cell.split()) for cell in row] for row in rows]
    cells = [row for row in cells if any(row)]
    width = max((len(row) for row in cells), default=0)
    if header is None:
        header = _looks_like_header(cells, width)
    if header and len(cells) > 1 and {name.lower() for name in cells[0]} <= _SAYING_NOTHING:
        cells, header = cells[1:], False
    if not header or len(cells) < 2:
        return [_render_plain(row) for row in cells]
    return [_render_named(cells[0], row) for row in cells[1:]]


def is_number(text: str) -> bool:
    """Return whether a cell holds figures only, with their signs and units.

    >>> is_number("12.5 %"), is_number("A 12")
    (True, False)
    """
    return bool(_NUMBER.match(text))


def _looks_like_header(cells: list[list[str]], width: int) -> bool:
    if len(cells) < 2 or width < 3:
        return False
    named = [cell for cell in cells[0] if cell]
    short = all(len(cell) <= 60 and not _NUMBER.match(cell) for cell in named)
    return short and len(named) >= width - 1 and len(set(named)) == len(named)


def _render_plain(row: list[str]) -> str:
    filled = [cell for cell in row if cell]
    if len(filled) == 2 and not filled[0].endswith((".", "?", "!")):
        return f"{filled[0].rstrip(':')}: {filled[1]}"
    return "; ".join(filled)


def _render_named(names: list[str], row: list[str]) -> str:
    parts: list[str] = []
    for place, cell in enumerate(row):
        name = names[place].rstrip(":") if place < len(names) else ""
        if cell and cell not in (parts[-1:] or [""]):
            parts.append(f"{name}: {cell}" if name and name != cell else cell)
    return "; ".join(parts)
