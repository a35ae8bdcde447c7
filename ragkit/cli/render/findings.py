"""What is wrong with a suite, by rule, errors first."""

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from ragkit.cli.render.console import print_indented
from ragkit.cli.render.text import one_line
from ragkit.evaluation.checking import Finding

_MOST_SHOWN = 8
"""Of one rule."""
_STYLES = {"error": "bad", "warning": "warn"}


def print_findings(
    console: Console, findings: Sequence[Finding], *, samples: int, mended: int
) -> None:
    """Print the findings and their number."""
    ordered = sorted(findings, key=lambda one: (one.severity, one.rule, one.line))
    for (severity, rule), group in groupby(ordered, key=lambda one: (one.severity, one.rule)):
        found = list(group)
        count = f" ({len(found)})" if len(found) > 1 else ""
        console.print(Text(f"{severity}: {rule}{count}", style=_STYLES[severity]))
        if len(found) > 1 and len({one.message for one in found}) == 1:
            names = ", ".join(one_line(one.sample_id) for one in found)
            told = Text.assemble(one_line(found[0].message), (f": {names}", "faint"))
            print_indented(console, told, indent=2)
            continue
        for one in found[:_MOST_SHOWN]:
            name = f"{one_line(one.sample_id)}: " if one.sample_id else ""
            told = Text.assemble((f"line {one.line}  ", "faint"), (name, "place"))
            print_indented(console, told + Text(one_line(one.message)), indent=2)
        if len(found) > _MOST_SHOWN:
            rest = f"and {len(found) - _MOST_SHOWN} more, which --json lists"
            print_indented(console, Text(rest, style="faint"), indent=2)
    _print_counts(console, ordered, samples=samples, mended=mended)


def _print_counts(
    console: Console, findings: Sequence[Finding], *, samples: int, mended: int
) -> None:
    errors = sum(one.severity == "error" for one in findings)
    if findings:
        console.print()
    parts = [
        _counted(samples, "sample"),
        _counted(errors, "error"),
        _counted(len(findings) - errors, "warning"),
    ]
    told = f"{parts[0]}: {parts[1]}, {parts[2]}"
    console.print(f"{told}; {_counted(mended, 'place')} mended" if mended else told)
    if any(one.fixable for one in findings):
        console.print("  next: put quotes right that have moved, with --fix", style="faint")


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
