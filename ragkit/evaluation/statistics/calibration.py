"""How well a confidence tells right answers from wrong ones.

Answers of equal confidence cannot be told apart, so each counts as right as they are on average: no
number here depends on the order of the answers.
"""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

import numpy as np

from ragkit.evaluation.statistics.bootstrap import Floats
from ragkit.evaluation.statistics.estimates import wilson


class ReliabilityBin(NamedTuple):
    """Answers of about the same confidence, and how many of them are right."""

    confidence: float
    accuracy: float
    low: float
    high: float
    n: int


class CoveragePoint(NamedTuple):
    """What share of wrong answers is left when only the surest share is given."""

    coverage: float
    risk: float


def brier(confidences: Sequence[float], right: Sequence[float]) -> float | None:
    """Return the mean squared error of confidences from 0 to 1; None of none. Lower is better.

    >>> brier([1.0, 0.5], [1, 0])
    0.125

    Source: Brier 1950, "Verification of forecasts expressed in terms of probability".
    """
    if not len(confidences):
        return None
    steps = _probabilities(confidences) - np.asarray(right, dtype=np.float64)
    return float((steps**2).mean())


def expected_calibration_error(
    confidences: Sequence[float], right: Sequence[float], *, bins: int = 10
) -> float | None:
    """Return how far confidence is from accuracy, over bins of equally many; None of none.

    >>> expected_calibration_error([0.9, 0.9, 0.9, 0.9], [1, 1, 0, 0], bins=2)
    0.4

    Source: Naeini, Cooper and Hauskrecht 2015, "Obtaining well calibrated probabilities using
    Bayesian binning"; equal mass after Nixon et al. 2019, "Measuring calibration in deep learning".
    """
    if not len(confidences):
        return None
    parts = reliability_bins(confidences, right, bins=bins)
    error = sum(part.n * abs(part.confidence - part.accuracy) for part in parts)
    return round(error / len(confidences), 12)


def reliability_bins(
    confidences: Sequence[float], right: Sequence[float], *, bins: int = 10
) -> tuple[ReliabilityBin, ...]:
    """Return bins of equally many answers, least sure first, with the interval of each accuracy.

    The intervals are those of Wilson, as if the answers were independent.

    >>> [(part.confidence, part.accuracy, part.n) for part in reliability_bins([0.2, 0.8], [0, 1])]
    [(0.2, 0.0, 1), (0.8, 1.0, 1)]
    """
    values, rights = _levelled(_probabilities(confidences), right)
    parts = []
    for part in np.array_split(np.arange(len(values)), bins):
        bounds = wilson(float(rights[part].sum()), len(part))
        if bounds and bounds.low is not None and bounds.high is not None:
            middle = float(values[part].mean())
            parts.append(ReliabilityBin(middle, bounds.mean, bounds.low, bounds.high, len(part)))
    return tuple(parts)


def auroc(scores: Sequence[float], right: Sequence[float]) -> float | None:
    """Return how often a right one has the higher score than a wrong one, ties counting half.

    None where all are right or all wrong. Scores may be of any scale.

    >>> auroc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    0.75

    Source: Hanley and McNeil 1982, "The meaning and use of the area under a ROC curve".
    """
    from scipy.stats import rankdata

    positive = np.asarray(right, dtype=bool)
    hits, misses = int(positive.sum()), int((~positive).sum())
    if not hits or not misses:
        return None
    ranks = rankdata(np.asarray(scores, dtype=np.float64))
    return float((ranks[positive].sum() - hits * (hits + 1) / 2) / (hits * misses))


def risk_coverage(
    confidences: Sequence[float], right: Sequence[float]
) -> tuple[CoveragePoint, ...]:
    """Return the share of wrong ones among the 1, 2, ... surest answers. Any scale will do.

    >>> [tuple(point) for point in risk_coverage([0.9, 0.1], [1, 0])]
    [(0.5, 0.0), (1.0, 0.5)]

    Source: Geifman and El-Yaniv 2017, "Selective classification for deep neural networks".
    """
    _, rights = _levelled(np.asarray(confidences, dtype=np.float64), right)
    counts = np.arange(1, len(rights) + 1)
    risks = 1 - np.cumsum(rights[::-1]) / counts
    return tuple(
        CoveragePoint(float(count / len(rights)), float(max(0.0, risk)))
        for count, risk in zip(counts, risks, strict=True)
    )


def aurc(confidences: Sequence[float], right: Sequence[float]) -> float | None:
    """Return the mean risk over all coverages; None of none. Lower is better.

    >>> aurc([0.9, 0.1], [1, 0])
    0.25

    Source: Geifman, Uziel and El-Yaniv 2019, "Bias-reduced uncertainty estimation for deep neural
    classifiers".
    """
    points = risk_coverage(confidences, right)
    return sum(point.risk for point in points) / len(points) if points else None


def accuracy_at_coverage(
    confidences: Sequence[float], right: Sequence[float], coverage: float = 0.8
) -> float | None:
    """Return the share of right ones among the surest, at least `coverage` of all; None of none.

    >>> accuracy_at_coverage([0.9, 0.8, 0.7, 0.6, 0.1], [1, 1, 1, 1, 0])
    1.0
    """
    points = risk_coverage(confidences, right)
    if not points:
        return None
    return 1 - points[max(1, ceil(coverage * len(points) - 1e-9)) - 1].risk


def _probabilities(confidences: Sequence[float]) -> Floats:
    values = np.asarray(confidences, dtype=np.float64)
    if len(values) and not (values.min() >= 0 and values.max() <= 1):
        raise ValueError(f"a confidence is outside 0 to 1: {values.min()} to {values.max()}")
    return values


def _levelled(values: Floats, right: Sequence[float]) -> tuple[Floats, Floats]:
    """Return both by rising value, `right` as the average of those of equal value."""
    distinct, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    shares = np.bincount(which, np.asarray(right, dtype=np.float64), len(distinct)) / counts
    return np.repeat(distinct, counts), np.repeat(shares, counts)
