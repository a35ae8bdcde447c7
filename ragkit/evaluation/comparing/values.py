"""What an outcome comes to as numbers, so that two runs can be compared outcome by outcome."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ragkit.evaluation.measures.memorisation.pairs import pairs_of
from ragkit.evaluation.measures.retrieval.rankings import score_search
from ragkit.evaluation.records import BASE_AXIS, Outcome, Sample, Score, Scored, View

_SUMS = ("mean", "lowest_fifth")
"""How the log-probabilities of a sentence and of its twin are summed up."""
VERDICT_VALUES = ("right", "wrong_and_asserted", "coverage")
"""What every answer has: 1 where it is right, wrong and no abstention, or no abstention; else 0."""


@dataclass(frozen=True, slots=True)
class Item:
    """An outcome with its numbers in one view."""

    sample: Sample
    outcome: Outcome
    score: Score | None
    """None of what holds no answer, such as a search."""
    values: Mapping[str, float | None]

    @property
    def part(self) -> str:
        """What it may be averaged with: the call; of a search its way, of a variant its axis."""
        outcome = self.outcome
        if outcome.call == "search":
            return f"search, {outcome.level}"
        return outcome.call if outcome.axis == BASE_AXIS else f"{outcome.call}, {outcome.axis}"


def values_of(score: Score) -> dict[str, float | None]:
    """Return the numbers of a score, those of its verdict first.

    >>> values_of(Score("wrong", right=False, values={"f1": 0.5}))
    {'right': 0.0, 'wrong_and_asserted': 1.0, 'coverage': 1.0, 'f1': 0.5}
    """
    return {
        "right": float(score.right),
        "wrong_and_asserted": float(score.verdict == "wrong"),
        "coverage": float(score.verdict != "abstained"),
        **score.values,
    }


def choose_view(*runs: Sequence[Scored]) -> View:
    """Return the view to compare runs in: what was shown, unless one of them shows nothing."""
    shown = all(any("shown" in one.scores for one in scored) for scored in runs)
    return "shown" if shown else "model"


def items_of(samples: Iterable[Sample], scored: Iterable[Scored], view: View) -> Mapping[str, Item]:
    """Return the outcomes that have numbers in a view, by their keys."""
    known = {sample.id: sample for sample in samples}
    items = {}
    for one in scored:
        outcome, sample = one.outcome, known[one.outcome.sample_id]
        score = one.scores.get(view)
        values = _values_in(sample, outcome, score)
        if values:
            items[outcome.key] = Item(sample, outcome, score, values)
    return items


def _values_in(
    sample: Sample, outcome: Outcome, score: Score | None
) -> Mapping[str, float | None] | None:
    """Return the numbers of an outcome; of a variant only whether it moves the verdict."""
    if score:
        values = values_of(score)
        names = values if outcome.axis == BASE_AXIS else VERDICT_VALUES
        return {name: values[name] for name in names}
    if outcome.call == "search" and sample.gold:
        return score_search(sample, outcome)
    if outcome.call == "twin":
        return {f"delta_{name}": pair.delta(name) for pair in pairs_of([outcome]) for name in _SUMS}
    return None
