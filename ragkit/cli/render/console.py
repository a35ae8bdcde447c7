"""The two streams: answers on stdout, progress and remarks on stderr."""

import sys

from rich.console import Console
from rich.text import Text
from rich.theme import Theme

from ragkit.cli.render.text import one_line

THEME = Theme(
    {
        "mark": "bold cyan",
        "answer": "bold underline",
        "place": "bold",
        "quote": "",
        "faint": "dim",
        "struck": "dim strike",
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
    return Console(
        stderr=stderr, theme=THEME, width=width, highlight=False, markup=False, emoji=False
    )


def print_indented(console: Console, text: Text, *, indent: int) -> None:
    """Print a text with all its lines moved to the right, and nothing behind them."""
    for line in text.wrap(console, max(20, console.width - indent)):
        line.rstrip()
        console.print(Text.assemble(" " * indent, line))


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
            self._print(text, "faint")

    def warn(self, text: str) -> None:
        """Write a warning."""
        if not self.quiet:
            self._print(text, "warn")

    def fail(self, text: str, hint: str) -> None:
        """Write what failed and the next step, wanted or not."""
        self._print(text, "bad")
        if hint:
            self._print(f"  next: {hint}", "")

    def _print(self, text: str, style: str) -> None:
        indent = text[: len(text) - len(text.lstrip(" "))]
        self.console.print(indent + one_line(text), style=style, soft_wrap=True)
