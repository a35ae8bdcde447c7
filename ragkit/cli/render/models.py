"""The list of models: what each costs in size and memory, and whether it is here and fits."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ragkit.cli.render.text import one_line, shorten, size_text
from ragkit.machine import Memory
from ragkit.models import Fit, ModelRow

_TITLES = {"encoder": "Encoders (--encoder)", "llm": "LLMs (--model)"}
_WIDE = 110
"""Columns from which a description fits beside the numbers."""
_LONGEST_NAME, _LONGEST_LICENCE = 40, 16
_NUMBERS = 45
"""Columns that the mark, the numbers, the fit and what is between all columns take."""


class Shown(NamedTuple):
    """A model as this project and machine see it."""

    row: ModelRow
    used: bool
    """Whether the settings name it."""
    fits: Fit


def print_models(
    console: Console, shown: Sequence[Shown], *, memory: Memory, context_window: int
) -> None:
    """Print the models of each kind, small ones first, and what the marks mean."""
    for kind, title in _TITLES.items():
        rows = [one for one in shown if one.row.kind == kind]
        if rows:
            console.print(_table(title, rows, width=console.width))
            console.print()
    free = f"{size_text(memory.available)} of {size_text(memory.total)} of memory are free"
    adapted = (one.row for one in shown if one.row.adapter)
    read = (one.row for one in shown if one.row.reader)
    lines = (
        f"● in use  ✓ here  ! damaged. On this machine {free}.",
        f"The memory of an LLM is counted with a context window of {context_window:,} tokens.",
        *(
            f"{row.adapter} is the LoRA adapter of {one_line(row.name)}, applied by default."
            for row in adapted
        ),
        *(f"{row.reader} is the reader of {one_line(row.name)}, used by default." for row in read),
        "Only the bundled models were measured with ragkit. To get another:",
    )
    for line in lines:
        console.print(line, style="faint")
    console.print("  ragkit models pull NAME")


def _table(title: str, rows: Sequence[Shown], *, width: int) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    named = max(len(title), *(len(one.row.name) for one in rows))
    licensed = min(_LONGEST_LICENCE, max(len(one.row.licence) for one in rows))
    table.add_column("")
    table.add_column(title, overflow="fold", min_width=min(named, _LONGEST_NAME))
    for name in ("size", "memory", "context"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("licence", overflow="ellipsis", no_wrap=True, max_width=_LONGEST_LICENCE)
    table.add_column("fits", no_wrap=True)
    left = width - min(named, _LONGEST_NAME) - licensed - _NUMBERS
    if width >= _WIDE:
        table.add_column("", style="faint", no_wrap=True, max_width=left)
    for one in rows:
        cells = _cells(one)
        if width >= _WIDE:
            told = one_line(one.row.description or one.row.source)
            cells.append(shorten(told, left))
        table.add_row(*cells)
    return table


def _cells(one: Shown) -> list[Text | str]:
    row = one.row
    mark = ("●", "mark") if one.used else ("✓", "good") if row.present else ("", "")
    if row.damaged:
        mark = ("!", "bad")
    styles = {"yes": "good", "tight": "warn", "no": "bad"}
    return [
        Text(*mark),
        Text(one_line(row.name), style="bold" if row.present else ""),
        size_text(row.size_bytes),
        size_text(row.memory_bytes),
        f"{row.context:,}" if row.context else "",
        one_line(row.licence),
        Text(one.fits, style=styles[one.fits]),
    ]
