"""Answering and abstaining: what became of the questions of each sort, as shares of a bar."""

from ragkit.evaluation.records import Chart
from ragkit.evaluation.report.charts.reading import number, rows_of, words
from ragkit.evaluation.report.charts.svg import Drawing, Point, width_of

_PARTS = ("right", "abstained", "wrong")
_ROW = 78
_BAR = 30


def draw_abstention(chart: Chart, width: int) -> Drawing:
    """Return a bar for each sort of question, in parts: answered rightly, abstained, wrong."""
    rows = list(rows_of(chart, "asked", *_PARTS))
    drawing = Drawing(width, _ROW * len(rows) + 4)
    for at, row in enumerate(rows):
        counts = {part: number(row[part]) or 0.0 for part in _PARTS}
        top = float(_ROW * at)
        drawing.text(Point(0, top + 14), words(row["asked"]), "t strong")
        total = sum(counts.values())
        drawing.text(Point(width, top + 14), f"{total:g}", "t num", anchor="end")
        if total:
            _draw_bar(drawing, counts, top + 22)
        _draw_counts(drawing, counts, top + 22 + _BAR + 17)
    return drawing


def _draw_bar(drawing: Drawing, counts: dict[str, float], top: float) -> None:
    total = sum(counts.values())
    x = 0.0
    for part, count in counts.items():
        size = drawing.width * count / total
        if size:
            drawing.box(Point(x, top), Point(max(1.0, size - 1.5), _BAR), f"part {part}")
            _draw_hatching(drawing, part, Point(x, top), size - 1.5)
        x += size


def _draw_hatching(drawing: Drawing, part: str, corner: Point, width: float) -> None:
    """Mark a part by more than its colour: strokes for wrong ones, a line for abstentions."""
    if part == "abstained":
        middle = corner.y + _BAR / 2
        drawing.line(Point(corner.x, middle), Point(corner.x + max(0, width), middle), "hatch")
    if part == "wrong":
        strokes = [
            f"M{x:.1f} {corner.y + _BAR:.1f}l{min(10.0, corner.x + width - x):.1f} -{_BAR}"
            for x in (corner.x + 8 * step for step in range(int(width // 8)))
        ]
        drawing.path("".join(strokes) or "M0 0", "hatch")


def _draw_counts(drawing: Drawing, counts: dict[str, float], y: float) -> None:
    x = 0.0
    for part, count in counts.items():
        told = f"{part} {count:g}"
        drawing.box(Point(x, y - 10), Point(11, 11), f"part {part}")
        _draw_key(drawing, part, Point(x, y - 10))
        drawing.text(Point(x + 16, y), told)
        x += 16 + width_of(told) + 18


def _draw_key(drawing: Drawing, part: str, corner: Point) -> None:
    if part == "abstained":
        drawing.line(Point(corner.x, corner.y + 5.5), Point(corner.x + 11, corner.y + 5.5), "hatch")
    if part == "wrong":
        drawing.path(f"M{corner.x + 1:.1f} {corner.y + 10:.1f}l9 -9", "hatch")
