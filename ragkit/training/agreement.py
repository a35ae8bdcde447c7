"""How far one engine says what another says: pure functions of what both predict.

It runs neither; see `ragkit.training.predictors`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ragkit.training.predictors import Prediction


@dataclass(frozen=True, slots=True)
class Closeness:
    """How close the probabilities are that two engines give to tokens of right completions."""

    tokens: int
    same_best: float
    """Share of the tokens before which both take the same token to be the likeliest."""
    mean_difference: float
    """Of the log-probability of a right token, without sign, in nats."""
    high_difference: float
    """The 99th percentile of the same."""
    largest_difference: float
    divergence: float
    """Mean Kullback-Leibler divergence from the reference's distributions, in nats."""


class Comparison(NamedTuple):
    """How two predictions for one example differ."""

    gap: float | None
    """How much likelier, in nats, the reference takes its own token to be than the other's at the
    first place where their completions part; None where they are the same."""
    differences: tuple[float, ...]
    """For each token of the right completion."""
    divergences: tuple[float, ...]
    same_best: tuple[bool, ...]


def compare_predictions(
    completion: Sequence[int], reference: Prediction, other: Prediction
) -> Comparison:
    """Return how another prediction differs from the reference's.

    Args:
        completion: The right one, before whose tokens both told what they would say.
        reference: Tells what it chose each token from.
        other: Need not.
    """
    expected, found = reference.before_target, other.before_target
    at = np.arange(len(completion)), np.asarray(completion)
    differences = np.abs(expected[at] - found[at])
    divergences = (np.exp(expected) * (expected - found)).sum(axis=1, dtype=np.float64)
    same_best = expected.argmax(axis=1) == found.argmax(axis=1)
    return Comparison(
        _gap(reference, other.said),
        tuple(differences.tolist()),
        tuple(divergences.tolist()),
        tuple(same_best.tolist()),
    )


def _gap(reference: Prediction, said: Sequence[int]) -> float | None:
    """Return how much likelier the reference's token is where the two part; None for nowhere."""
    pairs = zip(reference.said, said, reference.before_said, strict=False)
    gaps = (float(row[own] - row[other]) for own, other, row in pairs if own != other)
    return next(gaps, None)


def summarise(comparisons: Sequence[Comparison]) -> Closeness:
    """Return what all comparisons together say; there is one at least."""
    differences = np.concatenate([one.differences for one in comparisons])
    return Closeness(
        tokens=len(differences),
        same_best=float(np.concatenate([one.same_best for one in comparisons]).mean()),
        mean_difference=float(differences.mean()),
        high_difference=float(np.quantile(differences, 0.99)),
        largest_difference=float(differences.max()),
        divergence=float(np.concatenate([one.divergences for one in comparisons]).mean()),
    )
