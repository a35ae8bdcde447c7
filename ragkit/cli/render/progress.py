"""Progress of a long job on stderr: bars with time left on a terminal, lines elsewhere."""

from typing import Self

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars

from ragkit.cli.render.console import Remarks
from ragkit.cli.render.text import one_line, shorten
from ragkit.protocols import Progress


class ProgressDisplay:
    """Shows the phases of a job as they go on; call it with each `Progress`.

    Args:
        remarks: Where to; nothing is shown where remarks are not wanted.
    """

    def __init__(self, remarks: Remarks) -> None:
        self._remarks = remarks
        self._tasks: dict[str, TaskID] = {}
        self._bars = Bars(
            TextColumn("{task.description:<9}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[detail]}", style="faint", markup=False),
            console=remarks.console,
            disable=remarks.quiet or not remarks.console.is_terminal,
            transient=True,
        )

    def __call__(self, progress: Progress) -> None:
        """Show how far a phase is."""
        task = self._tasks.get(progress.phase)
        if task is None:
            task = self._bars.add_task(progress.phase, detail="")
            self._tasks[progress.phase] = task
            if not self._remarks.console.is_terminal:
                self._remarks.note(f"{progress.phase} ...")
        detail = shorten(one_line(progress.detail), 40)
        self._bars.update(
            task, completed=progress.done, total=max(progress.total, 1), detail=detail
        )

    def __enter__(self) -> Self:
        """Begin to show."""
        self._bars.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Take the bars away; what was done is summarised in a line."""
        self._bars.stop()
