"""What may tell a right answer from a wrong one before anybody looks: signals, and baselines.

A signal is higher for what is more surely right; those from 0 to 1 are read as probabilities, too.
"""

import math
from collections.abc import Callable, Mapping, Sequence

from ragkit.evaluation.meanings import semantic_entropy
from ragkit.evaluation.measures.hallucination.items import Item
from ragkit.evaluation.records import Outcome, Scored

_LEAST_DRAWN = 2
Signal = Callable[[Item], float | None]


def signals(sampled: Mapping[str, Outcome]) -> dict[str, Signal]:
    """Return the signals by name.

    Args:
        sampled: By sample id, the outcome of answering it several times.
    """
    return {
        "sufficiency": lambda item: item.outcome.sufficiency,
        "mean token probability": _mean_probability,
        "least token probability": _least_probability,
        "support": _support,
        "semantic agreement": lambda item: agreement(sampled.get(item.sample.id)),
    }


BASELINES: dict[str, Signal] = {
    "answer length": lambda item: -(item.score.values.get("words") or 0.0),
    "top retrieval score": lambda item: _top_cosine(item.outcome),
    "a constant": lambda _item: 0.0,
}
"""What a signal has to beat: shorter answers are surer; a closer passage; nothing at all."""


def _mean_probability(item: Item) -> float | None:
    """Return the geometric mean of the probabilities of the tokens."""
    found = item.outcome.logprobs
    return math.exp(min(0.0, found.mean)) if found else None


def _least_probability(item: Item) -> float | None:
    found = item.outcome.logprobs
    return math.exp(min(0.0, found.least)) if found else None


def _support(item: Item) -> float | None:
    """Return the weakest sentence's support where it was checked, else the share that is backed."""
    reading = item.outcome.readings.get(item.view)
    if item.view == "shown" and reading and reading.sentences:
        return min(min(1.0, sentence.score) for sentence in reading.sentences)
    return item.score.values.get("groundedness")


def _top_cosine(outcome: Outcome) -> float | None:
    found = [one.cosine if one.cosine is not None else one.score for one in outcome.passages]
    return max(found) if found else None


def agreement(outcome: Outcome | None) -> float | None:
    """Return 1 where several answers mean the same, 0 where each means something else.

    It is 1 - H / ln n for the discrete semantic entropy H of n answers; None of fewer than two.
    """
    clusters = outcome.extra.get("clusters") if outcome else None
    if not isinstance(clusters, list | tuple) or len(clusters) < _LEAST_DRAWN:
        return None
    entropy = semantic_entropy(clusters)
    return None if entropy is None else max(0.0, 1.0 - entropy / math.log(len(clusters)))


def sampled_outcomes(scored: Sequence[Scored]) -> dict[str, Outcome]:
    """Return by sample id what came of answering it several times."""
    return {
        one.outcome.sample_id: one.outcome
        for one in scored
        if one.outcome.call == "samples" and not one.outcome.error
    }
