"""Intervals that know which samples belong together: clusters are what is drawn, not samples.

Samples that share a base fact are not independent. A share of counts (of samples, each 0 or 1; of
citations, so many of so many) has the interval of Wilson for as many independent ones as its
clusters are worth, which stays honest where nothing or everything is right. Any other mean or ratio
has the percentile interval of drawing the clusters anew, at levels that are widened for few of them
(Hesterberg 2015, "What teachers should know about the bootstrap", section 5.3): the plain one holds
90% where 95% is promised at ten clusters.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from ragkit.evaluation.statistics.estimates import Estimate, wilson

Floats = NDArray[np.float64]

_CELLS = 1 << 20
"""Numbers drawn at a time, so that many values need little memory."""


def cluster_bootstrap(
    values: Sequence[float],
    clusters: Sequence[Hashable] | None = None,
    *,
    resamples: int = 10_000,
    seed: int = 0,
    level: float = 0.95,
) -> Estimate | None:
    """Return the mean of some values with its interval; None of no values.

    Args:
        values: One for each sample.
        clusters: What each belongs to, such as its base; None where each stands for itself.
        resamples: How often clusters are drawn anew.
        seed: Of the drawing.
        level: How surely the interval holds the mean.

    >>> cluster_bootstrap([0.5, 0.5, 0.5, 0.5], ["age", "age", "size", "size"])
    Estimate(mean=0.5, low=0.5, high=0.5, n=4)
    >>> cluster_bootstrap([1.0, 0.0], ["age", "age"])
    Estimate(mean=0.5, low=None, high=None, n=2)
    """
    ones = [1.0] * len(values)
    return ratio_bootstrap(values, ones, clusters, resamples=resamples, seed=seed, level=level)


def bootstrap_mean(
    values: Sequence[float], *, level: float = 0.95, seed: int = 0
) -> Estimate | None:
    """Return the mean of independent values with its interval; None of no values.

    For the difference of two systems on the same items give the differences, item by item.

    >>> bootstrap_mean([0.5, 0.5, 0.5])
    Estimate(mean=0.5, low=0.5, high=0.5, n=3)
    """
    return cluster_bootstrap(values, level=level, seed=seed)


def ratio_bootstrap(
    numerators: Sequence[float],
    denominators: Sequence[float],
    clusters: Sequence[Hashable] | None = None,
    *,
    resamples: int = 10_000,
    seed: int = 0,
    level: float = 0.95,
) -> Estimate | None:
    """Return sum / sum with its interval; None where the denominators come to nothing.

    As of precision: right abstentions over abstentions, each 0 or 1 for a sample. `n` counts the
    samples whose denominator is not 0.

    >>> ratio_bootstrap([1, 0, 0], [1, 0, 1]).mean
    0.5
    """
    over = np.asarray(numerators, dtype=np.float64)
    under = np.asarray(denominators, dtype=np.float64)
    if not len(under) or under.sum() == 0:
        return None
    of = cluster_numbers(clusters, len(under))
    tops, bottoms = np.bincount(of, over), np.bincount(of, under)
    tops, bottoms = tops[bottoms != 0], bottoms[bottoms != 0]
    mean, n = float(tops.sum() / bottoms.sum()), int(np.count_nonzero(under))
    if len(tops) == 1:
        return Estimate(mean, None, None, n)
    if _counts(over, under):
        bounds = wilson(mean * (worth := _worth(tops, bottoms, level)), worth, level=level)
        return bounds and Estimate(mean, bounds.low, bounds.high, n)
    low, high = redrawn_interval(tops, bottoms, resamples=resamples, seed=seed, level=level)
    return Estimate(mean, low, high, n)


def _counts(over: Floats, under: Floats) -> bool:
    """Return whether these are so many of so many."""
    whole = not (over % 1).any() and not (under % 1).any()
    return whole and bool((over >= 0).all()) and bool((over <= under).all())


def _worth(tops: Floats, bottoms: Floats, level: float) -> float:
    """Return how many independent ones would tell a share as well: at most those that there are.

    Source: Korn and Graubard 1998, "Confidence intervals for proportions with small expected number
    of positive counts estimated from survey data"; with the interval of Wilson after Dean and
    Pagano 2015, "Evaluating confidence interval methods for binomial proportions in clustered
    surveys".
    """
    from scipy.special import stdtrit

    count, n = len(tops), float(bottoms.sum())
    share = float(tops.sum()) / n
    if share in (0.0, 1.0):
        return count  # samples of a base may well be right or wrong together
    variance = ratio_variance(tops, bottoms)
    if not variance:
        return n
    middle = (1 + level) / 2
    narrowing = float(stdtrit(n - 1, middle) / stdtrit(count - 1, middle)) ** 2
    return min(n, share * (1 - share) / variance * narrowing)


def ratio_variance(tops: Floats, bottoms: Floats) -> float:
    """Return that of sum / sum over clusters, at least two: the jackknife's, to first order.

    Source: Cochran 1977, "Sampling Techniques", sections 6.4 and 6.17.
    """
    count, n = len(tops), float(bottoms.sum())
    residuals = (tops - tops.sum() / n * bottoms) / (1 - bottoms / n)
    return (count - 1) / count * float(residuals @ residuals) / n**2


def redrawn_interval(
    tops: Floats, bottoms: Floats, *, resamples: int, seed: int, level: float = 0.95
) -> tuple[float, float]:
    """Return the interval of sum / sum over clusters, at least two, of which none is empty."""
    drawn = np.concatenate(
        [tops[rows].sum(1) / bottoms[rows].sum(1) for rows in _draw(len(tops), resamples, seed)]
    )
    return interval(drawn, len(tops), level=level)


def bootstrap_statistic(
    rows: Sequence[Sequence[float]] | Floats,
    clusters: Sequence[Hashable] | None,
    function: Callable[[Floats], float | None],
    *,
    resamples: int = 2_000,
    seed: int = 0,
    level: float = 0.95,
) -> Estimate | None:
    """Return any number of a table with its interval; None where it is undefined.

    Args:
        rows: A row for each sample, with all that the function needs of it.
        clusters: What each row belongs to; None where each stands for itself.
        function: Of such a table, of as many or other rows; None where it is undefined. Draws for
            which it is are left out.
        resamples: Fewer than for means, since the function is called for each.
        seed: Of the drawing.
        level: How surely the interval holds the number.

    >>> bootstrap_statistic([[1.0], [1.0]], None, lambda table: float(table.max()))
    Estimate(mean=1.0, low=1.0, high=1.0, n=2)
    """
    table = np.asarray(rows, dtype=np.float64)
    mean = function(table) if len(table) else None
    if mean is None:
        return None
    of = cluster_numbers(clusters, len(table))
    count = int(of.max()) + 1
    members = [np.flatnonzero(of == number) for number in range(count)]
    drawn = [
        value
        for block in _draw(count, resamples if count > 1 else 0, seed)
        for picks in block
        if (value := function(table[np.concatenate([members[pick] for pick in picks])])) is not None
    ]
    if len(drawn) < resamples / 2:  # undefined more often than not: no interval worth its name
        return Estimate(mean, None, None, len(table))
    return Estimate(mean, *interval(np.asarray(drawn), count, level=level), len(table))


def interval(drawn: Floats, clusters: int, *, level: float = 0.95) -> tuple[float, float]:
    """Return the expanded percentile interval of numbers that were drawn anew."""
    from scipy.special import stdtrit

    t = float(stdtrit(clusters - 1, (1 + level) / 2))
    tail = NormalDist().cdf(-sqrt(clusters / (clusters - 1)) * t)
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return float(low), float(high)


def cluster_numbers(clusters: Sequence[Hashable] | None, n: int) -> NDArray[np.intp]:
    """Return a number from 0 for each of n values, the same for those of a cluster.

    >>> cluster_numbers(["b", "a", "b"], 3).tolist()
    [0, 1, 0]
    """
    if clusters is None:
        return np.arange(n)
    if len(clusters) != n:
        raise ValueError(f"{n} values but {len(clusters)} clusters")
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(one, len(numbers)) for one in clusters], dtype=np.intp)


def _draw(count: int, resamples: int, seed: int) -> Iterator[NDArray[np.intp]]:
    """Yield blocks of draws, each a row of `count` cluster numbers."""
    generator = np.random.default_rng(seed)
    block = max(1, _CELLS // count)
    for start in range(0, resamples, block):
        yield generator.integers(0, count, (min(block, resamples - start), count))
