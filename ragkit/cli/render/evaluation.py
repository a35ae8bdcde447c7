"""What a run of a suite came to, on a screen: the sentence, the numbers, what to look at first."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ragkit.cli.render.console import print_indented
from ragkit.cli.render.text import one_line, shorten
from ragkit.evaluation.records import JudgeCard, Metric, Sample, Scored, Summary
from ragkit.evaluation.report import (
    Group,
    Look,
    Row,
    difference_of,
    group_metrics,
    looks_of,
    standing_of,
    worst_looks,
)
from ragkit.evaluation.report.numbers import (
    UNDEFINED,
    count_text,
    difference_text,
    interval_text,
    number_text,
    tally_text,
)

_WIDE = 116
"""Columns from which on both views stand side by side."""
_STYLES = {"better": "good", "worse": "bad", "no difference": "faint"}
_WORDS = {"no difference": "same?"}
_TEXT_LENGTH = 300
_ERRORS_SHOWN = 5


def print_summary(
    console: Console,
    summary: Summary,
    samples: Sequence[Sample],
    scored: Sequence[Scored],
    *,
    report: Path | None = None,
    every: bool = False,
) -> None:
    """Print what a run came to.

    Args:
        console: Where to.
        summary: Of the run.
        samples: Of its suite.
        scored: Its outcomes.
        report: Where the page with all of it is.
        every: Also what the model said where there is no room beside; else only of the headline.
    """
    groups = group_metrics(summary.metrics)
    _print_metrics(console, groups, every=every)
    _print_legend(console, summary.metrics, cut=not every and console.width < _WIDE)
    _print_noise(console, summary.noise)
    for card in summary.judges:
        console.print(_judge_line(card))
    _print_looks(console, worst_looks(summary, samples, scored))
    _print_errors(console, summary, looks_of(summary.errors[:_ERRORS_SHOWN], samples, scored))
    console.print()  # what to take home comes last: there the eye rests
    console.print(Text(one_line(summary.sentence), style="bold"))
    if report:
        line = Text.assemble("Everything, with charts: ", (one_line(str(report)), "place"))
        console.print(line, soft_wrap=True)


# --- numbers --------------------------------------------------------------------------------------


def _print_metrics(console: Console, groups: Sequence[Group], *, every: bool) -> None:
    wide = console.width >= _WIDE
    beside = wide and any(group.two_views for group in groups)
    against = any(group.baselines for group in groups)
    gaps = (0, 2 if wide else 1, 0, 0)
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
    for number, group in enumerate(groups):
        if number:
            table.add_row("")
        table.add_row(Text(one_line(group.title), style="place"))
        below = not beside and (every or not number)
        for row, name in zip(group.rows, _baseline_names(group), strict=True):
            for cells in _row_cells(row, name, beside=beside, below=below):
                table.add_row(*(cells if against else cells[:-3]))
    console.print()
    console.print(table)


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


def _print_legend(console: Console, metrics: Sequence[Metric], *, cut: bool) -> None:
    """Print what the marks in the tables mean, those that stand there."""
    lines = []
    views = {metric.view for metric in metrics}
    if "model" in views:
        lines.append(
            "shown: the checked answer, as `ragkit ask` prints it; model: what it said, unchecked"
        )
        if cut:
            lines.append(f"all numbers of the model: --all, the page, or {_WIDE} columns")
    if any(metric.undefined for metric in metrics):
        lines.append(f"40+2{UNDEFINED}: of 40, and 2 more for which the number is undefined")
    if any(standing_of(metric) == "no difference" for metric in metrics):
        lines.append("same?: the baseline lies within the interval")
    if lines:
        console.print()
    for line in lines:
        console.print(Text(line, style="faint"))


def _print_noise(console: Console, noise: Metric | None) -> None:
    if noise is None:
        return
    console.print()
    interval = interval_text(noise.low, noise.high)
    line = Text.assemble(("Noise floor ", "place"), number_text(noise.value))
    line.append(f" [{interval}]" if interval else "")
    line.append(f", n {tally_text(noise)}: {one_line(noise.note or noise.title)}", style="faint")
    console.print(line)


def _judge_line(card: JudgeCard) -> Text:
    low, high = card.balanced_accuracy_low, card.balanced_accuracy_high
    line = Text.assemble(
        ("Judge ", "place"),
        f"{one_line(card.judge)} ({card.tier}) agrees with people: balanced accuracy "
        f"{number_text(card.balanced_accuracy)} [{interval_text(low, high)}], AUROC "
        f"{number_text(card.auroc)}, n {card.n:,}",
    )
    for name, value in card.baselines.items():
        line.append(f"; {one_line(name)} {number_text(value)}", style="faint")
    return line


# --- what to look at ------------------------------------------------------------------------------


def _print_looks(console: Console, looks: Sequence[Look]) -> None:
    if not looks:
        return
    console.print()
    console.print(Text("To look at first", style="place"))
    for number, look in enumerate(looks, start=1):
        head = Text.assemble((f"{number} ", "mark"), one_line(look.question))
        print_indented(console, head, indent=1)
        where = " · ".join(filter(None, (look.sample_id, look.variant, *look.labels)))
        print_indented(console, Text(one_line(where), style="faint"), indent=3)
        _print_words(console, "shown", look.shown)
        if look.said:
            _print_words(console, "model", look.said)
        _print_words(console, "right", look.right)


def _print_words(console: Console, name: str, words: str) -> None:
    style = {"shown": "warn", "right": "good"}.get(name, "faint")
    text = shorten(one_line(words), _TEXT_LENGTH) or UNDEFINED
    print_indented(console, Text.assemble((f"{name}: ", style), text), indent=3)


def _print_errors(console: Console, summary: Summary, looks: Sequence[Look]) -> None:
    if not summary.errors:
        return
    console.print()
    number = count_text(len(summary.errors), "question")
    console.print(Text(f"{number} without an answer, counted as wrong", style="bad"))
    for look in looks:
        words = f"{look.key}: {look.shown.removeprefix('no answer: ')}"
        print_indented(console, Text(shorten(one_line(words), _TEXT_LENGTH)), indent=1)
    if len(summary.errors) > len(looks):
        console.print(Text(f" and {len(summary.errors) - len(looks)} more", style="faint"))
