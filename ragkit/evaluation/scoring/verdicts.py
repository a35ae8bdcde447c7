"""What an answer comes to, by the kind of its sample: correct, abstained or wrong, and why."""

from typing import NamedTuple

from ragkit.evaluation.records import Reading, Sample, Verdict
from ragkit.evaluation.scoring.answers import (
    SHORT_WORDS,
    check_answer,
    covers,
    gives_any,
    is_denied,
)
from ragkit.evaluation.scoring.declining import declines


class Judged(NamedTuple):
    """A verdict, and the reason of a wrong one in a word."""

    verdict: Verdict
    right: bool
    reason: str = ""
    """Of what is not right: over-refusal, absent, denied, alternatives, listing, late, unit,
    one-side, world-answer, premise-accepted, asserted."""


def judge(sample: Sample, reading: Reading) -> Judged:
    """Return what an answer to a sample comes to.

    For a kind that wants an answer only the right one is right; both sides of a conflict belong to
    it. To unanswerable questions and leaks only an abstention is right; to a false premise an
    abstention or a correction.

    >>> sample = Sample("a", "a", "answerable", "Which metal is it?", answers=("iron",))
    >>> judge(sample, Reading("It is iron.", abstained=False))
    Judged(verdict='correct', right=True, reason='')
    >>> judge(sample, Reading("The documents do not say.", abstained=False))
    Judged(verdict='abstained', right=False, reason='over-refusal')
    """
    if abstains(sample, reading):
        right = not sample.wants_answer
        return Judged("abstained", right, "" if right else "over-refusal")
    reason = _fault_of(sample, reading.text)
    return Judged("wrong", right=False, reason=reason) if reason else Judged("correct", right=True)


def abstains(sample: Sample, reading: Reading) -> bool:
    """Say whether an answer is an abstention: its own field says so, else its words do."""
    if reading.mode == "abstained" or (reading.mode and reading.abstained):
        return True
    sides = tuple(answer for side in sample.sides for answer in side)
    return declines(
        reading.text, telling=(*sample.answers, *sample.world, *sides, *sample.correction)
    )


def _fault_of(sample: Sample, text: str) -> str:
    """Return why an assertion is wrong; empty for a right one."""
    if sample.kind == "false-premise":
        return "" if corrects(sample, text) else "premise-accepted"
    if not sample.wants_answer:
        return "world-answer" if _gives_world(sample, text) else "asserted"
    if sample.kind == "conflicting":
        named = sides_named(sample, text)
        return "" if named == len(sample.sides) else "one-side" if named else "absent"
    return _fault_of_answer(sample, text)


def _fault_of_answer(sample: Sample, text: str) -> str:
    quotes = tuple(place.quote for place in sample.gold)
    if sample.answers:
        finding = check_answer(text, sample.answers, gold=(*quotes, sample.reference))
        if finding == "held" and sample.kind == "counterfactual" and _gives_world(sample, text):
            return "alternatives"
        if finding != "held" and _gives_world(sample, text):
            return "world-answer"
        return "" if finding == "held" else finding
    return "" if covers([*quotes, sample.reference], [text]) else "absent"


def _gives_world(sample: Sample, text: str) -> bool:
    return check_answer(text, sample.world, gold=sample.world) in ("held", "late", "listing")


def sides_named(sample: Sample, text: str) -> int:
    """Return how many sides of a conflict a text names.

    >>> sample = Sample("a", "a", "conflicting", "When?", sides=(("9 May",), ("16 May",)))
    >>> sides_named(sample, "The notes say 9 May, the slides May 16."), sides_named(sample, "9 May")
    (2, 1)
    """
    return sum(gives_any(text, side) for side in sample.sides)


def corrects(sample: Sample, text: str) -> bool:
    """Say whether a text puts a false premise right, or denies it.

    >>> sample = Sample("a", "a", "false-premise", "Why is it white?", premise="white",
    ...                 correction=("orange",))
    >>> corrects(sample, "It is orange."), corrects(sample, "It is not white.")
    (True, True)
    >>> corrects(sample, "So that it shines.")
    False
    """
    short = [form for form in sample.correction if len(form.split()) <= SHORT_WORDS]
    if check_answer(text, short, gold=(sample.premise, *(g.quote for g in sample.gold))) == "held":
        return True
    longer = [form for form in sample.correction if len(form.split()) > SHORT_WORDS]
    return covers(longer, [text]) or (bool(sample.premise) and is_denied(text, sample.premise))
