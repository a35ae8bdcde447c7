"""Every sample under every variant: a field of verdicts, each with a mark besides its colour."""

from collections.abc import Sequence

from ragkit.evaluation.records import Chart
from ragkit.evaluation.report.charts.reading import rows_of, words
from ragkit.evaluation.report.charts.svg import Drawing, Point, width_of
from ragkit.evaluation.report.visible import shorten_text

VERDICTS = ("correct", "abstained", "wrong")
_CLASSES = {"correct": "right", "abstained": "abstained", "wrong": "wrong"}
_LABEL_LETTERS = 26
_HEAD_LETTERS = 24
_SMALL = 11
_LEGEND = 30
_CELL = (12.0, 22.0)
"""Least and greatest size of a cell, in pixels."""


def draw_heat_map(chart: Chart, width: int) -> Drawing:
    """Return a cell for each sample and variant: filled, with a line, or with a cross.

    It is as wide as its cells need, and no narrower than they can be read.
    """
    cells = {
        (words(row["sample"]), words(row["variant"])): words(row["verdict"])
        for row in rows_of(chart, "sample", "variant", "verdict")
    }
    samples = tuple(dict.fromkeys(sample for sample, _ in cells))
    variants = tuple(dict.fromkeys(variant for _, variant in cells))
    left = 12 + _longest(samples, _LABEL_LETTERS)
    top = _LEGEND + 12 + _longest(variants, _HEAD_LETTERS)
    size = min(_CELL[1], max(_CELL[0], (width - left - 4) / max(1, len(variants))))
    drawing = Drawing(max(width, left + size * len(variants) + 4), top + size * len(samples) + 6)
    _draw_legend(drawing)
    for row, sample in enumerate(samples):
        name = shorten_text(sample, _LABEL_LETTERS)
        at = Point(left - 8, top + size * (row + 0.5) + 4)
        drawing.text(at, name, "t small", anchor="end")
    for column, variant in enumerate(variants):
        name = shorten_text(variant, _HEAD_LETTERS)
        drawing.turned_text(Point(left + size * (column + 0.5) + 4, top - 8), name)
    for verdict in VERDICTS:
        corners = [
            Point(left + size * column, top + size * row)
            for row, sample in enumerate(samples)
            for column, variant in enumerate(variants)
            if cells.get((sample, variant)) == verdict
        ]
        _draw_cells(drawing, corners, size, verdict)
    return drawing


def _longest(names: Sequence[str], letters: int) -> float:
    return max((width_of(shorten_text(name, letters), size=12) for name in names), default=0.0)


def _draw_cells(drawing: Drawing, corners: Sequence[Point], size: float, verdict: str) -> None:
    """Draw all cells of a verdict as one shape, their marks as another: thousands stay quick."""
    side = size - 1.5
    squares = (f"M{at.x:.1f} {at.y:.1f}h{side:.1f}v{side:.1f}h-{side:.1f}z" for at in corners)
    drawing.path("".join(squares) or "M0 0", f"part {_CLASSES[verdict]}")
    marks = (_mark(at, side, verdict) for at in corners)
    drawing.path("".join(marks) or "M0 0", "hatch")


def _mark(corner: Point, side: float, verdict: str) -> str:
    near, far = 0.25 * side, 0.5 * side
    if verdict == "abstained":
        return f"M{corner.x + near:.1f} {corner.y + side / 2:.1f}h{far:.1f}"
    if verdict == "wrong":
        x, y = corner.x + near, corner.y + near
        return f"M{x:.1f} {y:.1f}l{far:.1f} {far:.1f}M{x + far:.1f} {y:.1f}l-{far:.1f} {far:.1f}"
    return ""


def _draw_legend(drawing: Drawing) -> None:
    x = 0.0
    for verdict in VERDICTS:
        _draw_cells(drawing, [Point(x, 2)], 16, verdict)
        drawing.text(Point(x + 21, 14), verdict)
        x += 21 + width_of(verdict) + 20
    drawing.text(Point(x, 14), "empty: not asked", "t faint")
