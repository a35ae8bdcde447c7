"""Why an answer is what it is: what its evidence scored by, and what the check of it found."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ragkit.cli.render.console import print_indented
from ragkit.cli.render.text import one_line, shorten
from ragkit.records import Answer, AnswerSentence, EvidenceSentence, Sufficiency

SUFFICIENCY_WORDS: Mapping[str, str] = {
    "answer": "how surely the reader finds an answer",
    "best_cosine": "closeness of the closest sentence to the question",
    "nearby_coverage": "question's words in the best sentence and beside it",
    "passage_coverage": "question's words in the best passage",
    "missing_detail": "no sentence has the names and the form asked for",
    "lead": "lead of the best sentence over the others",
    "bias": "where it starts from",
}
RANKING_WORDS: Mapping[str, str] = {
    "answer": "answer",
    "cosine": "close",
    "passage_cosine": "passage close",
    "passage_score": "passage found",
    "coverage": "words",
    "nearby_coverage": "words nearby",
    "form": "form",
    "new_words": "new words",
    "other_side": "other side",
}
_TEXT_LENGTH = 160
_NOT_SCORED = (
    "No passages were weighed for this: it was decided by what the index knows of the documents as"
    " a whole, or nothing was found."
)


def print_explanation(console: Console, answer: Answer) -> None:
    """Print what the sufficiency, the choice of sentences and the check were computed from."""
    sufficiency = answer.sufficiency
    console.print()
    if not sufficiency.contributions:
        console.print(Text(_NOT_SCORED, style="faint"))
    else:
        console.print(_verdict(answer))
        console.print(_sufficiency_table(sufficiency))
    evidence = sorted((s for source in answer.sources for s in source.sentences), key=_by_score)
    if any(sentence.features for sentence in evidence):
        console.print()
        console.print(Text("Sentences selected from these sources, best first", style="place"))
        for sentence in evidence:
            _print_evidence(console, sentence)
    if any(sentence.features for sentence in answer.sentences):
        console.print()
        console.print(Text("How each sentence of the answer was checked", style="place"))
        for checked in answer.sentences:
            _print_check(console, checked)


def _by_score(sentence: EvidenceSentence) -> float:
    return -sentence.score


def _verdict(answer: Answer) -> Text:
    sufficiency = answer.sufficiency
    relation = "at least" if sufficiency.enough else "less than"
    text = Text.assemble(
        ("Evidence ", "place"),
        (f"{sufficiency.score:.2f}", "good" if sufficiency.enough else "warn"),
        (f", {relation} the {sufficiency.threshold:.2f} that is needed", "place"),
    )
    if answer.abstained and sufficiency.enough:
        text.append(f"; abstained, for {one_line(answer.reason)}")
    return text


def _sufficiency_table(sufficiency: Sufficiency) -> Table:
    table = Table(box=None, pad_edge=False, header_style="faint", padding=(0, 2, 0, 0))
    table.add_column("", overflow="fold")
    table.add_column("value", justify="right")
    table.add_column("counts", justify="right")
    weighed = sufficiency.contributions
    for name in sorted(weighed, key=lambda name: (name == "bias", -abs(weighed[name]))):
        value = sufficiency.features.get(name)
        table.add_row(
            SUFFICIENCY_WORDS.get(name, name),
            "" if value is None else f"{value:.2f}",
            Text(f"{weighed[name]:+.2f}", style="good" if weighed[name] > 0 else "warn"),
        )
    total = sum(weighed.values())
    table.add_row("together", "", Text(f"{total:+.2f}", style="bold"))
    return table


def _print_evidence(console: Console, sentence: EvidenceSentence) -> None:
    head = Text.assemble((f"[{sentence.source_id}] {sentence.score:.2f}", "mark"), "  ")
    features = ", ".join(
        f"{RANKING_WORDS.get(name, name)} {value:.2f}" for name, value in sentence.features.items()
    )
    print_indented(console, head.append(features, style="faint"), indent=1)
    words = shorten(one_line(sentence.sentence.text), _TEXT_LENGTH)
    print_indented(console, Text(f"“{words}”"), indent=5)


def _print_check(console: Console, sentence: AnswerSentence) -> None:
    marks = "".join(f"[{number}]" for number in sentence.citations)
    head = Text.assemble((f"{marks} {sentence.support} {sentence.score:.2f}".strip(), "mark"), "  ")
    features = ", ".join(
        f"{name.replace('_', ' ')} {value:.2f}" for name, value in sentence.features.items()
    )
    print_indented(console, head.append(features, style="faint"), indent=1)
    words = shorten(one_line(sentence.text), _TEXT_LENGTH)
    print_indented(console, Text(f"“{words}”"), indent=5)
