"""How good a ranking is, against what is known to be relevant.

A ranking holds ids, best first, each once; grades say how relevant an id is, above 0 only. Nothing
relevant to find leaves a metric undefined: None, never 0.
"""

import math
from collections.abc import Collection, Mapping, Sequence


def ndcg_at(ranking: Sequence[str], grades: Mapping[str, int], *, depth: int) -> float | None:
    """Return the normalised discounted cumulative gain of the first `depth` places, 0 to 1.

    >>> round(ndcg_at(["a", "x", "b"], {"a": 1, "b": 1}, depth=10), 4)
    0.9197

    Source: Jarvelin and Kekalainen 2002, "Cumulated gain-based evaluation of IR techniques", with
    gain = grade and discount 1 / log2(rank + 1), as trec_eval computes it.
    """
    ideal = _gain(sorted(grades.values(), reverse=True)[:depth])
    if not ideal:
        return None
    return _gain([grades.get(key, 0) for key in ranking[:depth]]) / ideal


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def recall_at(ranking: Sequence[str], relevant: Collection[str], *, depth: int) -> float | None:
    """Return the share of what is relevant among the first `depth` places.

    >>> recall_at(["a", "x", "b"], {"a", "c"}, depth=3)
    0.5
    """
    if not relevant:
        return None
    return len(set(ranking[:depth]) & set(relevant)) / len(relevant)


def hit_at(ranking: Sequence[str], relevant: Collection[str], *, depth: int) -> float | None:
    """Return 1 where any of what is relevant is among the first `depth` places, else 0.

    >>> hit_at(["x", "a"], {"a", "b"}, depth=1), hit_at(["x", "a"], {"a", "b"}, depth=3)
    (0.0, 1.0)
    """
    if not relevant:
        return None
    return float(not set(relevant).isdisjoint(ranking[:depth]))


def reciprocal_rank(
    ranking: Sequence[str], relevant: Collection[str], *, depth: int | None = None
) -> float | None:
    """Return 1 / the rank of the first relevant one; 0 where the first places hold none.

    >>> reciprocal_rank(["x", "a"], {"a"}), reciprocal_rank(["x", "a"], {"a"}, depth=1)
    (0.5, 0.0)

    Args:
        ranking: Ids, best first.
        relevant: Those that are.
        depth: How many places count; None for all.
    """
    if not relevant:
        return None
    for rank, key in enumerate(ranking[:depth], start=1):
        if key in relevant:
            return 1.0 / rank
    return 0.0


def average_precision(ranking: Sequence[str], relevant: Collection[str]) -> float | None:
    """Return the mean, over what is relevant, of the precision where each of it stands.

    What the ranking does not hold counts 0. The mean over queries is MAP.

    >>> average_precision(["a", "x", "b"], {"a", "b"})  # (1/1 + 2/3) / 2
    0.8333333333333333

    Source: Buckley and Voorhees 2005, "Retrieval System Evaluation", as trec_eval's `map`.
    """
    if not relevant:
        return None
    found, total = 0, 0.0
    for rank, key in enumerate(ranking, start=1):
        if key in relevant:
            found += 1
            total += found / rank
    return total / len(relevant)
