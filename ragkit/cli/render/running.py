"""Progress of a run of a suite on stderr: a bar with items a second and time left, or lines.

It shows what it is told and decides nothing.
"""

import time
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from ragkit.cli.render.bars import Clock, JobBar
from ragkit.cli.render.console import Remarks
from ragkit.cli.render.text import one_line, seconds_text, shorten
from ragkit.protocols import Progress

_SPEED_ESTIMATE_S = 60


class RunDisplay:
    """Shows how far a run is; call it with each `Progress`.

    Args:
        remarks: Where to; nothing is shown where remarks are not wanted.
        clock: Tells the seconds that have gone by.
    """

    def __init__(self, remarks: Remarks, *, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._phase = ""
        self._begun = clock()
        self._first = 0
        self._bar = JobBar(
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[detail]}", style="faint", markup=False),
            remarks=remarks,
            clock=clock,
            speed_estimate_s=_SPEED_ESTIMATE_S,
            rate="",
            detail="",
        )

    def __call__(self, progress: Progress) -> None:
        """Show how far a phase is."""
        if progress.phase != self._phase:
            self._phase, self._first = progress.phase, progress.done
            self._begun = self._clock()
            self._bar.restart(done=progress.done)
        self._bar.show(
            lambda: self._line(progress),
            description=progress.phase,
            completed=progress.done,
            total=progress.total,
            rate=self._rate(progress.done),
            detail=shorten(one_line(progress.detail), 30),
        )

    def _line(self, progress: Progress) -> str:
        passed = seconds_text(self._clock() - self._begun)
        done = f"{progress.phase}: {progress.done} of {progress.total} after {passed}"
        return f"{done}, {self._rate(progress.done)}"

    def _rate(self, done: int) -> str:
        """Return how many a second; how many seconds one takes where that is more."""
        new, seconds = done - self._first, self._clock() - self._begun
        if not new or seconds <= 0:
            return ""
        return f"{new / seconds:.1f}/s" if new >= seconds else f"{seconds / new:.1f} s each"

    def __enter__(self) -> Self:
        """Begin to show."""
        self._bar.__enter__()
        return self

    def __exit__(self, *_error: object) -> None:
        """Take the bar away; what came of it is told in full."""
        self._bar.__exit__()
