"""A bar on stderr that goes on with a job, or a line now and then where there is no terminal.

What stands beside the bar, and in the line, is for who shows a job of one kind to say.
"""

import time
from collections.abc import Callable
from typing import Any, Self

from rich.progress import Progress as Bars
from rich.progress import ProgressColumn

from ragkit.cli.render.console import Remarks

Clock = Callable[[], float]
"""Tells the seconds that have gone by."""


class JobBar:
    """A bar; nothing is shown where remarks are not wanted.

    Args:
        columns: What stands in its line, from left to right.
        remarks: Where to.
        line_every_s: Between two lines where there is no terminal: enough to see in a log that it
            goes on.
        clock: In place of the machine's.
        speed_estimate_s: How far back the time left looks.
        **fields: Of the columns, before anything is known.
    """

    def __init__(
        self,
        *columns: ProgressColumn,
        remarks: Remarks,
        line_every_s: float = 30,
        clock: Clock = time.monotonic,
        speed_estimate_s: float = 30,
        **fields: Any,
    ) -> None:
        self._remarks = remarks
        self._clock = clock
        self._line_every_s = line_every_s
        self._told = clock()
        self._bars = Bars(
            *columns,
            console=remarks.console,
            disable=remarks.quiet or not remarks.console.is_terminal,
            transient=True,
            speed_estimate_period=speed_estimate_s,
        )
        self._task = self._bars.add_task("", total=None, visible=False, **fields)

    def restart(self, *, done: int) -> None:
        """Begin another phase, of which so much is done."""
        self._told = self._clock()
        self._bars.reset(self._task, completed=done)

    def show(self, line: Callable[[], str], **fields: Any) -> None:
        """Show how far it is: the fields in the bar, or the line where one is due."""
        self._bars.update(self._task, visible=True, **fields)
        if not self._remarks.console.is_terminal:
            now = self._clock()
            if now - self._told >= self._line_every_s:
                self._told = now
                self._remarks.note(line())

    def __enter__(self) -> Self:
        """Begin to show."""
        self._bars.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Take the bar away; what came of the job is told in full."""
        self._bars.stop()
