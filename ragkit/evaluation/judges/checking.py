"""How well a judge agrees with people, beside what costs nothing: the card of a judge.

The threshold is chosen on one half of the claims and everything is reported on the other; claims
that share a passage lie in one half.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ragkit.errors import UsageError
from ragkit.evaluation.judges.claims import LabelledClaim
from ragkit.evaluation.protocols import Judge
from ragkit.evaluation.records import JudgeCard
from ragkit.evaluation.statistics import auroc, bootstrap_statistic
from ragkit.evidence.matching import stems_of
from ragkit.protocols import Progress, ProgressListener, ignore_progress
from ragkit.words import content_words, stem

_BATCH = 16
_LEAST_OF_EACH = 5
"""Claims of each label that each half needs."""


class Judged(NamedTuple):
    """A claim, and what a judge says of it."""

    claim: LabelledClaim
    score: float


def judge_claims(
    judge: Judge,
    claims: Sequence[LabelledClaim],
    *,
    on_progress: ProgressListener = ignore_progress,
) -> tuple[Judged, ...]:
    """Return the score of each claim."""
    scores: list[float] = []
    for start in range(0, len(claims), _BATCH):
        scores += judge.score(claims[start : start + _BATCH])
        on_progress(Progress("judging", len(scores), len(claims), judge.name))
    return tuple(map(Judged, claims, scores))


def check_claims(claims: Sequence[LabelledClaim], data: str) -> None:
    """Check that claims suffice for a card, before a judge reads them.

    Args:
        claims: What people have judged.
        data: What they are called.

    Raises:
        UsageError: There are too few of either label in a half.
    """
    for held_out in (False, True):
        half = [claim for claim in claims if is_held_out(claim.group) is held_out]
        backed = sum(claim.supported for claim in half)
        if min(backed, len(half) - backed) < _LEAST_OF_EACH:
            raise UsageError(
                f"{data} has {len(half)} claims in a half, {backed} of them backed: too few",
                hint=f"give at least {_LEAST_OF_EACH} of each in both, or raise --limit",
            )


def make_card(judge: Judge, judged: Sequence[Judged], data: str) -> JudgeCard:
    """Return how well a judge agrees with people.

    Args:
        judge: Whose card it is.
        judged: Its scores.
        data: What the claims are called.

    Raises:
        UsageError: There are too few claims of either label in a half.
    """
    check_claims([one.claim for one in judged], data)
    chosen_on = [one for one in judged if not is_held_out(one.claim.group)]
    held_out = [one for one in judged if is_held_out(one.claim.group)]
    threshold = best_threshold(_truth(chosen_on), _scores(chosen_on))
    truth, scores = _truth(held_out), _scores(held_out)
    said = scores >= threshold
    rows = np.column_stack([truth, said]).astype(np.float64)
    groups = [one.claim.group for one in held_out]
    estimate = bootstrap_statistic(rows, groups, _balanced_of_rows)
    value = balanced_accuracy(truth, said)
    if value is None or estimate is None or estimate.low is None or estimate.high is None:
        raise UsageError(f"{data} has too few groups of claims", hint="give more passages")
    return JudgeCard(
        judge=judge.name,
        tier=judge.tier,
        data=data,
        n=len(held_out),
        threshold=threshold,
        balanced_accuracy=value,
        balanced_accuracy_low=estimate.low,
        balanced_accuracy_high=estimate.high,
        auroc=auroc(scores.tolist(), truth.tolist()) or 0.0,
        baselines=measure_baselines(chosen_on, held_out),
    )


def measure_baselines(chosen_on: Sequence[Judged], held_out: Sequence[Judged]) -> dict[str, float]:
    """Return the balanced accuracy of what needs no judge, its thresholds chosen alike."""
    found = {}
    for name, measure in BASELINES.items():
        before = np.array([measure(one.claim) for one in chosen_on])
        after = np.array([measure(one.claim) for one in held_out])
        said = after >= best_threshold(_truth(chosen_on), before)
        value = balanced_accuracy(_truth(held_out), said)
        if value is not None:
            found[name] = value
    return found


def shared_words(claim: LabelledClaim) -> float:
    """Return the greatest share of a claim's content words that a passage holds.

    >>> shared_words(LabelledClaim("Moss is green and wet.", ("Green moss grows.", ""), True))
    0.6666666666666666
    """
    stems = {stem(word) for word in content_words(claim.text)}
    held = [len(stems & stems_of([text])) / max(1, len(stems)) for text in claim.passages]
    return max(held, default=0.0)


BASELINES: dict[str, Callable[[LabelledClaim], float]] = {
    "length": lambda claim: -float(len(claim.text.split())),
    "shared words": shared_words,
    "constant": lambda _claim: 0.0,
}
"""What is surer to be backed by a rule of thumb: shorter, of the passage's words, anything."""


def is_held_out(group: str) -> bool:
    """Say on which half a group lies, always the same."""
    return hashlib.sha256(group.encode()).digest()[0] % 2 == 1


def best_threshold(truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """Return the score from which on to call a claim backed, best in balanced accuracy.

    It lies in the middle between two scores.

    >>> best_threshold(np.array([True, True, False]), np.array([0.9, 0.7, 0.3]))
    0.5
    """
    levels = np.unique(scores)
    middles: list[float] = [float(levels[0]), *((levels[1:] + levels[:-1]) / 2).tolist()]
    return max(middles, key=lambda level: balanced_accuracy(truth, scores >= level) or 0.0)


def balanced_accuracy(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float | None:
    """Return the mean of the shares of backed and of other claims that are told rightly.

    None where there are only claims of one label.

    >>> balanced_accuracy(np.array([True, True, False]), np.array([True, False, False]))
    0.75
    """
    if truth.all() or not truth.any():
        return None
    return float((said[truth].mean() + (~said[~truth]).mean()) / 2)


def _balanced_of_rows(rows: NDArray[np.float64]) -> float | None:
    return balanced_accuracy(rows[:, 0] > 0, rows[:, 1] > 0)


def _truth(judged: Sequence[Judged]) -> NDArray[np.bool_]:
    return np.array([one.claim.supported for one in judged], dtype=np.bool_)


def _scores(judged: Sequence[Judged]) -> NDArray[np.float64]:
    return np.array([one.score for one in judged], dtype=np.float64)
