"""The pictures of brittleness: axes against noise, places, numbers, typos, flips side by side."""

from collections.abc import Iterable, Iterator, Sequence

from ragkit.evaluation.gold import holds_any
from ragkit.evaluation.measures.brittleness.axis import AxisResult, share
from ragkit.evaluation.measures.brittleness.findings import Findings, moved
from ragkit.evaluation.measures.brittleness.grid import Cell, Grid, Pair, pairs_of
from ragkit.evaluation.records import Chart, Sample, Scalar, Table, View
from ragkit.evaluation.variants import BASE

MOST_FLIPS = 24
"""Pairs of prompts that a summary keeps; all of them stand in items.jsonl."""
_USUAL_PASSAGES = 5
_NAMES = {"shown": "shown answer", "model": "model alone"}


def draw_charts(shown: Findings, model: Findings, samples: Sequence[Sample]) -> Iterator[Chart]:
    """Yield the charts that there is data for."""
    if not shown.axes:
        return
    yield _flip_dots((shown, model))
    yield _change_dots(shown)
    yield _axis_bars(shown)
    gold = {sample.id: sample for sample in samples}
    lines = (
        _place_lines((shown.grid, model.grid), gold),
        _level_lines((shown.grid, model.grid), "count", "Passages to answer from", _USUAL_PASSAGES),
        _level_lines((shown.grid, model.grid), "typos", "Mistyped letters, of 100", 0),
    )
    yield from (chart for chart in lines if chart)
    yield _heat_map(shown.grid)
    flips = _flips(shown.grid)
    if flips.data.rows:
        yield flips


def _flip_dots(views: Iterable[Findings]) -> Chart:
    rows: list[tuple[Scalar, ...]] = []
    band: dict[str, Scalar] = {}
    for findings in views:
        control = findings.control.flips if findings.control else None
        if control and not band:
            band = {"band_low": 0.0, "band_high": control.high}
        rows += [
            (
                _NAMES[findings.grid.view],
                axis.axis,
                axis.flips.mean,
                axis.flips.low,
                axis.flips.high,
            )
            for axis in findings.axes
            if axis.flips
        ]
    return Chart(
        name="flips_by_axis",
        kind="dots",
        title="How often a verdict flips, by what was varied",
        data=Table(("group", "label", "value", "low", "high"), tuple(rows)),
        note="The strip reaches up to what the same prompt, put again, may flip.",
        options={"x_title": "share of verdicts that flip", "x_min": 0.0, **band},
    )


def _change_dots(findings: Findings) -> Chart:
    control = [one.change for one in findings.control.variants] if findings.control else []
    lows = [one.mean if one.low is None else one.low for one in control]
    highs = [one.mean if one.high is None else one.high for one in control]
    rows = tuple(
        (
            axis.axis,
            f"{one.id}: {one.level}",
            one.change.mean,
            one.change.low,
            one.change.high,
            one.change.n,
            one.broke,
            one.fixed,
            one.p,
        )
        for axis in findings.axes
        for one in axis.variants
    )
    columns = ("group", "label", "value", "low", "high", "samples", "broke", "fixed", "p (Holm)")
    band: dict[str, Scalar] = {"band_low": min(lows), "band_high": max(highs)} if control else {}
    return Chart(
        name="changes_by_variant",
        kind="dots",
        title="What each variant does to the share of right answers",
        data=Table(columns, rows),
        note="Each point is a variant against the same samples as they are put.",
        options={"x_title": "change in the share that is right", **band},
    )


def _axis_bars(findings: Findings) -> Chart:
    columns = (
        "label", "value", "low", "high", "p (Holm)", "spread", "by chance", "variants", "samples",
        "mean", "worst", "p10", "p50", "p90", "flips", "abstention flips", "agreement", "kappa",
        "citation Jaccard", "drop", "beats noise", "Cochran's p", "var(item)", "var(axis)",
        "var(item x axis)", "variance caused",
    )  # fmt: skip
    both = (*findings.ranked, *(one for one in findings.axes if one not in findings.single))
    return Chart(
        name="excess_spread",
        kind="bars",
        title="How far the variants of an axis lie apart, beyond chance",
        data=Table(columns, tuple(_axis_row(findings, axis) for axis in both)),
        note="The axis that causes most variance comes first; the table has all that was found.",
        options={"x_title": "best minus worst variant, less what chance explains"},
    )


def _axis_row(findings: Findings, axis: AxisResult) -> tuple[Scalar, ...]:
    spread, parts = axis.spread, axis.components
    return (
        axis.axis,
        spread and spread.excess,
        None,
        None,
        findings.p.get(axis.axis),
        spread and spread.spread,
        spread and spread.expected,
        len(axis.variants),
        axis.samples,
        axis.right and axis.right.mean,
        axis.worst.right,
        *axis.quantiles,
        axis.flips and axis.flips.mean,
        axis.abstention_flips and axis.abstention_flips.mean,
        axis.agreement,
        axis.kappa,
        axis.citations and axis.citations.mean,
        axis.drop and axis.drop.mean,
        findings.beats_noise(axis),
        axis.differ and axis.differ.p,
        parts and parts.item,
        parts and parts.level,
        parts and parts.interaction,
        moved(axis, findings.noise),
    )


def _place_lines(grids: Iterable[Grid], samples: dict[str, Sample]) -> Chart | None:
    """Return how the share of right answers depends on where the gold stands in the prompt."""
    rows: list[tuple[Scalar, ...]] = []
    for grid in grids:
        cells: dict[int, list[Cell]] = {}
        for name in grid.of_axis("order"):
            for pair in pairs_of(grid, [name]):
                place = place_of_gold(pair.other, samples)
                if place:
                    cells.setdefault(place, []).append(pair.other)
        rows += (_point(grid.view, place, cells[place]) for place in sorted(cells))
    title = "Where the passage that answers stands among the sources"
    return _lines("place", title, rows, note="1 is the first source of the prompt.")


def place_of_gold(cell: Cell, samples: dict[str, Sample]) -> int | None:
    """Return the number of the first source that holds the gold; None where none does."""
    sample = samples.get(cell.outcome.sample_id)
    if sample is None or not sample.gold:
        return None
    for number, passage in enumerate(cell.outcome.passages, start=1):
        if holds_any(passage, sample.gold):
            return number
    return None


def _level_lines(grids: Iterable[Grid], axis: str, title: str, usual: int) -> Chart | None:
    """Return the share of right answers by the number in an axis's ids; `usual` is the base."""
    rows: list[tuple[Scalar, ...]] = []
    for grid in grids:
        names = grid.of_axis(axis)
        pairs = pairs_of(grid, names)
        levels = {int(name.rpartition("/")[2]): pairs_of(grid, [name]) for name in names}
        cells = {level: [pair.other for pair in found] for level, found in levels.items()}
        base = {pair.base.outcome.sample_id: pair.base for pair in pairs}
        cells[usual] = list(base.values())
        rows += (_point(grid.view, level, cells[level]) for level in sorted(cells) if cells[level])
    return _lines(axis, title, rows)


def _point(view: View, x: int, cells: Sequence[Cell]) -> tuple[Scalar, ...]:
    found = share([cell.right for cell in cells], [cell.outcome.base_id for cell in cells])
    if found is None:
        return (_NAMES[view], x, None, None, None, 0)
    return (_NAMES[view], x, found.mean, found.low, found.high, found.n)


def _lines(
    name: str, title: str, rows: Sequence[tuple[Scalar, ...]], *, note: str = ""
) -> Chart | None:
    if len({row[1] for row in rows}) < 2:
        return None
    return Chart(
        name=f"right_by_{name}",
        kind="lines",
        title=f"{title}: share of right answers",
        data=Table(("series", "x", "y", "low", "high", "answers"), tuple(rows)),
        note=note,
        options={"x_title": title, "y_title": "share that is right", "y_min": 0.0, "y_max": 1.0},
    )


def _heat_map(grid: Grid) -> Chart:
    rows = tuple(
        (sample, variant, grid.cells[sample, variant].verdict)
        for variant in grid.variants
        for sample in grid.samples
        if (sample, variant) in grid.cells
    )
    return Chart(
        name="verdicts",
        kind="heat-map",
        title="Each sample, put in each way",
        data=Table(("sample", "variant", "verdict"), rows),
        note="What is shown to a user; cells are empty where a sample was not put that way.",
    )


def flipped(grid: Grid) -> list[Pair]:
    """Return the pairs whose verdicts differ: right to wrong first, one of each sample in turn."""
    names = [one for one in grid.variants if one != BASE.id]
    changed = [pair for pair in pairs_of(grid, names) if pair.base.verdict != pair.other.verdict]
    seen: dict[str, int] = {}
    turns = []
    for pair in sorted(changed, key=lambda pair: (not pair.base.right, pair.other.right)):
        sample = pair.base.outcome.sample_id
        seen[sample] = seen.get(sample, 0) + 1
        turns.append((seen[sample], pair))
    return [pair for _, pair in sorted(turns, key=lambda turn: turn[0])]


def _flips(grid: Grid) -> Chart:
    columns = ("sample", *(
        f"{name}_{side}"
        for side in "ab"
        for name in ("question", "variant", "verdict", "answer", "prompt")
    ))  # fmt: skip
    rows = tuple(
        (pair.base.outcome.sample_id, *_side(pair.base), *_side(pair.other))
        for pair in flipped(grid)[:MOST_FLIPS]
    )
    return Chart(
        name="flips",
        kind="flips",
        title="Answers that changed though the meaning did not",
        data=Table(columns, rows),
    )


def _side(cell: Cell) -> tuple[Scalar, ...]:
    outcome = cell.outcome
    return (outcome.question, outcome.variant, cell.verdict, cell.text, outcome.prompt)
