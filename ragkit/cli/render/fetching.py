"""Progress of a download on stderr: a bar with rate and time left, else a line now and then."""

import time
from typing import Self

from rich.progress import (
    BarColumn,
    DownloadColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from ragkit.cli.render.bars import Clock, JobBar
from ragkit.cli.render.console import Remarks
from ragkit.cli.render.text import one_line, shorten, size_text
from ragkit.protocols import Progress

_LINE_EVERY_S = 15


class FetchDisplay:
    """Shows how much has come; call it with each `Progress`, counted in bytes.

    Args:
        remarks: Where to; nothing is shown where remarks are not wanted.
        clock: Tells the seconds that have gone by.
    """

    def __init__(self, remarks: Remarks, *, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._begun = clock()
        self._first: int | None = None
        self._last = 0
        self._bar = JobBar(
            TextColumn("{task.fields[detail]}", style="faint", markup=False),
            BarColumn(bar_width=20),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(compact=True),
            remarks=remarks,
            clock=clock,
            line_every_s=_LINE_EVERY_S,
            detail="",
        )

    @property
    def fetched(self) -> int:
        """How many bytes came, not counted what was here before."""
        return self._last - (self._first or 0)

    @property
    def seconds(self) -> float:
        """How long it took, from the first byte."""
        return self._clock() - self._begun

    def __call__(self, progress: Progress) -> None:
        """Show how much has come."""
        if self._first is None:
            self._first, self._begun = progress.done, self._clock()
        self._last = progress.done
        self._bar.show(
            lambda: self._line(progress),
            completed=progress.done,
            total=progress.total or None,
            detail=shorten(one_line(progress.detail), 24),
        )

    def _line(self, progress: Progress) -> str:
        rate = self.fetched / max(self.seconds, 1e-3)
        came = f"{size_text(progress.done)} of {size_text(progress.total)}"
        line = f"{came}, {size_text(int(rate))}/s"
        left = (progress.total - progress.done) / rate if rate and progress.total else 0
        return f"{line}, {left:.0f} s left" if left > 0 else line

    def __enter__(self) -> Self:
        """Begin to show."""
        self._bar.__enter__()
        return self

    def __exit__(self, *_error: object) -> None:
        """Take the bar away."""
        self._bar.__exit__()
