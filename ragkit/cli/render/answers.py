"""An answer on a screen: the sentences with their marks, then each source with what it says."""

from rich.console import Console, Group, RenderableType
from rich.text import Text

from ragkit.cli.render.console import print_indented
from ragkit.cli.render.overview import print_overview
from ragkit.cli.render.place import place_text
from ragkit.cli.render.text import clean, one_line, seconds_text, shorten
from ragkit.records import Answer, AnswerSentence, Source

_QUOTE_LENGTH = 320
_SUPPORT_WORDS = {"quoted": "word for word in its source", "supported": "backed by its source"}


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
        console.print(_receipt(answer))
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
    console.print(_receipt(answer))


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
    lead = answer.notice or "In the words of your documents:"
    return Group(Text(lead, style="warn" if answer.notice else "faint"), text)


def _sentence(sentence: AnswerSentence, *, quoted: bool) -> Text:
    words = one_line(sentence.text)
    text = Text(f"“{words}”" if quoted else words)
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


def _receipt(answer: Answer) -> Text:
    parts = [_checked(answer)]
    if answer.model:
        parts.append(f"{answer.model.name}, {answer.prompt.strategy if answer.prompt else ''}")
    else:
        parts.append("no model was asked")
    parts.append(seconds_text(answer.timings_s.get("total", 0.0)))
    style = "warn" if answer.abstained else "good"
    mark = "–" if answer.abstained else "✓"
    return Text.assemble((f"{mark} {parts[0]}", style), (" · " + " · ".join(parts[1:]), "faint"))


def _checked(answer: Answer) -> str:
    if answer.abstained:
        sufficiency = answer.sufficiency
        return f"evidence {sufficiency.score:.2f}, needed {sufficiency.threshold:.2f}"
    kinds = [sentence.support for sentence in answer.sentences]
    total = len(kinds)
    sentences = "sentence" if total == 1 else "sentences"
    if len(set(kinds)) == 1:
        return f"{total} {sentences} checked: {_SUPPORT_WORDS[kinds[0]]}"
    counts = ", ".join(
        f"{kinds.count(kind)} {words}" for kind, words in _SUPPORT_WORDS.items() if kind in kinds
    )
    return f"{total} {sentences} checked: {counts}"
