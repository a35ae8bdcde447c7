"""Progress of a download on stderr: a bar with rate and time left, else a line now and then."""

import time
from collections.abc import Callable
from typing import Self

from rich.progress import (
    BarColumn,
    DownloadColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as Bars

from ragkit.cli.render.console import Remarks
from ragkit.cli.render.text import one_line, shorten, size_text
from ragkit.protocols import Progress

_LINE_EVERY_S = 15
"""Between two lines where there is no terminal."""


class FetchDisplay:
    """Shows how much has come; call it with each `Progress`, counted in bytes.

    Args:
        remarks: Where to; nothing is shown where remarks are not wanted.
        clock: Tells the seconds that have gone by.
    """

    def __init__(self, remarks: Remarks, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._remarks = remarks
        self._clock = clock
        self._begun = self._told = clock()
        self._first: int | None = None
        self._last = 0
        self._bars = Bars(
            TextColumn("{task.fields[detail]}", style="faint", markup=False),
            BarColumn(bar_width=20),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(compact=True),
            console=remarks.console,
            disable=remarks.quiet or not remarks.console.is_terminal,
            transient=True,
        )
        self._task = self._bars.add_task("", total=None, visible=False, detail="")

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
        self._bars.update(
            self._task,
            completed=progress.done,
            total=progress.total or None,
            detail=shorten(one_line(progress.detail), 24),
            visible=True,
        )
        if not self._remarks.console.is_terminal and self._clock() - self._told >= _LINE_EVERY_S:
            self._told = self._clock()
            self._remarks.note(self._line(progress))

    def _line(self, progress: Progress) -> str:
        rate = self.fetched / max(self.seconds, 1e-3)
        came = f"{size_text(progress.done)} of {size_text(progress.total)}"
        line = f"{came}, {size_text(int(rate))}/s"
        left = (progress.total - progress.done) / rate if rate and progress.total else 0
        return f"{line}, {left:.0f} s left" if left > 0 else line

    def __enter__(self) -> Self:
        """Begin to show."""
        self._bars.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Take the bar away."""
        self._bars.stop()
