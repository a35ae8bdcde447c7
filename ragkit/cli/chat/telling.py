"""What was said and why, on a screen: passages, explanation, history of a chat."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from ragkit.chat import Turn
from ragkit.cli.render.console import print_indented
from ragkit.cli.render.explain import print_explanation
from ragkit.cli.render.place import place_text
from ragkit.cli.render.text import clean, one_line, shorten
from ragkit.records import Answer

_SAID_LENGTH = 72


def print_passages(console: Console, answer: Answer) -> None:
    """Print the passages of an answer in full."""
    if not answer.sources:
        console.print("no passage was found", style="faint")
    for source in answer.sources:
        place = place_text(source.hit.chunk)
        head = Text.assemble((f"[{source.id}]", "mark"), " ", (place, "place"), overflow="fold")
        print_indented(console, head, indent=1)
        for line in clean(source.hit.chunk.text).splitlines():
            print_indented(console, Text(line), indent=5)


def print_reasons(console: Console, turn: Turn) -> None:
    """Print how an answer came about: what was asked and said, and what decided."""
    answer = turn.answer
    if turn.question != turn.asked:
        _print_row(console, "asked", one_line(turn.question))
    reason = f": {one_line(answer.reason)}" if answer.reason else ""
    _print_row(console, "answer", f"{answer.mode}{reason}")
    if answer.completion is None:
        _print_row(console, "model said", "nothing; it was not asked")
    else:
        _print_row(console, "model said", f"“{one_line(answer.completion.text)}”")
    print_explanation(console, answer)


def print_history(console: Console, turns: Sequence[Turn]) -> None:
    """Print what was asked, each with the beginning of its answer."""
    if not turns:
        console.print("nothing was said yet", style="faint")
    for number, turn in enumerate(turns, start=1):
        console.print(Text.assemble((f"{number:>3}", "mark"), f"  {one_line(turn.asked)}"))
        if turn.question != turn.asked:
            print_indented(console, Text(f"asked: {one_line(turn.question)}", "faint"), indent=5)
        said = one_line(turn.answer.text) or "(the documents do not say)"
        print_indented(console, Text(shorten(said, _SAID_LENGTH), "faint"), indent=5)


def _print_row(console: Console, name: str, text: str, *, style: str = "") -> None:
    width = max(20, console.width - 13)
    for number, line in enumerate(Text(text, style).wrap(console, width)):
        line.rstrip()
        label = f" {name if number == 0 else '':<12}"
        console.print(Text.assemble((label, "place"), line))
