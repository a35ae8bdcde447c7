"""Suites: what each measures, how many samples it has, where it stands, what was imported."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ragkit.cli.render.text import one_line
from ragkit.evaluation.adapters import Imported
from ragkit.evaluation.suites import SIZES, FoundSuite

_MOST_RUNS = 10


def print_suites(console: Console, found: Sequence[FoundSuite]) -> None:
    """Print the suites in the order of names, and how one is run."""
    if not found:
        console.print("no suites", style="faint")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("suite", style="bold", no_wrap=True)
    table.add_column("samples", justify="right", no_wrap=True)
    table.add_column("measures", overflow="fold")
    table.add_column("what, and where", overflow="fold", ratio=1)
    for one in found:
        table.add_row(one_line(one.name), _counts(one), _measures(one), _told(one))
    console.print(table)
    console.print()
    console.print("Samples of a quick run / of a whole one. To run a suite:", style="faint")
    console.print(f"  ragkit eval run {one_line(found[0].name)}")


def print_runs(console: Console, folders: Sequence[Path]) -> None:
    """Print the names of runs, those begun last first."""
    if folders:
        console.print()
        console.print("runs, the latest first", style="bold")
        for folder in folders[:_MOST_RUNS]:
            console.print(f"  {one_line(folder.name)}", soft_wrap=True)
        if len(folders) > _MOST_RUNS:
            console.print(f"  and {len(folders) - _MOST_RUNS} more", style="faint")


def _counts(one: FoundSuite) -> str:
    if one.suite is None:
        return ""
    asked = [sample for sample in one.suite.samples if not sample.draft]
    quick = sum(sample.size == SIZES[0] for sample in asked)
    return f"{quick} / {len(asked)}"


def _measures(one: FoundSuite) -> str:
    if one.suite is None:
        return ""
    first, *others = one.suite.measures
    return first if not others else f"{first} and {len(others)} more"


def _told(one: FoundSuite) -> Text:
    if one.suite is None:
        return Text(one_line(one.error), style="bad")
    drafts = sum(sample.draft for sample in one.suite.samples)
    marked = f", {drafts} drafts" if drafts else ""
    where = "comes with ragkit" if one.built_in else one_line(str(one.folder))
    return Text.assemble(one_line(one.suite.title), (f" ({where}{marked})", "faint"))


def print_import(console: Console, imported: Imported) -> None:
    """Print what an import has written, what it could not use, and the next step."""
    folder = one_line(str(imported.folder))
    told = f"{imported.samples} samples"
    if imported.documents:
        told += f" over {imported.documents} documents"
    console.print(f"{told} in {folder}", soft_wrap=True)
    if imported.without_gold:
        lacking = f"{imported.without_gold} answers stand in no document word for word"
        console.print(f"  {lacking}: what is cited cannot be judged there", style="faint")
    for line in imported.left_out:
        console.print(f"  left out: {one_line(line)}", style="faint", soft_wrap=True)
    console.print(f"  next: ragkit eval run {folder} --size smoke", soft_wrap=True)
