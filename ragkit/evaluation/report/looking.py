"""The outcomes to look at first, each with what was asked, shown, right, and what it rests on."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ragkit.evaluation.records import (
    BASE_AXIS,
    Outcome,
    Passage,
    Reading,
    Sample,
    Scored,
    Summary,
    View,
)

ABSTENTION = "Your documents do not say."
_TORN_END = 12
"""Characters at the end of a completion that was cut off, which tell a reader nothing."""
_MARK = re.compile(r" ?\[\d+\]")


@dataclass(frozen=True, slots=True)
class Look:
    """An outcome as a reader looks at it."""

    key: str
    sample_id: str
    kind: str
    variant: str
    """How it was put; empty where as the sample puts it."""
    question: str
    shown: str
    """What a user saw; of an error, why there is nothing to see."""
    said: str
    """What the model said; empty where it was not asked or that is what was shown."""
    right: str
    verdict: str
    labels: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    """Those cited, or else all that it was to answer from."""
    cited: bool = False
    gold: tuple[tuple[str, str], ...] = ()
    """Where the right answer stands: the place, and its words."""


def looks_of(
    keys: Iterable[str], samples: Sequence[Sample], scored: Sequence[Scored]
) -> tuple[Look, ...]:
    """Return what to look at, in the order of the keys; those of no outcome are left out."""
    by_id = {sample.id: sample for sample in samples}
    by_key = {one.outcome.key: one for one in scored}
    found = (by_key[key] for key in keys if key in by_key)
    return tuple(_look(one, by_id.get(one.outcome.sample_id)) for one in found)


def worst_looks(
    summary: Summary, samples: Sequence[Sample], scored: Sequence[Scored], *, count: int = 5
) -> tuple[Look, ...]:
    """Return the worst outcomes of a run."""
    return looks_of(summary.worst[:count], samples, scored)


def _look(scored: Scored, sample: Sample | None) -> Look:
    outcome = scored.outcome
    view: View = "shown" if "shown" in outcome.readings or not outcome.readings else "model"
    reading = outcome.readings.get(view)
    score = scored.scores.get(view)
    shown = _shown_text(outcome, reading)
    said = (outcome.completion or "").strip()
    cited = _cited(outcome, reading)
    return Look(
        key=outcome.key,
        sample_id=outcome.sample_id,
        kind=outcome.kind,
        variant="" if outcome.axis == BASE_AXIS else f"{outcome.axis}: {outcome.level}",
        question=outcome.question,
        shown=shown,
        said="" if _says_the_same(said, shown) else said,
        right=right_text(sample) if sample else "",
        verdict=score.verdict if score else "error" if outcome.error else "",
        labels=_labels(score.labels if score else {}),
        passages=cited or outcome.passages,
        cited=bool(cited),
        gold=_gold(sample),
    )


def _says_the_same(said: str, shown: str) -> bool:
    """Return whether a completion is what is shown, but for citations and a torn end.

    >>> _says_the_same("It is 7 m deep. The", "It is 7 m deep. [1]")
    True
    """
    words = _MARK.sub("", shown)
    return said.startswith(words) and len(said) - len(words) <= _TORN_END


def _shown_text(outcome: Outcome, reading: Reading | None) -> str:
    if outcome.error:
        return f"no answer: {outcome.error}"
    if outcome.call == "search":
        return "; ".join(place_text(found.document, found.page) for found in outcome.passages[:5])
    return _reading_text(reading)


def _reading_text(reading: Reading | None) -> str:
    if reading is None:
        return ""
    if reading.abstained:
        why = f" Why: {reading.reason}." if reading.reason else ""
        return ABSTENTION + why
    if not reading.sentences:
        return reading.text
    return " ".join(
        sentence.text + "".join(f" [{number}]" for number in sentence.citations)
        for sentence in reading.sentences
    )


def _cited(outcome: Outcome, reading: Reading | None) -> tuple[Passage, ...]:
    sentences = reading.sentences if reading else ()
    numbers = {number for sentence in sentences for number in sentence.citations}
    return tuple(passage for passage in outcome.passages if passage.id in numbers)


def _labels(labels: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{name.replace('_', ' ')}: {value}" for name, value in labels.items() if value)


def _gold(sample: Sample | None) -> tuple[tuple[str, str], ...]:
    if sample is None:
        return ()
    return tuple((place_text(gold.document, gold.page), gold.quote) for gold in sample.gold)


def place_text(document: str, page: int | None) -> str:
    """Return where something stands.

    >>> place_text("science/slides.pptx", 4), place_text("faq.txt", None)
    ('science/slides.pptx, page 4', 'faq.txt')
    """
    return document if page is None else f"{document}, page {page}"


def right_text(sample: Sample) -> str:
    """Return what is right to say about a sample.

    >>> right_text(Sample("a.near", "a", "unanswerable-near", "Who?"))
    'To say that the documents do not hold it.'
    """
    if sample.kind == "false-premise":
        put_right = " or ".join(sample.correction)
        wrongly = f" that “{sample.premise}” is wrong" if sample.premise else " that it is wrong"
        return f"To say{wrongly}" + (f" ({put_right})." if put_right else ".")
    if not sample.wants_answer:
        return "To say that the documents do not hold it."
    if sample.kind == "conflicting" and sample.sides:
        return "Both: " + " and ".join(side[0] for side in sample.sides if side)
    return sample.reference or " or ".join(sample.answers)
