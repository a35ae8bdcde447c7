"""The last line of an answer: how it was checked, and by whom it was said."""

from collections.abc import Iterator

from rich.text import Text

from ragkit.cli.render.text import seconds_text
from ragkit.records import Answer

_SUPPORT_WORDS = {"quoted": "word for word in its source", "supported": "backed by its source"}


def receipt_line(answer: Answer) -> Text:
    """Return how an answer was checked, what was mended in it, who spoke, and for how long."""
    parts = [_checked(answer), *_mended(answer)]
    if answer.model:
        parts.append(f"{answer.model.title}, {answer.prompt.strategy if answer.prompt else ''}")
    else:
        parts.append("no model was asked")
    parts.append(seconds_text(answer.timings_s.get("total", 0.0)))
    style = "warn" if answer.abstained else "good"
    mark = "–" if answer.abstained else "✓"
    return Text.assemble((f"{mark} {parts[0]}", style), (" · " + " · ".join(parts[1:]), "faint"))


def _checked(answer: Answer) -> str:
    if answer.abstained and answer.scope != "passages":
        return "looked for by number, kind, title and file name"
    if answer.abstained:
        sufficiency = answer.sufficiency
        return f"evidence {sufficiency.score:.2f}, needed {sufficiency.threshold:.2f}"
    kinds = [sentence.support for sentence in answer.sentences]
    sentences = _counted(len(kinds), "sentence")
    if len(set(kinds)) == 1:
        return f"{sentences} checked: {_SUPPORT_WORDS[kinds[0]]}"
    counts = ", ".join(
        f"{kinds.count(kind)} {words}" for kind, words in _SUPPORT_WORDS.items() if kind in kinds
    )
    return f"{sentences} checked: {counts}"


def _mended(answer: Answer) -> Iterator[str]:
    """Yield what was changed in the words of a model before they were shown."""
    if answer.mode != "generated":
        return
    if answer.dropped_sentences:
        yield f"{_counted(answer.dropped_sentences, 'sentence')} without backing left out"
    if answer.corrected_citations:
        yield f"{_counted(answer.corrected_citations, 'citation')} corrected"
    if answer.removed_citations:
        yield f"{_counted(answer.removed_citations, 'citation')} of nothing removed"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
