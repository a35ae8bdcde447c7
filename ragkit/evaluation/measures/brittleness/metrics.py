"""What stands in the tables: the headline, and what each axis does."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import fmean

from ragkit.evaluation.measures.brittleness.axis import (
    LEAST_CLEAN,
    OTHER_CONTEXT,
    AxisResult,
    abstention_flips,
    bases_of,
    citation_agreement,
    flip_rate,
    performance_drop,
    share,
    verdict_agreement,
    verdict_kappa,
)
from ragkit.evaluation.measures.brittleness.findings import Findings
from ragkit.evaluation.measures.brittleness.grid import (
    Grid,
    Pair,
    pairs_of,
    rows_of,
    verdict_rows,
)
from ragkit.evaluation.measures.brittleness.posix import posix
from ragkit.evaluation.records import Metric, Scored
from ragkit.evaluation.statistics import (
    Estimate,
    cluster_bootstrap,
    detectable_difference,
)
from ragkit.evaluation.variants import BASE

SAME_AGAIN = "the same prompt again"


def headline(findings: Findings, *, seed: int = 0) -> Iterator[Metric]:
    """Yield the numbers over all axes, in one view."""
    grid = findings.grid
    pairs = pairs_of(grid, [one for axis in grid.varied for one in grid.of_axis(axis)])
    yield _base_right(grid, seed=seed)
    if not pairs:
        return
    yield from _right_over_all(grid, pairs, seed=seed)
    if findings.axes:
        yield _worst(findings)
    yield from _flips(findings, pairs, seed=seed)
    yield from _agreements(grid, pairs, seed=seed)


def _base_right(grid: Grid, *, seed: int) -> Metric:
    cells = [
        grid.cells[sample, BASE.id] for sample in grid.samples if (sample, BASE.id) in grid.cells
    ]
    values = [float(cell.right) for cell in cells]
    clusters = [cell.outcome.base_id for cell in cells]
    found = cluster_bootstrap(values, clusters, resamples=2_000, seed=seed)
    made = _metric(grid, "right_base", "right, as the samples put it", found)
    missing = len(grid.samples) - len(cells)
    detectable = detectable_difference(values, clusters) if values else None
    return replace(made, better="higher", detectable=detectable, undefined=missing)


def _right_over_all(grid: Grid, pairs: Sequence[Pair], *, seed: int) -> Iterator[Metric]:
    clean = fmean(pair.base.right for pair in pairs)
    found = share([pair.other.right for pair in pairs], bases_of(pairs), seed=seed)
    yield replace(
        _metric(grid, "right_variants", "right, put in other ways", found),
        better="higher",
        baseline=clean,
        baseline_name="the same samples as they are put",
    )
    drop = performance_drop(pairs, seed=seed)
    yield replace(
        _metric(grid, "performance_drop", "share of right answers lost", drop),
        undefined=0 if drop else len(pairs),
        better="lower",
        note="" if drop else f"fewer than {LEAST_CLEAN:.0%} are right to begin with",
    )


def _worst(findings: Findings) -> Metric:
    grid = findings.grid
    worst = min((axis.worst for axis in findings.axes), key=lambda one: one.change.mean)
    change = worst.change
    return replace(
        _metric(grid, "worst_variant", "change with the worst variant", None),
        value=change.mean,
        low=change.low,
        high=change.high,
        n=change.n,
        better="higher",
        detectable=change.detectable,
        note=f"{worst.id}: {worst.level}; the worst of many is partly chance, McNemar with Holm"
        f" within its axis p = {worst.p:.3f}",
    )


def _flips(findings: Findings, pairs: Sequence[Pair], *, seed: int) -> Iterator[Metric]:
    grid, control = findings.grid, findings.control
    flips = _metric(grid, "flip_rate", "verdicts that flip", flip_rate(pairs, seed=seed))
    yield _against(replace(flips, better="lower"), control.flips if control else None)
    same = [pair for pair in pairs if pair.other.outcome.axis not in OTHER_CONTEXT]
    found = abstention_flips(same, seed=seed) if same else None
    made = replace(
        _metric(grid, "abstention_flips", "answer turns to abstention or back", found),
        better="lower",
        undefined=len(pairs) - len(same),
        note="only where the passages are the same",
    )
    yield _against(made, control.abstention_flips if control else None)


def _against(metric: Metric, control: Estimate | None) -> Metric:
    """Return the metric held against what the very same prompt comes to."""
    if control is None:
        return metric
    return replace(metric, baseline=control.mean, baseline_name=SAME_AGAIN)


def _agreements(grid: Grid, pairs: Sequence[Pair], *, seed: int) -> Iterator[Metric]:
    names = [one for one in grid.variants if grid.axes[one] != "control"]
    samples = rows_of(grid, names)
    rows, clusters = verdict_rows(grid, samples, names), [grid.bases[one] for one in samples]
    alike = verdict_agreement(rows, clusters, seed=seed)
    kappa = verdict_kappa(rows, clusters, seed=seed)
    cited = citation_agreement(pairs, seed=seed)
    numbers = (
        ("agreement", "two answers to a sample agree", alike, len(rows)),
        ("kappa", "Fleiss' kappa of verdicts", kappa, len(rows)),
        ("citation_jaccard", "the same passages are cited", cited, len(pairs)),
    )
    for name, title, found, n in numbers:
        made = _metric(grid, name, title, found)
        yield replace(made, undefined=n - made.n, better="higher", group="flips")


def sensitivity(scored: Sequence[Scored], *, seed: int = 0) -> Metric | None:
    """Return POSIX over the samples that were crossed; None where none was."""
    crossed = [one.outcome for one in scored if one.outcome.call == "cross"]
    if not crossed:
        return None
    values = {
        outcome.sample_id: posix(outcome.extra["log_probs"], outcome.extra["tokens"])
        for outcome in crossed
        if "log_probs" in outcome.extra
    }
    known = {sample: value for sample, value in values.items() if value is not None}
    bases = {outcome.sample_id: outcome.base_id for outcome in crossed}
    found = cluster_bootstrap(
        list(known.values()), [bases[one] for one in known], resamples=2_000, seed=seed
    )
    return Metric(
        name="posix",
        title="POSIX: nats a token between prompts",
        value=found and found.mean,
        low=found and found.low,
        high=found and found.high,
        n=len(known),
        undefined=len(crossed) - len(known),
        tier="T2",
        view="model",
        group="flips",
        better="lower",
        note=f"prompts: {crossed[0].level}",
    )


def by_axis(findings: Findings) -> Iterator[Metric]:
    """Yield what each axis does, in one view: a table each for spread, flips, and right answers."""
    for axis in findings.axes:
        yield _spread(findings, axis)
    for one in (*((findings.control,) if findings.control else ()), *findings.axes):
        yield _axis_flips(findings, one)
    for axis in findings.axes:
        yield _axis_right(findings, axis)


def _spread(findings: Findings, axis: AxisResult) -> Metric:
    found = axis.spread
    made = _metric(findings.grid, f"excess_spread/{axis.axis}", axis.axis, None)
    if found is None:
        return replace(made, group="excess spread", undefined=axis.samples)
    return replace(
        made,
        value=found.excess,
        n=axis.samples,
        group="excess spread",
        better="lower",
        note=f"best minus worst {found.spread:.2f}, of which chance explains {found.expected:.2f};"
        f" p = {found.p:.3f}, {findings.p[axis.axis]:.3f} after Holm over the axes",
    )


def _axis_flips(findings: Findings, axis: AxisResult) -> Metric:
    title = SAME_AGAIN if axis.axis == "control" else f"varying {axis.axis}"
    made = _metric(findings.grid, f"flip_rate/{axis.axis}", title, axis.flips)
    return replace(made, group="flips", better="lower")


def _axis_right(findings: Findings, axis: AxisResult) -> Metric:
    made = _metric(findings.grid, f"right/{axis.axis}", axis.axis, axis.right)
    p10, p50, p90 = axis.quantiles
    return replace(
        made,
        group="right answers",
        better="higher",
        baseline=axis.base_right,
        note=f"worst {axis.worst.id} at {axis.worst.right:.2f}; p10 {p10:.2f}, p50 {p50:.2f},"
        f" p90 {p90:.2f} of {len(axis.variants)} variants",
    )


def control_noise(findings: Findings) -> Metric | None:
    """Return how often the same prompt comes to another verdict; None where it was put once."""
    control = findings.control
    if control is None:
        return None
    made = _metric(findings.grid, "noise", "verdicts that flip when nothing changes", control.flips)
    return replace(made, better="lower", note="the same prompts put again")


def _metric(grid: Grid, name: str, title: str, found: Estimate | None) -> Metric:
    """Return a metric of the headline with the interval that was found."""
    return Metric(
        name=name,
        title=title,
        value=found and found.mean,
        low=found and found.low,
        high=found and found.high,
        n=found.n if found else 0,
        view=grid.view,
        group="headline",
    )
