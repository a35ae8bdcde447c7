"""Two runs held against each other, and the verdict of a gate, on a screen."""

import re
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ragkit.cli.render.console import print_indented
from ragkit.cli.render.text import one_line, shorten
from ragkit.evaluation.comparing import (
    COUNTS,
    Changed,
    CheckedRule,
    ComparedValue,
    Comparison,
    GateResult,
)
from ragkit.evaluation.records import Sample, Verdict
from ragkit.evaluation.report.looking import ABSTENTION, right_text
from ragkit.evaluation.report.numbers import difference_text, interval_text, number_text

_SHOWN = 5
"""Answers of a list that are printed where not all are wanted."""
_LENGTH = 240
_WIDE = 90
_LEAST_P = 0.001
_HASH = re.compile(r"\b[0-9a-f]{40,}\b")
_STYLES = {
    "better": "good",
    "worse": "bad",
    "no difference shown": "faint",
    "pass": "good",
    "regression": "bad",
    "inconclusive": "warn",
    "not checked": "faint",
}
_LIMITS = {"margin": "worse by at most", "at_least": "at least", "at_most": "at most"}


def print_comparison(
    console: Console, comparison: Comparison, samples: Sequence[Sample], *, every: bool
) -> None:
    """Print how two runs differ.

    Args:
        console: Where to.
        comparison: Of the two.
        samples: Of the suite.
        every: Print all numbers and all changed answers, not the first few.
    """
    console.print(Text(one_line(comparison.sentence), style="bold"))
    first, second = one_line(comparison.before), one_line(comparison.after)
    console.print(Text.assemble("first: ", (first, "place"), "  second: ", (second, "place")))
    if comparison.changes:
        console.print("What the runs depend on differs:", style="faint")
        for change in comparison.changes:
            told = _HASH.sub(lambda match: f"{match[0][:12]}…", one_line(change))
            print_indented(console, Text(told, style="faint"), indent=2)
    _print_values(console, comparison.values, every=every)
    by_id = {sample.id: sample for sample in samples}
    for title, changed in (("Broke", comparison.broke), ("Was fixed", comparison.fixed)):
        _print_changed(console, title, changed, by_id, every=every)


def _print_values(console: Console, values: Sequence[ComparedValue], *, every: bool) -> None:
    wide = console.width >= _WIDE
    parts = {value.part for value in values}
    table = Table(
        box=None, pad_edge=False, header_style="faint", padding=(0, 2 if wide else 1, 0, 0)
    )
    table.add_column("", overflow="fold", min_width=12)
    for head in ("first", "second", "change"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("95% interval", no_wrap=True)
    for head in ("n", "p", "shows from"):
        table.add_column(head, justify="right", no_wrap=head != "shows from")
    table.add_column("second is", no_wrap=False)
    kept = [v for v in values if every or v.difference or v.standing != "no difference shown"]
    for value in kept or values[:_SHOWN]:
        name = value.name.replace("_", " ")
        table.add_row(*_value_cells(value, f"{name} ({value.part})" if len(parts) > 1 else name))
    console.print()
    console.print(table)
    console.print(
        "p: by randomisation of whole facts, adjusted for what is tested together (Holm);"
        " shows from: the least difference that so many pairs show (80% power)",
        style="faint",
    )
    hidden = len(values) - len(kept or values[:_SHOWN])
    if hidden:
        console.print(f"{hidden} numbers are the same in both; see them with --all", style="faint")


def _value_cells(value: ComparedValue, name: str) -> list[Text]:
    standing = value.standing.replace("no difference shown", "same?")
    return [
        Text(one_line(name)),
        Text(number_text(value.before)),
        Text(number_text(value.after)),
        Text(difference_text(value.difference), style="bold"),
        Text(interval_text(value.low, value.high)),
        Text(f"{value.n}"),
        Text(f"{value.p_adjusted:.3f}" if value.p_adjusted >= _LEAST_P else "<.001"),
        Text(number_text(value.detectable)),
        Text(standing, style=_STYLES.get(value.standing, "")),
    ]


def _print_changed(
    console: Console,
    title: str,
    changed: Sequence[Changed],
    samples: Mapping[str, Sample],
    *,
    every: bool,
) -> None:
    if not changed:
        return
    console.print()
    console.print(Text(f"{title}: {len(changed)}", style="bold"))
    for one in changed if every else changed[:_SHOWN]:
        console.print(Text.assemble(("? ", "faint"), one_line(one.question)))
        sample = samples.get(one.sample_id)
        lines = [
            ("first", _answer_text(one.verdict_before, one.answer_before)),
            ("second", _answer_text(one.verdict_after, one.answer_after)),
            ("right", right_text(sample) if sample else ""),
            ("", one.key),
        ]
        for label, text in lines:
            told = shorten(one_line(text), _LENGTH)
            style = "" if label else "faint"
            print_indented(console, Text.assemble((f"{label:8}", "faint"), (told, style)), indent=2)
    if not every and len(changed) > _SHOWN:
        console.print(f"  and {len(changed) - _SHOWN} more; see them with --all", style="faint")


def _answer_text(verdict: Verdict, answer: str) -> str:
    return f"{verdict}: {ABSTENTION if verdict == 'abstained' and not answer else answer}"


def print_gate(console: Console, result: GateResult) -> None:
    """Print the verdict on a run, and each limit that it rests on."""
    against = f" against {one_line(result.baseline)}" if result.baseline else ""
    console.print(Text(one_line(result.sentence), style=f"bold {_STYLES[result.verdict]}"))
    facts = f"{one_line(result.run)}{against}, policy {one_line(result.policy)}"
    noise = "not measured" if result.noise_floor is None else number_text(result.noise_floor)
    console.print(f"{facts}; noise floor {noise}; exit code {result.exit_code}", style="faint")
    table = Table(box=None, pad_edge=False, header_style="faint", padding=(0, 1, 0, 0))
    table.add_column("", overflow="fold", min_width=16)
    table.add_column("limit", overflow="fold")
    for head in ("run", "baseline") if result.baseline else ("run",):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("95% interval", overflow="fold")
    table.add_column("verdict", no_wrap=True)
    for rule in result.rules:
        cells = _rule_cells(rule)
        table.add_row(*(cells if result.baseline else [*cells[:3], *cells[4:]]))
    console.print()
    console.print(table)
    told = [rule for rule in result.rules if rule.finding != "pass" and rule.reason]
    if told:
        console.print()
    for rule in told:
        name = Text.assemble((f"{rule.finding}, ", _STYLES[rule.finding]), _rule_name(rule))
        print_indented(console, name.append(f": {one_line(rule.reason)}"), indent=0)


def _rule_cells(rule: CheckedRule) -> list[Text]:
    counted = rule.rule in COUNTS
    return [
        Text(_rule_name(rule)),
        Text(f"{_LIMITS[rule.limit]} {rule.bound:g}"),
        Text(
            f"{rule.value:,.0f}" if counted and rule.value is not None else number_text(rule.value)
        ),
        Text("" if rule.baseline is None else number_text(rule.baseline)),
        Text("" if counted else _held_text(rule)),
        Text(rule.finding, style=_STYLES[rule.finding]),
    ]


def _rule_name(rule: CheckedRule) -> str:
    return one_line(rule.rule.replace("_", " "))


def _held_text(rule: CheckedRule) -> str:
    """Return the interval that was held against the limit, in words where it is of a worsening."""
    if rule.low is None or rule.high is None:
        return ""
    if rule.limit != "margin":
        return interval_text(rule.low, rule.high)
    if not rule.low and not rule.high:
        return "the same"
    if rule.low < 0 and rule.high <= 0:
        return f"{interval_text(abs(rule.high), -rule.low)} better"
    return f"{interval_text(rule.low, rule.high)} worse"
