"""An answer on a screen: the sentences with their marks, then each source with what it says."""

from rich.console import Console, Group, RenderableType
from rich.text import Text

from ragkit.cli.render.console import print_indented
from ragkit.cli.render.overview import print_overview
from ragkit.cli.render.place import place_text
from ragkit.cli.render.receipt import receipt_line
from ragkit.cli.render.text import clean, one_line, shorten
from ragkit.records import Answer, AnswerSentence, Source
from ragkit.words import find_words

_QUOTE_LENGTH = 320


def print_answer(console: Console, answer: Answer, *, raw: bool = False) -> None:
    """Print an answer, its sources, and how it was checked."""
    console.print()
    if raw and answer.completion:
        console.print(Text("What the model said, unchecked:", style="warn"))
        console.print(Text(clean(answer.completion.text).strip()))
        console.print()
    if answer.scope != "passages" and not answer.abstained:
        print_overview(console, answer)
        console.print()
        console.print(receipt_line(answer))
        return
    console.print(_abstention(answer) if answer.abstained else _sentences(answer))
    console.print()
    title = "Closest passages" if answer.abstained else "Sources"
    if answer.sources:
        console.print(Text(title, style="place"))
        for source in answer.sources:
            _print_source(console, source, answer)
        console.print()
    if answer.reasoning and not raw:
        _print_reasoning(console, answer)
    console.print(receipt_line(answer))


def _abstention(answer: Answer) -> RenderableType:
    lines = [Text("Your documents do not say.", style="bold yellow")]
    if answer.reason:
        lines.append(Text(f"Why: {clean(answer.reason)}."))
    return Group(*lines)


def _sentences(answer: Answer) -> RenderableType:
    text = Text()
    for sentence in answer.sentences:
        if text:
            text.append("\n" if answer.mode == "quoted" else " ")
        text.append_text(_sentence(sentence, quoted=answer.mode == "quoted"))
    if answer.mode != "quoted":
        return text
    why = f" ({clean(answer.reason)})" if answer.reason else ""
    lead = answer.notice or f"In the words of your documents{why}:"
    return Group(Text(lead, style="warn" if answer.notice else "faint"), text)


def _sentence(sentence: AnswerSentence, *, quoted: bool) -> Text:
    words = one_line(sentence.text)
    text = Text(f"“{words}”" if quoted else words)
    span = one_line(sentence.answer_span)
    if (start := find_words(text.plain, span)) >= 0:
        text.stylize("answer", start, start + len(span))
    for number in sentence.citations:
        text.append(" ")
        text.append(f"[{number}]", style="mark")
    return text


def _print_source(console: Console, source: Source, answer: Answer) -> None:
    place = place_text(source.hit.chunk)
    head = Text.assemble((f"[{source.id}]", "mark"), " ", (place, "place"), overflow="fold")
    print_indented(console, head, indent=1)
    for words in _quotes(source, answer):
        quote = Text(f"“{shorten(one_line(words), _QUOTE_LENGTH)}”", style="quote")
        print_indented(console, quote, indent=5)


def _print_reasoning(console: Console, answer: Answer) -> None:
    """Print what the model thought, faint and apart: nothing of it was checked."""
    unused = "" if answer.mode == "generated" else "; its answer is not shown"
    console.print(Text(f"Reasoning of the model (unchecked{unused})", style="faint"))
    print_indented(console, Text(clean(answer.reasoning), style="faint"), indent=1)
    console.print()


def _quotes(source: Source, answer: Answer) -> list[str]:
    """Return the words of a source that back the answer; a quoted answer has just said them."""
    if answer.mode == "quoted":
        return []
    if answer.abstained:
        return [max(source.sentences, key=lambda sentence: sentence.score).sentence.text]
    backing = [s.quote for s in answer.sentences if source.id in s.citations]
    return list(dict.fromkeys(backing))
