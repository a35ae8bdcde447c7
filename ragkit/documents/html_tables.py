"""Tables of HTML as lines of text: cells over several rows or columns keep their places."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ragkit.documents.tables import render_rows

if TYPE_CHECKING:
    from bs4 import Tag

_LARGEST_CELL = 800
"""Characters; a table with a larger cell is no table of data."""
_MOST_SPAN = 100
_MOST_CELLS = 200_000
"""Of a table with its merged cells written out."""


def table_lines(table: "Tag", read_cell: Callable[["Tag"], str]) -> list[str]:
    """Return one line per row of a table; names of columns in several lines are put together.

    Args:
        table: The element.
        read_cell: Returns the text of a cell.
    """
    rows = own_rows(table)
    heads = _header_count(rows)
    filled = _fill(rows, read_cell, heads)
    if 1 < heads < len(filled):
        width = max(len(row) for row in filled[:heads])
        padded = [row + [""] * (width - len(row)) for row in filled[:heads]]
        columns = [dict.fromkeys(filter(None, column)) for column in zip(*padded, strict=True)]
        filled = [[" ".join(column) for column in columns], *filled[heads:]]
    if heads == 1 and len(filled[0]) > 1 and len(set(filled[0])) == 1:  # a title over all columns
        return [*render_rows([filled[0][:1]]), *render_rows(filled[1:])]
    return render_rows(filled, header=True if heads else None)


def own_rows(table: "Tag") -> list["Tag"]:
    """Return the rows of a table, without those of tables within it."""
    return [row for row in table.find_all("tr") if row.find_parent("table") is table]


def is_layout(table: "Tag") -> bool:
    """Return whether a table only places text on the screen, as pages of the nineties do."""
    if table.get("role") == "presentation" or table.find("table"):
        return True
    rows = [[cell.get_text().strip() for cell in row("td")] for row in table.find_all("tr")]
    single = all(sum(map(bool, row)) <= 1 for row in rows) and not table.find("th")
    return single or any(len(cell) > _LARGEST_CELL for row in rows for cell in row)


def _header_count(rows: Sequence["Tag"]) -> int:
    """Return how many rows at the top hold nothing but names."""
    count = 0
    for row in rows:
        if row.find("td") or not row.find("th"):
            break
        count += 1
        if not any(_span(it, "rowspan") + _span(it, "colspan") > 2 for it in row.find_all("th")):
            break
    return count if count < len(rows) else 0


def _fill(rows: Sequence["Tag"], read_cell: Callable[["Tag"], str], heads: int) -> list[list[str]]:
    """Return the texts of all places of the grid.

    A cell over several rows says the same in each; over several columns only a name does.
    """
    filled: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}
    total = 0
    for number, row in enumerate(rows):
        texts: list[str] = []
        for cell in row.find_all(["td", "th"], recursive=False):
            _hang(texts, hanging)
            text = read_cell(cell)
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            for place in range(across):
                shown = text if place == 0 or number < heads else ""
                if down > 1:
                    hanging[len(texts)] = (down - 1, shown)
                texts.append(shown)
        _hang(texts, hanging)
        total += len(texts)
        if total > _MOST_CELLS:
            break
        filled.append(texts)
    return filled


def _hang(texts: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    """Append the cells of rows above that reach down to the next places."""
    while len(texts) in hanging:
        place = len(texts)
        left, text = hanging.pop(place)
        if left > 1:
            hanging[place] = (left - 1, text)
        texts.append(text)


def _span(cell: "Tag", name: str) -> int:
    text = str(cell.get(name) or "1")
    return min(max(int(text), 1), _MOST_SPAN) if text.isdecimal() and len(text) < 6 else 1
