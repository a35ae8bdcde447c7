"""The outcomes of a run as rows of one view, each with its sample and its score."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ragkit.evaluation.measures.numbers import mean_metric, with_estimate
from ragkit.evaluation.measures.planning import BASE
from ragkit.evaluation.records import Call, Metric, Outcome, Sample, Score, Scored, View
from ragkit.evaluation.statistics import ratio_bootstrap

UNANSWERABLE = ("unanswerable-near", "unanswerable-far", "leak")
"""Kinds for which only to abstain is right."""


class Item(NamedTuple):
    """One outcome in one view."""

    sample: Sample
    outcome: Outcome
    score: Score
    view: View

    @property
    def asserts(self) -> bool:
        """Whether it answers rather than abstains; an error counts as an answer, a wrong one."""
        return self.score.verdict != "abstained"

    @property
    def is_wrong(self) -> bool:
        """Whether something wrong is said as if it were so."""
        return self.score.verdict == "wrong"

    @property
    def base(self) -> str:
        """The cluster that it belongs to."""
        return self.outcome.base_id


def items_of(
    samples: Sequence[Sample],
    scored: Iterable[Scored],
    view: View,
    *,
    call: Call = "ask",
    variant: str = BASE.id,
) -> tuple[Item, ...]:
    """Return the outcomes of a call and variant that have a score in a view."""
    known = {sample.id: sample for sample in samples}
    return tuple(
        Item(known[one.outcome.sample_id], one.outcome, one.scores[view], view)
        for one in scored
        if one.outcome.call == call
        and one.outcome.variant == variant
        and view in one.scores
        and one.outcome.sample_id in known
    )


def mean_of(metric: Metric, items: Sequence[Item], value: Callable[[Item], float | None]) -> Metric:
    """Return a metric with the mean of a value over items, clustered by base."""
    return mean_metric(metric, [value(item) for item in items], [item.base for item in items])


def ratio_of(
    metric: Metric,
    items: Sequence[Item],
    over: Callable[[Item], float],
    under: Callable[[Item], float],
) -> Metric:
    """Return a metric with a sum over items divided by another, clustered by base."""
    estimate = ratio_bootstrap(
        [over(item) for item in items],
        [under(item) for item in items],
        [item.base for item in items],
    )
    return with_estimate(metric, estimate)


def value_of(name: str) -> Callable[[Item], float | None]:
    """Return what reads a sub-score of an item; None where it has none."""
    return lambda item: item.score.values.get(name)
