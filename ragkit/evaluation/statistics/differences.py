"""Whether two runs over the same samples differ, by how much, and what difference would show."""

from collections.abc import Hashable, Sequence
from math import hypot, sqrt
from typing import NamedTuple

import numpy as np

from ragkit.evaluation.statistics.bootstrap import (
    Floats,
    cluster_numbers,
    ratio_variance,
    redrawn_interval,
)
from ragkit.evaluation.statistics.estimates import Estimate


class Difference(NamedTuple):
    """How much higher the second of two runs is, pair by pair."""

    mean: float
    low: float | None
    """Of the 95% interval; None of a single cluster."""
    high: float | None
    p: float
    """Of no difference, two-sided, by randomisation."""
    n: int
    detectable: float | None
    """The least difference that so many pairs with so much noise show (80% power, alpha .05); None
    where all pairs differ alike, or not at all."""


def paired_difference(
    a: Sequence[float],
    b: Sequence[float],
    clusters: Sequence[Hashable] | None = None,
    *,
    resamples: int = 10_000,
    seed: int = 0,
) -> Difference | None:
    """Return how much higher `b` is than `a` on the same samples; None of no pairs.

    The interval is that of a bootstrap of whole clusters; p that of a randomisation of them.

    >>> paired_difference([0.0, 0.0], [0.5, 0.5]).mean
    0.5
    """
    if len(a) != len(b):
        raise ValueError(f"{len(a)} values against {len(b)}")
    steps = np.asarray(b, dtype=np.float64) - np.asarray(a, dtype=np.float64)
    if not len(steps):
        return None
    of = cluster_numbers(clusters, len(steps))
    sums = np.bincount(of, steps).astype(np.float64)
    sizes = np.bincount(of).astype(np.float64)
    low = high = detectable = None
    if spread := _standard_error(steps, clusters):
        low, high = redrawn_interval(sums, sizes, resamples=resamples, seed=seed)
        detectable = _times_to_detect(spread[1]) * spread[0] or None
    p = fisher_randomisation(a, b, clusters=clusters, permutations=resamples, seed=seed)
    return Difference(float(steps.mean()), low, high, p or 1.0, len(steps), detectable)


def unpaired_difference(a: Estimate, b: Estimate) -> Estimate | None:
    """Return how much higher `b` is than `a`, of two samples whose errors are independent.

    None where either has no interval. For numbers that are no means, such as an F1, of runs over
    the same samples, it is wider than need be: their errors go together.

    >>> from ragkit.evaluation.statistics import wilson
    >>> print(unpaired_difference(wilson(48, 80), wilson(56, 70)))
    0.200 [0.052, 0.334]

    Source: Zou and Donner 2008, "Construction of confidence limits about effect measures: a general
    approach". The example is that of Newcombe 1998, "Interval estimation for the difference between
    independent proportions", table II, method 10 (0.0524 to 0.3339).
    """
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return None
    mean = b.mean - a.mean
    below = hypot(b.mean - b.low, a.high - a.mean)
    above = hypot(b.high - b.mean, a.mean - a.low)
    return Estimate(mean, mean - below, mean + above, min(a.n, b.n))


def detectable_difference(
    values: Sequence[float] | int,
    clusters: Sequence[Hashable] | None = None,
    *,
    power: float = 0.8,
    alpha: float = 0.05,
) -> float | None:
    """Return the least difference that two runs as large as this one would show.

    None where the values tell nothing: those of a single cluster, or all alike. It is as if the
    errors of the two had nothing to do with each other. Runs over the same samples are compared in
    pairs, which shows smaller ones: see `Difference.detectable`.

    Args:
        values: Those of a run, one for each sample; or how many, for a share near a half.
        clusters: What each belongs to; None where each stands for itself.
        power: How surely it should show.
        alpha: How often a difference may show where there is none.

    >>> round(detectable_difference(100), 2)
    0.2

    Source: Cohen 1988, "Statistical Power Analysis", section 2.4, with quantiles of t for z.
    """
    if isinstance(values, int):
        values = [float(number % 2) for number in range(values)]
    spread = _standard_error(np.asarray(values, dtype=np.float64), clusters)
    if spread is None:
        return None
    error, freedom = spread
    return _times_to_detect(freedom, power=power, alpha=alpha) * sqrt(2) * error or None


def _times_to_detect(freedom: int, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """Return how many standard errors a difference must have."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 1 - alpha / 2) + stdtrit(freedom, power))


def _standard_error(
    values: Floats, clusters: Sequence[Hashable] | None
) -> tuple[float, int] | None:
    """Return that of the mean, with the degrees of freedom; None of fewer than two clusters."""
    of = cluster_numbers(clusters, len(values))
    if len(values) == 0 or of.max() == 0:
        return None
    sums, sizes = np.bincount(of, values), np.bincount(of).astype(np.float64)
    return sqrt(ratio_variance(sums.astype(np.float64), sizes)), len(sizes) - 1


def fisher_randomisation(
    a: Sequence[float],
    b: Sequence[float],
    *,
    clusters: Sequence[Hashable] | None = None,
    permutations: int = 10_000,
    seed: int = 0,
) -> float | None:
    """Return how probable so large a difference is if a and b are one; None of no pairs.

    Which of the two a value came from is drawn anew, for all pairs of a cluster together; where
    there are few clusters, every way is tried.

    >>> fisher_randomisation([0, 0, 0, 0], [1, 1, 1, 1])
    0.125

    Source: Smucker, Allan and Carterette 2007, "A comparison of statistical significance tests for
    information retrieval evaluation".
    """
    steps = np.asarray(b, dtype=np.float64) - np.asarray(a, dtype=np.float64)
    if not len(steps):
        return None
    sums = np.bincount(cluster_numbers(clusters, len(steps)), steps)
    sums = sums[sums != 0]
    least = abs(sums.sum()) * (1 - 1e-12)  # which the same numbers in another order may miss
    if 2 ** len(sums) <= permutations:
        ways = np.arange(2 ** len(sums))[:, None] >> np.arange(len(sums)) & 1
        return float((abs((1 - 2 * ways) @ sums) >= least).mean())
    generator, found = np.random.default_rng(seed), 0
    for start in range(0, permutations, 1000):
        count = min(1000, permutations - start)
        signs = 1.0 - 2.0 * generator.integers(0, 2, (count, len(sums)), dtype=np.int8)
        found += int((abs(signs @ sums) >= least).sum())
    return (found + 1) / (permutations + 1)
