"""The scores of an outcome by rules alone (T0): pure, so that a run can be scored anew."""

from ragkit.evaluation.records import VIEWS, Outcome, Reading, Sample, Score, Scored, View
from ragkit.evaluation.scoring.answers import gives_any
from ragkit.evaluation.scoring.grounding import ground, measure_citations, measure_grounding
from ragkit.evaluation.scoring.hallucinations import name_hallucination
from ragkit.evaluation.scoring.texts import exact_match, holds_answer, token_f1
from ragkit.evaluation.scoring.verdicts import judge, sides_named

ANSWERING = ("ask", "oracle", "closed-book")
"""Calls whose outcomes hold an answer to score."""


def score_outcome(sample: Sample, outcome: Outcome) -> Scored:
    """Return an outcome with the scores of its views; without any where its call gives no answer.

    An outcome with an error is wrong in both views.

    Args:
        sample: What was asked.
        outcome: What came of it.
    """
    if outcome.call == "reason":
        return Scored(outcome, {"model": _score_reasoned(sample, outcome)})
    if outcome.call not in ANSWERING:
        return Scored(outcome)
    if outcome.error:
        views: tuple[View, ...] = ("model",) if outcome.call == "closed-book" else VIEWS
        failed = Score("wrong", right=False, labels={"reason": "error"})
        return Scored(outcome, dict.fromkeys(views, failed))
    return Scored(
        outcome,
        {view: _score(sample, outcome, reading) for view, reading in outcome.readings.items()},
    )


def _score(sample: Sample, outcome: Outcome, reading: Reading) -> Score:
    judged = judge(sample, reading)
    abstained = judged.verdict == "abstained"
    values = _compare(sample, "" if abstained else reading.text)
    labels = {"reason": judged.reason} if judged.reason else {}
    if outcome.passages and not abstained:
        grounded = ground(reading, outcome.passages, outcome.question)
        values |= measure_grounding(grounded)
        values |= measure_citations(reading, outcome.passages, sample.gold)
        hallucination = name_hallucination(sample, judged, reading, grounded)
        labels |= {"hallucination": hallucination} if hallucination else {}
    return Score(judged.verdict, judged.right, values, labels)


def _score_reasoned(sample: Sample, outcome: Outcome) -> Score:
    """Return the score of an answer that is a number, letter or word, and nothing beside it."""
    reading = outcome.readings.get("model")
    said = reading.text.casefold() if reading else ""
    right = said in {answer.casefold() for answer in sample.answers}
    reason = "" if right else "asserted" if said else "absent"
    labels = {"reason": reason} if reason else {}
    return Score("correct" if right else "wrong", right=right, labels=labels)


def _compare(sample: Sample, said: str) -> dict[str, float | None]:
    """Return the sub-scores of what is said as a text; "" for an abstention."""
    wanted = sample.answers if sample.wants_answer else ()
    has_answers = bool(wanted) or not sample.wants_answer
    values: dict[str, float | None] = {
        "em": exact_match(said, wanted, sample.language) if has_answers else None,
        "f1": token_f1(said, wanted, sample.language) if has_answers else None,
        "contains": float(holds_answer(wanted, said)) if wanted else None,
        "words": float(len(said.split())),
    }
    if sample.sides:
        values["sides"] = sides_named(sample, said) / len(sample.sides)
    if sample.world and sample.wants_answer:
        values["follows_document"] = float(gives_any(said, sample.answers))
        values["follows_world"] = float(gives_any(said, sample.world))
    return values
