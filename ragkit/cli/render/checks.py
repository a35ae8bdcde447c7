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


class StateLike(Protocol):
    """Something that was looked at and may not have been seen."""

    @property
    def name(self) -> str:
        """What."""

    @property
    def state(self) -> str:
        """One of `ok`, `damaged` and `not checked`."""

    @property
    def found(self) -> str:
        """What was found."""

    @property
    def hint(self) -> str:
        """What to do about it."""


_MARKS = {"ok": ("✓", "good"), "damaged": ("✗", "bad")}


def print_states(console: Console, checks: Sequence[StateLike]) -> None:
    """Print one line a check with its state, the next step below it, and a summary."""
    name_width = max(len(check.name) for check in checks)
    state_width = max(len(check.state) for check in checks)
    for check in checks:
        mark = _MARKS.get(check.state, ("-", "warn"))
        words = f" {check.name:<{name_width}}  {check.state:<{state_width}}  "
        console.print(Text.assemble(mark, words, one_line(check.found)))
        if check.hint:
            console.print(Text(f"    next: {one_line(check.hint)}", style="warn"))
    console.print()
    counts = {state: sum(check.state == state for check in checks) for state in ("damaged", "ok")}
    if counts["damaged"]:
        summary = Text(f"{counts['damaged']} of {len(checks)} checks found damage", style="bad")
    elif counts["ok"] < len(checks):
        left = len(checks) - counts["ok"]
        summary = Text(f"no damage found; {left} could not be checked", style="warn")
    else:
        summary = Text("the index is whole", style="good")
    console.print(summary)
