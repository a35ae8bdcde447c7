"""Several rankings to one, by rank alone: scores of different kinds need no common scale."""

from collections.abc import Sequence

RANK_CONSTANT = 10
"""How slowly a rank loses weight. Source: measured with all-MiniLM-L6-v2 and stemmed BM25 on five
collections (adi, cranfield, cisi, npl, a course FAQ): mean nDCG@10 .559 for 10 and .556 for 60, the
constant of the paper; .518 for BM25 and .516 for the encoder alone."""


def fuse_ranks(
    rankings: Sequence[Sequence[int]], *, constant: int = RANK_CONSTANT
) -> tuple[tuple[int, float], ...]:
    """Return keys with their fused scores, best first; ties in the order of keys.

    A key scores the sum of 1 / (constant + rank) over the rankings that hold it, scaled so that the
    first place in every ranking scores 1.

    Args:
        rankings: Keys, best first.
        constant: Added to each rank.

    >>> [(key, round(score, 3)) for key, score in fuse_ranks([[7, 8], [8, 9]])]
    [(8, 0.958), (7, 0.5), (9, 0.458)]

    Source: Cormack, Clarke and Buettcher 2009, "Reciprocal Rank Fusion outperforms Condorcet and
    individual Rank Learning Methods".
    """
    scores: dict[int, float] = {}
    best = len(rankings) / (constant + 1)
    for ranking in rankings:
        for rank, key in enumerate(ranking, start=1):
            scores[key] = scores.get(key, 0.0) + 1.0 / (constant + rank) / best
    return tuple(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))
