"""An answer about a whole on a screen: lines under their labels, each with its place beside it."""

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from ragkit.cli.render.console import print_indented
from ragkit.cli.render.place import page_text
from ragkit.cli.render.text import one_line, shorten
from ragkit.records import Answer, AnswerSentence, Chunk

_LONGEST_LINE = 400
_LONGEST_HEADING = 60


def print_overview(console: Console, answer: Answer) -> None:
    """Print the lines of an overview, each with its mark and where it stands."""
    if answer.notice:
        console.print(Text(one_line(answer.notice), style="place"))
    places = {source.id: source.hit.chunk for source in answer.sources}
    one_document = bool(answer.notice) and len({c.document for c in places.values()}) == 1
    if one_document:
        document = next(iter(places.values())).document
        console.print(Text(one_line(document), style="faint", overflow="fold"))
    if answer.notice:
        console.print()
    groups = groupby(answer.sentences, key=lambda sentence: sentence.label)
    for place, (label, group) in enumerate(groups):
        lines = list(group)
        if answer.scope == "corpus" and len(lines) > 1 and label:
            if place:
                console.print()
            _print_headings(console, label, lines, places)
        elif answer.scope == "corpus":
            for line in lines:
                _print_titled(console, line, places)
        else:
            _print_labelled(console, label, lines, _Places(places, one_document))


class _Places:
    """Says where a line stands; the document only where there are several."""

    def __init__(self, chunks: dict[int, Chunk], one_document: bool) -> None:
        self._chunks = chunks
        self._one_document = one_document

    def text(self, line: AnswerSentence) -> str:
        chunk = self._chunks[line.citations[0]]
        document = "" if self._one_document else one_line(chunk.document)
        return " · ".join(filter(None, (document, page_text(chunk))))


def _marks(line: AnswerSentence) -> str:
    return "".join(f" [{number}]" for number in line.citations)


def _print_titled(console: Console, line: AnswerSentence, places: dict[int, Chunk]) -> None:
    """Print a document of a list: its label, its title, and below them its path."""
    chunk = places[line.citations[0]]
    title = shorten(one_line(line.text), _LONGEST_LINE)
    label = f"{line.label}  " if line.label else ""
    head = Text.assemble((one_line(label) + ("  " if label else ""), "place"), title)
    head.append(_marks(line), style="mark")
    print_indented(console, head, indent=1)
    print_indented(console, Text(one_line(chunk.document), "faint", overflow="fold"), indent=5)


def _print_headings(
    console: Console, label: str, lines: Sequence[AnswerSentence], places: dict[int, Chunk]
) -> None:
    """Print the headings of a document as one paragraph below its title."""
    chunk = places[lines[0].citations[0]]
    print_indented(console, Text(one_line(label), style="place"), indent=1)
    text = Text()
    for line in lines:
        text.append(" · " if text else "")
        text.append(shorten(one_line(line.text), _LONGEST_HEADING))
        text.append(_marks(line), style="mark")
    print_indented(console, text, indent=5)
    print_indented(console, Text(one_line(chunk.document), "faint", overflow="fold"), indent=5)


def _print_labelled(
    console: Console, label: str, lines: Sequence[AnswerSentence], places: _Places
) -> None:
    """Print lines below their day or heading; those of one place name it once, beside it."""
    shared = {places.text(line) for line in lines}
    place = shared.pop() if len(shared) == 1 and label else ""
    if label:
        head = Text.assemble((shorten(one_line(label), _LONGEST_LINE), "place"))
        head.append(f"  {place}" if place else "", style="faint")
        print_indented(console, head, indent=1)
    for line in lines:
        words = shorten(one_line(line.text), _LONGEST_LINE)
        text = Text(f"“{words}”" if line.support == "quoted" else words)
        text.append(_marks(line), style="mark")
        if not place and places.text(line):
            text.append(f"  {places.text(line)}", style="faint")
        print_indented(console, text, indent=5 if label else 1)
