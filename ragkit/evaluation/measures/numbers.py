"""Values of samples to a metric with its interval, clustered by the fact that they are about."""

from collections.abc import Sequence
from dataclasses import replace

from ragkit.evaluation.records import Metric
from ragkit.evaluation.statistics import Estimate, cluster_bootstrap, detectable_difference


def mean_metric(metric: Metric, values: Sequence[float | None], clusters: Sequence[str]) -> Metric:
    """Return a metric with the mean of its values, its interval and the least change it shows.

    Args:
        metric: What the number is called, and what it is held against.
        values: One for each sample; None where it is undefined, which is counted and left out.
        clusters: The `base_id` of each.

    >>> mean_metric(Metric("hit@1", "found first", None), [1.0, 1.0, None], ["a", "b", "c"]).value
    1.0
    """
    known = [(value, of) for value, of in zip(values, clusters, strict=True) if value is not None]
    numbers, bases = [value for value, _ in known], [of for _, of in known]
    estimated = with_estimate(metric, cluster_bootstrap(numbers, bases))
    return replace(
        estimated,
        undefined=len(values) - len(known),
        detectable=detectable_difference(numbers, bases),
    )


def with_estimate(metric: Metric, estimate: Estimate | None) -> Metric:
    """Return a metric with the value, interval and n of an estimate; None leaves it undefined."""
    if estimate is None:
        return metric
    return replace(metric, value=estimate.mean, low=estimate.low, high=estimate.high, n=estimate.n)
