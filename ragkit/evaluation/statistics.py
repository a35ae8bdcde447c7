"""How far a number measured on a sample can be trusted."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

_RESAMPLES = 2000
_BLOCK = 200
"""Resamples drawn at a time, so that many values need little memory."""


class Estimate(NamedTuple):
    """A mean, its interval, and of how many values."""

    mean: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        """Return it as "0.531 [0.487, 0.575]"."""
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def bootstrap_mean(
    values: Sequence[float], *, level: float = 0.95, seed: int = 0
) -> Estimate | None:
    """Return the mean of some values with its percentile bootstrap interval; None of no values.

    For the difference of two systems on the same items give the differences, item by item.

    Args:
        values: One for each item that was drawn independently, such as a query.
        level: How surely the interval holds the mean.
        seed: Of the resampling.

    >>> bootstrap_mean([0.5, 0.5, 0.5])
    Estimate(mean=0.5, low=0.5, high=0.5, n=3)

    Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", section 13.3.
    """
    if not values:
        return None
    sample = np.asarray(values, dtype=np.float64)
    generator = np.random.default_rng(seed)
    means = np.concatenate(
        [
            sample[generator.integers(0, len(sample), (_BLOCK, len(sample)))].mean(axis=1)
            for _ in range(_RESAMPLES // _BLOCK)
        ]
    )
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(float(sample.mean()), float(low), float(high), len(sample))
