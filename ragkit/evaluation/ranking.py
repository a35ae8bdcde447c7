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


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str]) -> float | None:
    """Return 1 / the rank of the first relevant one; 0 where the ranking holds none.

    >>> reciprocal_rank(["x", "a"], {"a"})
    0.5
    """
    if not relevant:
        return None
    for rank, key in enumerate(ranking, start=1):
        if key in relevant:
            return 1.0 / rank
    return 0.0
