"""A training on the screen: a bar with loss and time left, or lines; and what came of it.

It shows what it is told and decides nothing.
"""

import shlex
import time
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TextColumn

from ragkit.cli.render.bars import Clock, JobBar
from ragkit.cli.render.console import Remarks
from ragkit.cli.render.text import one_line, seconds_text, size_text
from ragkit.training.proof import FileProof, Proof
from ragkit.training.records import StepReport

_RECENT_STEPS = 10
"""Over which the loss and the speed are told: one step says little."""


class TrainingDisplay:
    """Shows how far a training is; call it with each `StepReport`.

    Args:
        remarks: Where to; nothing is shown where remarks are not wanted.
        budget_s: Seconds that the run may take; None for as long as it takes.
        clock: Tells the seconds that have gone by.
    """

    def __init__(
        self, remarks: Remarks, *, budget_s: float | None, clock: Clock = time.monotonic
    ) -> None:
        self._budget_s = budget_s
        self._recent: list[StepReport] = []
        self._held_out: float | None = None
        self._bar = JobBar(
            BarColumn(bar_width=8),
            TextColumn("{task.fields[told]}", markup=False),
            remarks=remarks,
            clock=clock,
            told="",
        )

    def __call__(self, report: StepReport) -> None:
        """Show how training stands."""
        self._recent = [*self._recent, report][-_RECENT_STEPS - 1 :]
        if report.held_out_loss is not None:
            self._held_out = report.held_out_loss
        done, left = _progress(report, self._budget_s)
        told = self._tell(report, left)
        self._bar.show(lambda: f"training: {told}", completed=done, total=1.0, told=told)

    def _tell(self, report: StepReport, left_s: float) -> str:
        new = self._recent[-_RECENT_STEPS:]
        parts = [
            f"step {report.step}/{report.steps}",
            f"loss {sum(one.loss for one in new) / len(new):.3f}",
        ]
        if self._held_out is not None:
            parts.append(f"held out {self._held_out:.3f}")
        first = self._recent[0]
        if report.seconds > first.seconds:
            speed = (report.tokens - first.tokens) / (report.seconds - first.seconds)
            parts.append(f"{speed:.0f} tokens/s")
        minutes = f"{left_s / 60:.0f} min" if left_s >= 120 else seconds_text(left_s)
        return ", ".join([*parts, f"{minutes} left"])

    def __enter__(self) -> Self:
        """Begin to show."""
        self._bar.__enter__()
        return self

    def __exit__(self, *_error: object) -> None:
        """Take the bar away; what came of it is told in full."""
        self._bar.__exit__()


def print_training(
    console: Console, report: StepReport, *, adapter: Path, run: Path, proof: Proof | None
) -> None:
    """Print what was learnt from, how well, and what to do with it."""
    examples = f"{report.examples} examples, {report.tokens} tokens"
    console.print(f"trained on {examples} in {seconds_text(report.seconds)}", soft_wrap=True)
    held = "" if report.held_out_loss is None else f", held out {report.held_out_loss:.3f}"
    console.print(
        f"loss {report.loss:.3f}{held}: see {_name(run)}/curve.svg and losses.jsonl there",
        soft_wrap=True,
    )
    console.print(f"{_name(adapter)}: {size_text(adapter.stat().st_size)}", soft_wrap=True)
    for file in proof.files if proof else ():
        console.print(_agreement(file), soft_wrap=True)
    console.print("To answer with it:", style="faint")
    step = shlex.join(["ragkit", "ask", "--lora", str(adapter), "..."])
    console.print(f"  {one_line(step)}", soft_wrap=True)


def _agreement(file: FileProof) -> str:
    """Return how far llama.cpp says what was learnt."""
    return (
        f"llama.cpp says the same as transformers on {file.same_completions} of {file.prompts}"
        f" prompts; log-probabilities differ by {file.adapted.mean_difference:.4f} on average,"
        f" {file.plain.mean_difference:.4f} without the adapter"
    )


def _progress(report: StepReport, budget_s: float | None) -> tuple[float, float]:
    """Return the share of a run that is done, and the seconds that are left of it.

    >>> _progress(StepReport(5, 20, 1.0, None, 1e-4, 40, 900, 30.0), 60.0)
    (0.5, 30.0)
    >>> _progress(StepReport(5, 20, 1.0, None, 1e-4, 40, 900, 30.0), None)
    (0.25, 90.0)
    """
    share = report.step / report.steps
    left = report.seconds / share - report.seconds
    if budget_s is None:
        return share, left
    return max(share, min(1.0, report.seconds / budget_s)), max(
        0.0, min(left, budget_s - report.seconds)
    )


def _name(path: Path) -> str:
    return one_line(str(path))
