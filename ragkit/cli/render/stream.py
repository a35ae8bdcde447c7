"""What a model says while it says it: faint, because nothing of it is checked yet."""

from typing import Self

from rich.live import Live
from rich.text import Text

from ragkit.cli.render.console import Remarks
from ragkit.cli.render.text import clean


class CompletionDisplay:
    """Shows a completion on a terminal as it comes, and takes it away when it is done.

    Args:
        remarks: Where to; nothing is shown where remarks are not wanted or not on a terminal.
    """

    def __init__(self, remarks: Remarks) -> None:
        self._live: Live | None = None
        if remarks.console.is_terminal and not remarks.quiet:
            self._live = Live(console=remarks.console, transient=True, refresh_per_second=12)
        self._text = ""

    def add(self, text: str) -> None:
        """Show some more of it."""
        self._text += text
        if self._live is not None:
            self._live.update(Text(f"… {clean(self._text)}", style="faint"))

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Take it away; the checked answer follows."""
        if self._live is not None:
            self._live.stop()
