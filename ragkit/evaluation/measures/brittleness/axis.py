"""What varying one axis does: how far its variants lie apart, and how many answers change."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from ragkit.evaluation.measures.brittleness.grid import (
    VERDICTS,
    Grid,
    Pair,
    pairs_of,
    right_matrix,
    rows_of,
    verdict_rows,
)
from ragkit.evaluation.records import Verdict
from ragkit.evaluation.statistics import (
    Components,
    Difference,
    Estimate,
    ExcessSpread,
    TestResult,
    bootstrap_statistic,
    cluster_bootstrap,
    cochran_q,
    excess_spread,
    fleiss_kappa,
    holm,
    jaccard,
    mcnemar_exact,
    paired_difference,
    pairwise_agreement,
    ratio_bootstrap,
    variance_components,
)
from ragkit.evaluation.variants import BASE

LEAST_CLEAN = 0.2
"""Below this share of right answers to the base form no drop is told: nearly nothing can fall.
Source: "PromptBench" (Zhu et al. 2023) has the drop; that it is told of nothing is our rule."""
OTHER_CONTEXT = frozenset({"count", "mixed"})
"""Axes that change which passages there are, so that to abstain may be right where it was not."""


@dataclass(frozen=True, slots=True)
class VariantResult:
    """A variant against the base form, on the samples that were put in both ways."""

    id: str
    level: str
    right: float
    change: Difference
    broke: int
    """Samples that only the base form has right."""
    fixed: int
    p: float
    """Of McNemar's exact test, adjusted by Holm's method for the variants of the axis."""


@dataclass(frozen=True, slots=True)
class AxisResult:
    """What varying one axis does; None where there was nothing to tell it from."""

    axis: str
    samples: int
    variants: tuple[VariantResult, ...]
    right: Estimate | None
    """Over its variants, the base form not among them."""
    base_right: float | None
    """Of the base form, on the same samples."""
    quantiles: tuple[float, float, float]
    """The 10th, 50th and 90th percentile of its variants' shares of right answers."""
    spread: ExcessSpread | None
    flips: Estimate | None
    abstention_flips: Estimate | None
    agreement: float | None
    kappa: float | None
    citations: Estimate | None
    """Mean Jaccard index of what was cited and what is cited for the base form."""
    drop: Estimate | None
    components: Components | None
    differ: TestResult | None
    """Cochran's Q over samples that were put in every way."""

    @property
    def worst(self) -> VariantResult:
        """The variant with the least share of right answers."""
        return min(self.variants, key=lambda one: one.right)


def examine_axis(grid: Grid, axis: str, *, seed: int = 0) -> AxisResult | None:
    """Return what varying an axis does; None where no sample has two answers to compare."""
    names = grid.of_axis(axis)
    pairs = pairs_of(grid, names)
    if not pairs:
        return None
    columns = (BASE.id, *names)
    rows = rows_of(grid, names)
    clusters = [grid.bases[sample] for sample in rows]
    matrix = right_matrix(grid, rows, columns)
    verdicts = verdict_rows(grid, rows, columns)
    variants = examine_variants(grid, names, seed=seed)
    counts = [[row.count(verdict) for verdict in VERDICTS] for row in verdicts]
    return AxisResult(
        axis=axis,
        samples=len(rows),
        variants=variants,
        right=share([pair.other.right for pair in pairs], bases_of(pairs), seed=seed),
        base_right=fmean(pair.base.right for pair in pairs),
        quantiles=_quantiles([one.right for one in variants]),
        spread=excess_spread(matrix, seed=seed, clusters=clusters),
        flips=flip_rate(pairs, seed=seed),
        abstention_flips=None if axis in OTHER_CONTEXT else abstention_flips(pairs, seed=seed),
        agreement=pairwise_agreement(verdicts),
        kappa=fleiss_kappa(counts),
        citations=citation_agreement(pairs, seed=seed),
        drop=performance_drop(pairs, seed=seed),
        components=next(iter(variance_components(matrix, [axis] * len(columns))), None),
        differ=cochran_q(matrix),
    )


def examine_variants(
    grid: Grid, names: Sequence[str], *, seed: int = 0
) -> tuple[VariantResult, ...]:
    """Return each variant against the base form."""
    found = []
    for name in names:
        pairs = pairs_of(grid, [name])
        change = paired_difference(
            [float(pair.base.right) for pair in pairs],
            [float(pair.other.right) for pair in pairs],
            bases_of(pairs),
            resamples=2_000,
            seed=seed,
        )
        if change is None:
            continue
        broke = sum(pair.base.right and not pair.other.right for pair in pairs)
        fixed = sum(pair.other.right and not pair.base.right for pair in pairs)
        right = fmean(pair.other.right for pair in pairs)
        found.append((name, right, change, broke, fixed))
    ps = holm([mcnemar_exact(broke, fixed) for *_, broke, fixed in found])
    return tuple(
        VariantResult(name, grid.levels[name], right, change, broke, fixed, p)
        for (name, right, change, broke, fixed), p in zip(found, ps, strict=True)
    )


def bases_of(pairs: Sequence[Pair]) -> list[str]:
    """Return what each pair belongs to."""
    return [pair.base.outcome.base_id for pair in pairs]


def share(values: Sequence[bool], clusters: Sequence[str], *, seed: int = 0) -> Estimate | None:
    """Return the share of true ones with its interval."""
    return cluster_bootstrap([float(one) for one in values], clusters, resamples=2_000, seed=seed)


def flip_rate(pairs: Sequence[Pair], *, seed: int = 0) -> Estimate | None:
    """Return how often the verdict is another than for the base form."""
    return share(
        [pair.base.verdict != pair.other.verdict for pair in pairs], bases_of(pairs), seed=seed
    )


def abstention_flips(pairs: Sequence[Pair], *, seed: int = 0) -> Estimate | None:
    """Return how often one of the two answers and the other abstains."""
    changed = [(p.base.verdict == "abstained") != (p.other.verdict == "abstained") for p in pairs]
    return share(changed, bases_of(pairs), seed=seed)


def citation_agreement(pairs: Sequence[Pair], *, seed: int = 0) -> Estimate | None:
    """Return the mean Jaccard index of the passages cited, of pairs of which either cites any."""
    citing = [pair for pair in pairs if pair.base.cited or pair.other.cited]
    indices = [jaccard(pair.base.cited, pair.other.cited) or 0.0 for pair in citing]
    return cluster_bootstrap(indices, bases_of(citing), resamples=2_000, seed=seed)


def performance_drop(pairs: Sequence[Pair], *, seed: int = 0) -> Estimate | None:
    """Return 1 - right under variants / right for the base form; None where little was right.

    Source: Zhu et al. 2023, "PromptBench" (performance drop rate).
    """
    if not pairs or fmean(pair.base.right for pair in pairs) < LEAST_CLEAN:
        return None
    kept = ratio_bootstrap(
        [float(pair.other.right) for pair in pairs],
        [float(pair.base.right) for pair in pairs],
        bases_of(pairs),
        resamples=2_000,
        seed=seed,
    )
    if kept is None:
        return None
    low, high = (None if end is None else 1 - end for end in (kept.high, kept.low))
    return Estimate(1 - kept.mean, low, high, len(pairs))


def verdict_agreement(
    rows: Sequence[Sequence[Verdict | None]], clusters: Sequence[str], *, seed: int = 0
) -> Estimate | None:
    """Return how often two verdicts on a sample agree, on average over the samples with two."""
    shares = [pairwise_agreement([row]) for row in rows]
    known = [(share, of) for share, of in zip(shares, clusters, strict=True) if share is not None]
    values, of = [share for share, _ in known], [cluster for _, cluster in known]
    return cluster_bootstrap(values, of, resamples=2_000, seed=seed)


def verdict_kappa(
    rows: Sequence[Sequence[Verdict | None]], clusters: Sequence[str], *, seed: int = 0
) -> Estimate | None:
    """Return Fleiss' kappa of the verdicts with its interval."""
    counts = [[row.count(verdict) for verdict in VERDICTS] for row in rows]
    known = [(row, of) for row, of in zip(counts, clusters, strict=True) if sum(row) > 1]
    return bootstrap_statistic(
        [[float(count) for count in row] for row, _ in known],
        [of for _, of in known],
        lambda table: fleiss_kappa(table.astype(np.int64).tolist()),
        resamples=500,
        seed=seed,
    )


def _quantiles(shares: Sequence[float]) -> tuple[float, float, float]:
    low, middle, high = np.quantile(shares, [0.1, 0.5, 0.9])
    return float(low), float(middle), float(high)
