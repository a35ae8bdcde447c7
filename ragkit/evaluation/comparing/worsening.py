"""By how much a metric differs between two runs, with the narrowest interval that is honest.

Where a metric is the mean of a number that every outcome has, which is found out by computing it,
the runs are compared pair by pair; else by the intervals that the two summaries give.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ragkit.evaluation.comparing.joining import pair_up
from ragkit.evaluation.comparing.values import Item, choose_view, items_of
from ragkit.evaluation.records import Call, Metric
from ragkit.evaluation.runs import LoadedRun
from ragkit.evaluation.statistics import Estimate, paired_difference, unpaired_difference

_SAME = 1e-9
"""How far a mean may be from the value of a metric that it is."""
_PARTS: tuple[Call, ...] = ("ask", "oracle", "closed-book", "reason", "twin")


class Change(NamedTuple):
    """How much higher a metric is in the second of two runs."""

    estimate: Estimate
    paired: bool
    """Whether that is of pairs of outcomes."""
    detectable: float | None = None
    """The least difference that so many pairs show; None where they are not pairs, or all alike."""


def change_of(before: LoadedRun, after: LoadedRun, metrics: tuple[Metric, Metric]) -> Change | None:
    """Return how much higher a metric is in the second run; None where no interval can be told.

    Args:
        before: The first run.
        after: The second run.
        metrics: The same metric of either.
    """
    one, other = metrics
    if one.value is None or other.value is None:
        return None
    view = other.view or choose_view(before.scored, after.scored)
    first, second = (items_of(run.samples, run.scored, view) for run in (before, after))
    common = {pair.after.outcome.key for pair in pair_up(before, after, view).pairs}
    for here, there in zip(_candidates(first, other), _candidates(second, other), strict=True):
        keys = [key for key in here if key in there and key in common]
        if keys and _is_mean(here, one.value) and _is_mean(there, other.value):
            bases = [second[key].outcome.base_id for key in keys]
            pairs = [here[key] for key in keys], [there[key] for key in keys]
            found = paired_difference(*pairs, bases)
            if found and found.low is not None:
                estimate = Estimate(found.mean, found.low, found.high, found.n)
                return Change(estimate, paired=True, detectable=found.detectable)
    apart = unpaired_difference(_estimate(one.value, one), _estimate(other.value, other))
    return apart and Change(apart, paired=False)


def _candidates(items: Mapping[str, Item], metric: Metric) -> Iterator[Mapping[str, float]]:
    """Yield what a metric may be the mean of: the answers to what is asked as the samples put it.

    Of a metric of a search it is the hybrid one, or the one that its name ends with.
    """
    name, _, way = metric.name.partition("/")
    for part in (*_PARTS, f"search, {way or 'hybrid'}"):
        yield {
            key: value
            for key, item in items.items()
            if item.part == part and (value := item.values.get(name)) is not None
        }


def _is_mean(values: Mapping[str, float], value: float) -> bool:
    return bool(values) and abs(sum(values.values()) / len(values) - value) < _SAME


def _estimate(value: float, metric: Metric) -> Estimate:
    return Estimate(value, metric.low, metric.high, metric.n)
