"""How much of the difference between variants is more than chance.

The best and the worst of a dozen identical variants lie 9 to 15 points apart on 100 samples, so a
spread says nothing without what chance alone would give.
"""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ragkit.evaluation.statistics.bootstrap import Floats, cluster_numbers

_CELLS = 1 << 19
"""Numbers permuted at a time."""


class ExcessSpread(NamedTuple):
    """The range of the means of variants, and what is left of it beyond chance."""

    spread: float
    """The highest mean less the lowest."""
    expected: float
    """What it would be, on average, if all variants were one."""
    excess: float
    p: float
    """Of so large a spread if all variants were one."""


def excess_spread(
    matrix: Sequence[Sequence[float]] | Floats,
    *,
    permutations: int = 2_000,
    seed: int = 0,
    clusters: Sequence[Hashable] | None = None,
) -> ExcessSpread | None:
    """Return the spread of variants beyond that of labels permuted within samples.

    None where fewer than two variants were asked.

    Args:
        matrix: A row for each sample, a column for each variant; NaN where it was not asked.
        permutations: How often the labels are drawn anew.
        seed: Of the drawing.
        clusters: What each row belongs to, where a variant does the same to all samples of a base;
            the labels of its rows are then permuted alike.

    >>> result = excess_spread([[1.0, 0.0]] * 8)
    >>> result.spread, result.p < 0.02
    (1.0, True)

    Source: a permutation test for the range of means in randomised blocks; Good 2005, "Permutation,
    Parametric and Bootstrap Tests of Hypotheses", chapter 7.
    """
    table = np.asarray(matrix, dtype=np.float64)
    if table.ndim != 2 or not table.size:
        return None
    table = table[:, ~np.isnan(table).all(axis=0)]
    if table.shape[1] < 2:
        return None
    spread = float(_spreads(table[None])[0])
    of = cluster_numbers(clusters, len(table))
    generator = np.random.default_rng(seed)
    block = max(1, _CELLS // table.size)
    null = np.concatenate(
        [
            _spreads(_permute(table, of, generator, min(block, permutations - start)))
            for start in range(0, permutations, block)
        ]
    )
    p = (1 + int((null >= spread - 1e-12).sum())) / (permutations + 1)
    return ExcessSpread(spread, float(null.mean()), spread - float(null.mean()), p)


def _permute(
    table: Floats, clusters: NDArray[np.intp], generator: np.random.Generator, count: int
) -> Floats:
    """Return tables, shape (count, samples, variants), each row's values among its places."""
    asked = ~np.isnan(table)
    keys = generator.random((count, int(clusters.max()) + 1, table.shape[1]))[:, clusters]
    order = np.where(asked, keys, 2.0).argsort(axis=2)  # places with values first, shuffled
    shuffled = np.take_along_axis(np.broadcast_to(table, order.shape), order, axis=2)
    places = np.argsort(~asked, axis=1, kind="stable")  # places with values first, in order
    permuted = np.empty_like(shuffled)
    np.put_along_axis(permuted, np.broadcast_to(places, order.shape), shuffled, axis=2)
    return permuted


def _spreads(tables: Floats) -> Floats:
    means: Floats = np.nanmean(tables, axis=1)
    spreads: Floats = means.max(axis=1) - means.min(axis=1)
    return spreads


class Components(NamedTuple):
    """Where the variance of an axis comes from; an estimate below 0 is given as 0."""

    axis: str
    item: float
    """Between samples, whatever the variant."""
    level: float
    """Between the variants of the axis, whatever the sample."""
    interaction: float
    """Between variants in other ways for other samples, with noise; that of the axis "control",
    where all variants are one, is noise alone."""
    samples: int
    variants: int


def variance_components(
    matrix: Sequence[Sequence[float]] | Floats, axes: Sequence[str]
) -> tuple[Components, ...]:
    """Return the variance components of each axis that has two variants and two samples.

    Half the mean squared difference of two values is level + interaction within a sample, and item
    + interaction within a variant; interaction is what samples and variants, added, leave. None of
    these needs every value to be there; where all are, they are the classic estimates.

    Args:
        matrix: A row for each sample, a column for each variant; NaN where it was not asked.
        axes: That of each column.

    >>> one = variance_components([[1.0, 3.0], [2.0, 4.0], [3.0, 5.0]], ["typos", "typos"])[0]
    >>> round(one.item, 6), round(one.level, 6), one.interaction
    (1.0, 2.0, 0.0)

    Source: Searle, Casella and McCulloch 1992, "Variance Components", section 4.3 (ANOVA of two
    crossed factors); as symmetric sums after Koch 1967, "A general approach to the estimation of
    variance components".
    """
    table = np.asarray(matrix, dtype=np.float64)
    found = []
    for axis in dict.fromkeys(axes):
        part = table[:, [column for column, name in enumerate(axes) if name == axis]]
        part = part[~np.isnan(part).all(axis=1)]
        part = part[:, ~np.isnan(part).all(axis=0)]
        one = _components(axis, part) if min(part.shape) > 1 else None
        found.extend([one] if one else [])
    return tuple(found)


def _components(axis: str, part: Floats) -> Components | None:
    rest = _residual(part)
    row, column = _half_square(part, 1), _half_square(part, 0)
    if rest is None or row is None or column is None:
        return None
    # what rounding leaves of nothing is nothing
    item, level, rest = (v if v > 1e-12 else 0.0 for v in (column - rest, row - rest, rest))
    return Components(axis, item, level, rest, *part.shape)


def _half_square(part: Floats, along: int) -> float | None:
    """Return half the mean squared difference of two values on a line; None where none has two."""
    counts = (~np.isnan(part)).sum(axis=along)
    pairs = float((counts * (counts - 1)).sum())
    centred = part - np.nanmean(part)
    sums, squares = np.nansum(centred, axis=along), np.nansum(centred**2, axis=along)
    return float((counts * squares - sums**2).sum()) / pairs if pairs else None


def _residual(part: Floats) -> float | None:
    """Return the mean square that samples and variants, added, leave; None where they leave none.

    Least squares over the values that are there: samples are taken out as means of their rows, and
    variants by the normal equations of what remains.
    """
    asked = (~np.isnan(part)).astype(np.float64)
    shares = asked / asked.sum(axis=1, keepdims=True)
    centred = np.nan_to_num(part - np.nanmean(part, axis=1, keepdims=True))
    normal = np.diag(asked.sum(axis=0)) - asked.T @ shares
    totals = centred.sum(axis=0)
    inverse = np.linalg.pinv(normal, hermitian=True)
    freedom = asked.sum() - len(part) - np.linalg.matrix_rank(normal, hermitian=True)
    left = float((centred**2).sum() - totals @ inverse @ totals)
    return left / float(freedom) if freedom > 0 else None
