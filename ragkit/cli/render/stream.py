"""What a model says while it says it: faint until it is checked, then plain, or struck out."""

from typing import Self

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.text import Text

from ragkit.chunking import split_sentences
from ragkit.cli.render.console import Remarks
from ragkit.cli.render.text import clean, one_line
from ragkit.records import AnswerSentence

_LINES_LEFT = 2
"""Lines of the terminal that stay free; a display that fills them all would scroll and repeat."""


class CompletionDisplay:
    """Shows a completion on a terminal as it comes, and takes it away when it is done.

    Args:
        remarks: Where to; nothing is shown where remarks are not wanted or not on a terminal.
    """

    def __init__(self, remarks: Remarks) -> None:
        self._live: Live | None = None
        if remarks.console.is_terminal and not remarks.quiet:
            self._live = Live(console=remarks.console, transient=True, refresh_per_second=12)
        self._said = ""
        self._checked: list[AnswerSentence] = []

    def add(self, text: str) -> None:
        """Show some more of what the model says."""
        self._said += text
        self._show()

    def judge(self, sentence: AnswerSentence) -> None:
        """Show what the check of a sentence found."""
        self._checked.append(sentence)
        self._show()

    def _show(self) -> None:
        if self._live is not None:
            self._live.update(_LastLines(completion_text(self._said, self._checked)))

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Take it away; the checked answer follows."""
        if self._live is not None:
            self._live.stop()


def completion_text(said: str, checked: list[AnswerSentence]) -> Text:
    """Return the checked sentences in their final look, and what follows them faint.

    >>> backed = AnswerSentence("It is due on Friday.", (1,), "quoted", 1.0)
    >>> completion_text("It is due on Friday. Bring ca", [backed]).plain
    'It is due on Friday. [1] … Bring ca'
    """
    text = Text()
    for sentence in checked:
        backed = bool(sentence.citations)
        text.append(one_line(sentence.text), style="" if backed else "struck")
        for number in sentence.citations:
            text.append(" ")
            text.append(f"[{number}]", style="mark")
        text.append(" ")
    rest = clean(said)
    if checked:
        rest = "".join(sentence.text for sentence in split_sentences(rest)[-1:])
    return text.append(f"… {rest}", style="faint")


class _LastLines:
    """As many of the last lines of a text as a terminal has room for.

    Args:
        text: To be shown.
    """

    def __init__(self, text: Text) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines."""
        lines = self._text.wrap(console, options.max_width)
        yield from lines[-max(1, console.height - _LINES_LEFT) :]
