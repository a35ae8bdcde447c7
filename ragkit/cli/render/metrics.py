"""The numbers of a run as one table on a screen, or as many of them as a screen holds."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ragkit.cli.render.text import one_line
from ragkit.evaluation.records import Metric
from ragkit.evaluation.report import Group, Row, choose_groups, difference_of, standing_of
from ragkit.evaluation.report.numbers import (
    UNDEFINED,
    count_text,
    difference_text,
    interval_text,
    number_text,
)

_WIDE = 116
"""Columns from which on both views stand side by side."""
_LINES = 40
"""Of a table that a reader still takes in; what comes beyond is shown where asked for."""
_STYLES = {"better": "good", "worse": "bad", "no difference": "faint"}
_WORDS = {"no difference": "same?"}


def print_metrics(console: Console, groups: Sequence[Group], *, every: bool) -> None:
    """Print groups of numbers as one table, and what its marks mean.

    Args:
        console: Where to.
        groups: The headline first.
        every: All of them, with the model alone below each number where it does not fit beside,
            and each baseline by name; else whole groups, as many as a screen holds.
    """
    shown = groups if every else choose_groups(groups, lines=_LINES)
    beside = console.width >= _WIDE and any(group.two_views for group in shown)
    against = any(group.baselines for group in shown)
    table = _open_table(console, beside=beside, against=against)
    for number, group in enumerate(shown):
        if number:
            table.add_row("")
        whole = every or not number
        table.add_row(_group_title(group, whole=whole))
        for row, name in zip(group.rows, _baseline_names(group), strict=True):
            below = whole and not beside
            for cells in _row_cells(row, name if whole else "", beside=beside, below=below):
                table.add_row(*(cells if against else cells[:-3]))
    console.print()
    console.print(table)
    left_out = sum(len(group.rows) for group in groups[len(shown) :])
    _print_legend(console, shown, beside=beside)
    if left_out:
        names = ", ".join(group.title.lower() for group in groups[len(shown) :])
        more = f"{count_text(left_out, 'more number')}: --all, or the page ({one_line(names)})"
        console.print(Text(more, style="faint"))


def _open_table(console: Console, *, beside: bool, against: bool) -> Table:
    gaps = (0, 2 if console.width >= _WIDE else 1, 0, 0)
    table = Table(box=None, pad_edge=False, header_style="faint", padding=gaps)
    table.add_column("", overflow="fold", min_width=20)
    table.add_column("shown" if beside else "value", justify="right", no_wrap=True)
    table.add_column("95% interval", no_wrap=True)
    if beside:
        table.add_column("model", justify="right", no_wrap=True)
        table.add_column("95% interval", no_wrap=True)
    table.add_column("n", justify="right", no_wrap=True)
    table.add_column("tier", no_wrap=True)
    if against:
        table.add_column("baseline", justify="right", no_wrap=True)
        table.add_column("delta", justify="right", no_wrap=True)
        table.add_column("verdict", no_wrap=True)
    return table


def _group_title(group: Group, *, whole: bool) -> Text:
    """Return the name of a group, and what all its numbers are held against."""
    title = Text(one_line(group.title), style="place")
    if name := "" if whole else group.baseline_name:
        title.append(f"\n  against {one_line(name)}", style="faint")
    return title


def _baseline_names(group: Group) -> Iterator[str]:
    """Yield what each number is held against; nothing where that is the same as above."""
    before = ""
    for row in group.rows:
        name = row.main.baseline_name if row.main.baseline is not None else ""
        yield name if name != before else ""
        before = name or before


def _row_cells(row: Row, against: str, *, beside: bool, below: bool) -> list[list[Text]]:
    """Return the lines of a number: one, or a second one for what the model said."""
    main, model = row
    title = Text(one_line(main.title))
    if against:
        title.append(f"\n  against {one_line(against)}", style="faint")
    if beside:
        more = _value_cells(model) if model else [Text(""), Text("")]
        return [[title, *_value_cells(main), *more, *_fact_cells(main)]]
    lines = [[title, *_value_cells(main), *_fact_cells(main)]]
    if model and below:
        name = Text("  the model alone", style="faint")
        lines.append([name, *_value_cells(model), *_fact_cells(model)])
    return lines


def _value_cells(metric: Metric) -> list[Text]:
    interval = interval_text(metric.low, metric.high)
    return [Text(number_text(metric.value), style="bold"), Text(interval)]


def _fact_cells(metric: Metric) -> list[Text]:
    standing = standing_of(metric)
    given = metric.baseline is not None
    return [
        Text(_tally(metric)),
        Text(metric.tier, style="faint"),
        Text(number_text(metric.baseline) if given else ""),
        Text(difference_text(difference_of(metric)) if given else ""),
        Text(_WORDS.get(standing, standing), style=_STYLES.get(standing, "")),
    ]


def _tally(metric: Metric) -> str:
    """Return of how many values a metric is, and how many it leaves out, in little room."""
    return f"{metric.n}+{metric.undefined}{UNDEFINED}" if metric.undefined else f"{metric.n}"


def _print_legend(console: Console, groups: Sequence[Group], *, beside: bool) -> None:
    """Print what the marks in the table mean, those that stand there."""
    metrics = [metric for group in groups for row in group.rows for metric in row if metric]
    lines = []
    if any(metric.view == "model" for metric in metrics):
        what = "shown" if beside else "value"
        lines.append(f"{what}: the checked answer, as `ragkit ask` prints it; model: unchecked")
    if any(metric.undefined for metric in metrics):
        lines.append(f"40+2{UNDEFINED}: of 40, and 2 more for which the number is undefined")
    if any(standing_of(metric) == "no difference" for metric in metrics):
        lines.append("same?: the baseline lies within the interval")
    if lines:
        console.print()
    for line in lines:
        console.print(Text(line, style="faint"))
