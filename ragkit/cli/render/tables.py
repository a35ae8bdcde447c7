"""Records as a plain table that reads well in a terminal and in a pipe."""

from collections.abc import Mapping, Sequence
from typing import Literal

from rich.console import Console
from rich.table import Table

from ragkit.cli.render.text import one_line


def print_table(console: Console, rows: Sequence[Mapping[str, object]]) -> None:
    """Print rows that share their keys; the keys are the column heads, numbers stand right."""
    if not rows:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, value in rows[0].items():
        numeric = isinstance(value, int | float)
        side: Literal["left", "right"] = "right" if numeric else "left"
        table.add_column(name.replace("_", " "), justify=side, overflow="fold")
    for row in rows:
        table.add_row(*(one_line(str(value)) for value in row.values()))
    console.print(table)
