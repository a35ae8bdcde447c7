"""Whether the answers of a sample stand where they should, and nowhere else."""

from collections.abc import Iterator, Sequence

from ragkit.evaluation.checking.findings import Finding, error, warning
from ragkit.evaluation.checking.shelf import Shelf
from ragkit.evaluation.records import Sample
from ragkit.evaluation.scoring import holds_answer

COMPUTED_TYPES = ("computed", "yes-no")
"""Types of answer that need not stand in the gold in these words."""
_MOST_PLACES = 3
_CHOICE = " or "


def check_answers(sample: Sample, shelf: Shelf) -> Iterator[Finding]:
    """Yield what is wrong with the answers of a sample."""
    accepted = sample.answers or sample.correction
    if not accepted:
        return
    yield from _check_questions(sample, accepted)
    if not sample.gold or sample.type in COMPUTED_TYPES:
        return
    if sample.sides:
        for side, place in zip(sample.sides, sample.gold, strict=True):
            if not holds_answer(side, place.quote):
                told = f"no answer of its side {_listed(side)} stands in {place.quote!r}"
                yield error("answer-not-in-gold", sample.id, told)
        return
    if not any(holds_answer(accepted, place.quote) for place in sample.gold if place.quote):
        quotes = " | ".join(place.quote for place in sample.gold)
        told = f"none of {_listed(accepted)} stands in the gold: {quotes!r}"
        if any(place.quote for place in sample.gold):
            yield error("answer-not-in-gold", sample.id, told)
    if sample.answers and not sample.of:
        yield from _check_ambiguity(sample, shelf)


def _check_questions(sample: Sample, accepted: Sequence[str]) -> Iterator[Finding]:
    asked = (sample.question, *sample.paraphrases, *sample.translations.values())
    for question in asked:
        if holds_answer(accepted, question) and _CHOICE not in question:
            told = f"the question holds its own answer: {question!r}"
            yield error("answer-in-question", sample.id, told)


def _check_ambiguity(sample: Sample, shelf: Shelf) -> Iterator[Finding]:
    """Yield places beside the gold that say the same: whoever cites them is right, too."""
    found = [
        one for one in shelf.telling(sample.answers, sample.question)
        if not one.overlaps(sample.gold) and _is_within(one.document, sample.within)
    ]  # fmt: skip
    for one in found[:_MOST_PLACES]:
        told = f"an answer may stand outside the gold, in {one.place}"
        yield warning("answer-elsewhere", sample.id, told)


def _is_within(document: str, within: Sequence[str]) -> bool:
    return not within or any(document == n or document.endswith(f"/{n}") for n in within)


def _listed(answers: Sequence[str]) -> str:
    return ", ".join(map(repr, answers))
