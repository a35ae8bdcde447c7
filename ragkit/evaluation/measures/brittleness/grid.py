"""Answers by sample and variant, as one view gives them: what everything else is computed from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ragkit.evaluation.records import Outcome, Reading, Scored, Verdict, View
from ragkit.evaluation.statistics.bootstrap import Floats
from ragkit.evaluation.variants import AXES, BASE

VERDICTS: tuple[Verdict, ...] = ("correct", "abstained", "wrong")


class Cell(NamedTuple):
    """One answer."""

    outcome: Outcome
    verdict: Verdict
    right: bool
    cited: frozenset[tuple[str, int]]
    """Documents and places of the passages that it cites: their numbers change with the order."""
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Samples down, variants across; a cell is missing where that pair was not asked."""

    view: View
    samples: tuple[str, ...]
    bases: dict[str, str]
    """The base of each sample: samples of one base are not independent."""
    variants: tuple[str, ...]
    """The base form first, the others by axis."""
    axes: dict[str, str]
    """The axis of each variant."""
    levels: dict[str, str]
    cells: dict[tuple[str, str], Cell]

    def of_axis(self, axis: str) -> tuple[str, ...]:
        """Return the variants of an axis, without the base form."""
        return tuple(one for one in self.variants if self.axes[one] == axis)

    @property
    def varied(self) -> tuple[str, ...]:
        """The axes that there are answers of, the base form's and the control's not among them."""
        present = set(self.axes.values())
        return tuple(axis for axis in AXES if axis in present and axis != "control")


class Pair(NamedTuple):
    """The answer to the base form of a sample, and that to a variant."""

    base: Cell
    other: Cell


def build_grid(scored: Iterable[Scored], view: View) -> Grid:
    """Return the answers of a view; outcomes of other calls, or without that view, are left out."""
    cells, bases, levels, axes = {}, {}, {}, {}
    for one in scored:
        outcome = one.outcome
        score = one.scores.get(view)
        if outcome.call != "ask" or score is None:
            continue
        reading = outcome.readings.get(view)
        cells[outcome.sample_id, outcome.variant] = Cell(
            outcome,
            score.verdict,
            score.right,
            _cited(outcome, reading) if reading else frozenset(),
            reading.text if reading else "",
        )
        bases[outcome.sample_id] = outcome.base_id
        axes[outcome.variant] = outcome.axis
        levels[outcome.variant] = outcome.level
    places = {axis: at for at, axis in enumerate((BASE.axis, *AXES))}
    ordered = sorted(axes, key=lambda one: (places.get(axes[one], len(places)), _natural(one)))
    return Grid(view, tuple(sorted(bases)), bases, tuple(ordered), axes, levels, cells)


def _cited(outcome: Outcome, reading: Reading) -> frozenset[tuple[str, int]]:
    places = {passage.id: (passage.document, passage.start) for passage in outcome.passages}
    numbers = {number for sentence in reading.sentences for number in sentence.citations}
    return frozenset(places[number] for number in numbers if number in places)


def _natural(variant: str) -> tuple[int, str]:
    """Return what sorts "typos/2" before "typos/10".

    >>> sorted(["typos/10", "typos/2", "order/reversed"], key=_natural)
    ['order/reversed', 'typos/2', 'typos/10']
    """
    tail = variant.rpartition("/")[2]
    return (int(tail) if tail.isdigit() else 0, variant)


def pairs_of(grid: Grid, variants: Iterable[str]) -> list[Pair]:
    """Return every answer to one of the variants beside that to the base form of its sample."""
    return [
        Pair(grid.cells[sample, BASE.id], grid.cells[sample, variant])
        for variant in variants
        for sample in grid.samples
        if (sample, variant) in grid.cells and (sample, BASE.id) in grid.cells
    ]


def rows_of(grid: Grid, variants: Sequence[str]) -> list[str]:
    """Return the samples that were put in any of the ways."""
    return [
        sample for sample in grid.samples if any((sample, one) in grid.cells for one in variants)
    ]


def right_matrix(grid: Grid, rows: Sequence[str], variants: Sequence[str]) -> Floats:
    """Return 1 where an answer is right, 0 where not, NaN where there is none; (rows, variants)."""
    cells = grid.cells
    return np.array(
        [
            [
                float(cells[sample, one].right) if (sample, one) in cells else np.nan
                for one in variants
            ]
            for sample in rows
        ]
    ).reshape(len(rows), len(variants))


def verdict_rows(
    grid: Grid, rows: Sequence[str], variants: Sequence[str]
) -> list[list[Verdict | None]]:
    """Return the verdicts, None where there is none; a row for each sample."""
    return [
        [
            grid.cells[sample, one].verdict if (sample, one) in grid.cells else None
            for one in variants
        ]
        for sample in rows
    ]
