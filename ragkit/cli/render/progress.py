"""Progress of an ingest on stderr: a bar with time left on a terminal, else a line now and then.

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
_SPEED_ESTIMATE_S = 120


class ProgressDisplay:
    """Shows how far an ingest is; call it with each `Progress`.

    Args:
        remarks: Where to; nothing is shown where remarks are not wanted.
        clock: Tells the seconds that have gone by.
    """

    def __init__(self, remarks: Remarks, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._remarks = remarks
        self._clock = clock
        self._begun = self._told = clock()
        self._files = self._stored = self._chunks = 0
        self._encoding_since: float | None = None
        self._detail = ""
        self._bars = Bars(
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
        if progress.phase == "reading":
            self._files, self._detail = progress.total, progress.detail
        elif progress.phase == "encoding":
            if self._encoding_since is None:
                self._encoding_since = self._clock()
            self._chunks = progress.done
        elif progress.phase == "saving":
            self._stored = progress.done
            self._files = max(self._files, progress.total)  # a rebuild stores more than it reads
        if not self._files:
            return
        self._bars.update(
            self._task,
            completed=self._stored,
            total=self._files,
            rate=self._rate(),
            detail=shorten(one_line(self._detail), 24),
            visible=True,
        )
        if not self._remarks.console.is_terminal and self._clock() - self._told >= _LINE_EVERY_S:
            self._told = self._clock()
            passed = seconds_text(self._told - self._begun)
            self._remarks.note(
                f"{self._stored} of {self._files} documents after {passed}, {self._rate()}"
            )

    def _rate(self) -> str:
        if self._encoding_since is None or not self._chunks:
            return ""
        seconds = max(self._clock() - self._encoding_since, 1e-3)
        return f"{self._chunks} chunks, {self._chunks / seconds:.0f}/s"

    def __enter__(self) -> Self:
        """Begin to show."""
        self._bars.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Take the bar away; what was done is summarised in a line."""
        self._bars.stop()
