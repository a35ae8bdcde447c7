"""A number measured on a sample, and the interval that goes with it."""

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple


class Estimate(NamedTuple):
    """A mean, its interval, and of how many values."""

    mean: float
    low: float | None
    """None where a single cluster leaves nothing to tell the uncertainty from."""
    high: float | None
    n: int

    def __str__(self) -> str:
        """Return it as "0.531 [0.487, 0.575]"."""
        if self.low is None or self.high is None:
            return f"{self.mean:.3f}"
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def wilson(successes: float, n: float, *, level: float = 0.95) -> Estimate | None:
    """Return a share with its score interval; None of nothing.

    For items that were drawn independently; where several share a base, give `cluster_bootstrap`
    their values.

    >>> print(wilson(0, 10))
    0.000 [0.000, 0.278]
    >>> print(wilson(81, 263))
    0.308 [0.255, 0.366]

    Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference". The
    second example is that of Newcombe 1998, "Two-sided confidence intervals for the single
    proportion", table I (0.2553 to 0.3662).
    """
    if n <= 0:
        return None
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = successes / n
    scale = 1 + z * z / n
    middle = (share + z * z / (2 * n)) / scale
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale
    low = max(0.0, middle - half) if successes else 0.0
    high = min(1.0, middle + half) if successes < n else 1.0
    return Estimate(share, low, high, round(n))
