"""Progress of an ingest on stderr: a bar with time left on a terminal, else a line now and then.

It shows what it is told and decides nothing.
"""

import time
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from ragkit.cli.render.bars import Clock, JobBar
from ragkit.cli.render.console import Remarks
from ragkit.cli.render.text import one_line, seconds_text, shorten
from ragkit.protocols import Progress

_SPEED_ESTIMATE_S = 120


class ProgressDisplay:
    """Shows how far an ingest is; call it with each `Progress`.

    Args:
        remarks: Where to; nothing is shown where remarks are not wanted.
        clock: Tells the seconds that have gone by.
    """

    def __init__(self, remarks: Remarks, *, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._begun = clock()
        self._files = self._stored = self._chunks = 0
        self._encoding_since: float | None = None
        self._detail = ""
        self._bar = JobBar(
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
        self._bar.show(
            self._line,
            completed=self._stored,
            total=self._files,
            rate=self._rate(),
            detail=shorten(one_line(self._detail), 24),
        )

    def _line(self) -> str:
        passed = seconds_text(self._clock() - self._begun)
        return f"{self._stored} of {self._files} documents after {passed}, {self._rate()}"

    def _rate(self) -> str:
        if self._encoding_since is None or not self._chunks:
            return ""
        seconds = max(self._clock() - self._encoding_since, 1e-3)
        return f"{self._chunks} chunks, {self._chunks / seconds:.0f}/s"

    def __enter__(self) -> Self:
        """Begin to show."""
        self._bar.__enter__()
        return self

    def __exit__(self, *_error: object) -> None:
        """Take the bar away; what was done is summarised in a line."""
        self._bar.__exit__()
