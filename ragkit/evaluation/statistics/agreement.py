"""How far answers to the same samples agree."""

from collections import Counter
from collections.abc import Collection, Hashable, Sequence

import numpy as np


def fleiss_kappa(counts: Sequence[Sequence[int]]) -> float | None:
    """Return the agreement beyond chance on categories; None where chance alone explains all.

    That is, where every answer is of one category or no sample has two.

    Args:
        counts: A row for each sample: how many of its answers are of each category. Rows may come
            to different sums; those of fewer than two are left out.

    >>> fleiss_kappa([[2, 0], [0, 2]])
    1.0

    Source: Fleiss 1971, "Measuring nominal scale agreement among many raters".
    """
    table = np.asarray(counts, dtype=np.float64)
    if not table.size:
        return None
    table = table[table.sum(axis=1) >= 2]
    if not len(table):
        return None
    sizes = table.sum(axis=1)
    observed = (((table**2).sum(axis=1) - sizes) / (sizes * (sizes - 1))).mean()
    expected = ((table.sum(axis=0) / sizes.sum()) ** 2).sum()
    return None if expected == 1 else float((observed - expected) / (1 - expected))


def pairwise_agreement(labels: Sequence[Sequence[Hashable | None]]) -> float | None:
    """Return how often two answers to a sample are alike, on average; None where none has two.

    Args:
        labels: A row for each sample, a label for each answer; None where there is none.

    >>> round(pairwise_agreement([["a", "a", "b"], ["a", None, "a"]]), 3)
    0.667
    """
    shares = []
    for row in labels:
        counts = Counter(label for label in row if label is not None)
        total = counts.total()
        if total >= 2:
            alike = sum(count * (count - 1) for count in counts.values())
            shares.append(alike / (total * (total - 1)))
    return sum(shares) / len(shares) if shares else None


def jaccard(a: Collection[Hashable], b: Collection[Hashable]) -> float | None:
    """Return how much two sets have in common, 0 to 1; None where both are empty.

    >>> jaccard({1, 2}, {2, 3, 4})
    0.25
    """
    union = set(a) | set(b)
    return len(set(a) & set(b)) / len(union) if union else None
