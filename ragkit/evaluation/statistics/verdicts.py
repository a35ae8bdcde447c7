"""Whether right and wrong verdicts on the same samples differ between variants or runs."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ragkit.evaluation.statistics.bootstrap import Floats


class TestResult(NamedTuple):
    """What a test comes to."""

    statistic: float
    p: float


TestResult.__test__ = False  # type: ignore[attr-defined]  # its name is not for pytest


def cochran_q(matrix: Sequence[Sequence[float]] | Floats) -> TestResult | None:
    """Return whether the shares of right ones differ between columns; None where no row varies.

    Args:
        matrix: A row for each sample, a column for each variant, 0 or 1; NaN where it was not
            asked. Rows that are not whole are left out.

    >>> print(cochran_q([[1, 0, 0], [1, 1, 0], [1, 0, 0], [0, 0, 0]]).statistic)
    4.666666666666667

    Source: Cochran 1950, "The comparison of percentages in matched samples".
    """
    from scipy.special import chdtrc

    table = np.asarray(matrix, dtype=np.float64)
    table = table[~np.isnan(table).any(axis=1)] if table.ndim == 2 else np.empty((0, 0))
    columns, rows, k = table.sum(axis=0), table.sum(axis=1), table.shape[1]
    below = k * rows.sum() - (rows**2).sum()
    if not below:
        return None
    statistic = float((k - 1) * (k * (columns**2).sum() - columns.sum() ** 2) / below)
    return TestResult(statistic, float(chdtrc(k - 1, statistic)))


def mcnemar_exact(b: int, c: int) -> float:
    """Return the probability of so uneven a split of changed verdicts if neither side is better.

    Args:
        b: Samples that only the first has right.
        c: Samples that only the second has right.

    >>> mcnemar_exact(0, 5), mcnemar_exact(0, 0)
    (0.0625, 1.0)

    Source: McNemar 1947, "Note on the sampling error of the difference between correlated
    proportions"; exact by the binomial distribution, two-sided.
    """
    from scipy.special import bdtr

    return min(1.0, 2 * float(bdtr(min(b, c), b + c, 0.5))) if b + c else 1.0


def holm(ps: Sequence[float]) -> tuple[float, ...]:
    """Return p values adjusted for there being several, in the order given.

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03, 0.005])]
    [0.03, 0.06, 0.06, 0.02]

    Source: Holm 1979, "A simple sequentially rejective multiple test procedure".
    """
    order = np.argsort(ps, kind="stable")
    adjusted = np.empty(len(ps))
    factors = np.arange(len(ps), 0, -1)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(factors * np.asarray(ps)[order]))
    return tuple(adjusted.tolist())
