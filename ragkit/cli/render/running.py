"""Progress of a run of a suite on stderr: a bar with items a second and time left, or lines.

It shows what it is told and decides nothing.
"""

import time
from collections.abc import Callable
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from ragkit.cli.render.console import Remarks
from ragkit.cli.render.text import one_line, seconds_text, shorten
from ragkit.protocols import Progress

_LINE_EVERY_S = 30
"""Between two lines where there is no terminal: enough to see in a log that it goes on."""
_SPEED_ESTIMATE_S = 60


class RunDisplay:
    """Shows how far a run is; call it with each `Progress`.

    Args:
        remarks: Where to; nothing is shown where remarks are not wanted.
        clock: Tells the seconds that have gone by.
    """

    def __init__(self, remarks: Remarks, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._remarks = remarks
        self._clock = clock
        self._phase = ""
        self._begun = self._told = clock()
        self._first = 0
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[detail]}", style="faint", markup=False),
            console=remarks.console,
            disable=remarks.quiet or not remarks.console.is_terminal,
            transient=True,
            speed_estimate_period=_SPEED_ESTIMATE_S,
        )
        self._task = self._bars.add_task("", total=None, visible=False, rate="", detail="")

    def __call__(self, progress: Progress) -> None:
        """Show how far a phase is."""
        if progress.phase != self._phase:
            self._phase, self._first = progress.phase, progress.done
            self._begun = self._told = self._clock()
            self._bars.reset(self._task, completed=progress.done)
        self._bars.update(
            self._task,
            description=progress.phase,
            completed=progress.done,
            total=progress.total,
            rate=self._rate(progress.done),
            detail=shorten(one_line(progress.detail), 30),
            visible=True,
        )
        if not self._remarks.console.is_terminal and self._clock() - self._told >= _LINE_EVERY_S:
            self._told = self._clock()
            passed = seconds_text(self._told - self._begun)
            self._remarks.note(
                f"{progress.phase}: {progress.done} of {progress.total} after {passed},"
                f" {self._rate(progress.done)}"
            )

    def _rate(self, done: int) -> str:
        """Return how many a second; how many seconds one takes where that is more."""
        new, seconds = done - self._first, self._clock() - self._begun
        if not new or seconds <= 0:
            return ""
        return f"{new / seconds:.1f}/s" if new >= seconds else f"{seconds / new:.1f} s each"

    def __enter__(self) -> Self:
        """Begin to show."""
        self._bars.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Take the bar away; what came of it is told in full."""
        self._bars.stop()
