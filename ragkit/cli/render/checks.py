"""Checks on a screen: a mark, a name, what was found, and the next step where it is wrong."""

from collections.abc import Sequence
from typing import Protocol

from rich.console import Console
from rich.text import Text

from ragkit.cli.render.text import one_line


class CheckLike(Protocol):
    """Something that was looked at."""

    @property
    def name(self) -> str:
        """What."""

    @property
    def good(self) -> bool:
        """Whether it is as it should be."""

    @property
    def found(self) -> str:
        """What was found."""

    @property
    def hint(self) -> str:
        """What to do where it is wrong."""


def print_checks(console: Console, checks: Sequence[CheckLike]) -> None:
    """Print one line a check, and a summary."""
    width = max(len(check.name) for check in checks)
    for check in checks:
        mark = ("✓", "good") if check.good else ("✗", "bad")
        console.print(Text.assemble(mark, f" {check.name:<{width}}  ", one_line(check.found)))
        if not check.good and check.hint:
            console.print(Text(f"    next: {one_line(check.hint)}", style="warn"))
    wrong = sum(not check.good for check in checks)
    console.print()
    if wrong:
        console.print(Text(f"{wrong} of {len(checks)} checks failed", style="bad"))
    else:
        console.print(Text("everything is in order", style="good"))
