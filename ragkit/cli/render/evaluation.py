"""What a run of a suite came to, on a screen: the sentence, the numbers, what to look at first."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from ragkit.cli.render.console import print_indented
from ragkit.cli.render.metrics import print_metrics
from ragkit.cli.render.text import one_line, shorten
from ragkit.evaluation.records import JudgeCard, Metric, Sample, Scored, Summary
from ragkit.evaluation.report import (
    Look,
    group_metrics,
    looks_of,
    worst_looks,
)
from ragkit.evaluation.report.numbers import (
    UNDEFINED,
    count_text,
    interval_text,
    number_text,
    tally_text,
)

_TEXT_LENGTH = 220
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
        every: All numbers, rather than as many groups as a screen holds.
    """
    print_metrics(console, group_metrics(summary.metrics), every=every)
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
