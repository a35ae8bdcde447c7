"""The two streams: answers on stdout, progress and remarks on stderr."""

import sys

from rich.console import Console
from rich.theme import Theme

from ragkit.cli.render.text import clean

_THEME = Theme(
    {
        "mark": "bold cyan",
        "place": "bold",
        "quote": "",
        "faint": "dim",
        "good": "green",
        "warn": "yellow",
        "bad": "red",
    }
)
_PIPE_WIDTH = 100


def answer_console() -> Console:
    """Return the console for answers. In a pipe it has no colours and a fixed width."""
    return _console(stderr=False)


def remark_console() -> Console:
    """Return the console for progress and remarks."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _PIPE_WIDTH
    return Console(stderr=stderr, theme=_THEME, width=width, highlight=False, markup=False)


class Remarks:
    """Writes remarks to stderr, unless they are not wanted.

    Args:
        quiet: Write nothing.
    """

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.console = remark_console()

    def note(self, text: str) -> None:
        """Write a remark in faint type."""
        if not self.quiet:
            self.console.print(clean(text), style="faint")

    def warn(self, text: str) -> None:
        """Write a warning."""
        if not self.quiet:
            self.console.print(clean(text), style="warn")
