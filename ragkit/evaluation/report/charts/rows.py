"""Bars and dots: a row for each value on one common scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from ragkit.evaluation.records import Chart
from ragkit.evaluation.report.charts.plots import series_class
from ragkit.evaluation.report.charts.reading import label, number, option, rows_of, words
from ragkit.evaluation.report.charts.scales import Scale, range_of, tick_text
from ragkit.evaluation.report.charts.svg import SIZE, Drawing, Point
from ragkit.evaluation.report.numbers import UNDEFINED, number_text
from ragkit.evaluation.report.visible import wrap_text

_ROW = 34
_GROUP = 30
_TOP = 22
_BELOW = 52
_VALUE_ROOM = 56
_LABEL_SHARE = 0.36
_LINE = 15


@dataclass(frozen=True, slots=True)
class Value:
    """A row of a chart."""

    group: str
    label: str
    value: float | None
    low: float | None
    high: float | None


def draw_bars(chart: Chart, width: int) -> Drawing:
    """Return a bar for each value, from zero, with its interval."""
    field = _Field(chart, width, _values(chart))
    zero = field.scale(0)
    for row, y in field.places:
        if row.value is not None:
            end = field.scale(row.value)
            corner = Point(min(zero, end), y - 8)
            field.drawing.box(corner, Point(abs(end - zero), 16), "bar s1")
            field.draw_interval(row, y, "whisker over")
    return field.drawing


def draw_dots(chart: Chart, width: int) -> Drawing:
    """Return a point for each value with its interval, against the band that is noise."""
    field = _Field(chart, width, _values(chart))
    groups = list(dict.fromkeys(row.group for row, _ in field.places))
    for row, y in field.places:
        if row.value is not None:
            at = groups.index(row.group)
            field.draw_interval(row, y, f"whisker {series_class(at)}")
            place = Point(field.scale(row.value), y)
            field.drawing.mark(place, at, f"mark {series_class(at)}", radius=5)
    return field.drawing


def _values(chart: Chart) -> list[Value]:
    return [
        Value(
            words(row.get("group")),
            words(row["label"]),
            number(row["value"]),
            number(row.get("low")),
            number(row.get("high")),
        )
        for row in rows_of(chart, "label", "value")
    ]


class _Field:
    """Rows with their labels to the left, their numbers to the right, and an axis below."""

    def __init__(self, chart: Chart, width: int, rows: Sequence[Value]) -> None:
        heads = len({row.group for row in rows} - {""})
        bottom = _TOP + _ROW * len(rows) + _GROUP * heads
        left = _LABEL_SHARE * width
        band = option(chart, "band_low"), option(chart, "band_high")
        known = [value for row in rows for value in (row.value, row.low, row.high)]
        limits = {"low": option(chart, "x_min"), "high": option(chart, "x_max")}
        low, high = range_of([*known, *band], **limits)
        self.drawing = Drawing(width, bottom + _BELOW)
        self.scale = Scale(low, high, left, width - _VALUE_ROOM)
        self._draw_ground(band, bottom)
        self._draw_axis(label(chart, "x_title"), bottom)
        self.places = self._place(rows)

    def draw_interval(self, row: Value, y: float, kind: str) -> None:
        """Draw the interval of a row, if it has one."""
        if row.low is not None and row.high is not None:
            self.drawing.line(Point(self.scale(row.low), y), Point(self.scale(row.high), y), kind)

    def _draw_ground(self, band: tuple[float | None, float | None], bottom: float) -> None:
        low, high = band
        if low is None or high is None:
            return
        left, right = self.scale(low), self.scale(high)
        self.drawing.box(Point(left, _TOP), Point(max(2.0, right - left), bottom - _TOP), "band")
        self.drawing.text(Point((left + right) / 2, _TOP - 6), "noise", "t faint", anchor="middle")

    def _draw_axis(self, title: str, bottom: float) -> None:
        for tick in self.scale.ticks:
            x = self.scale(tick)
            self.drawing.line(Point(x, _TOP), Point(x, bottom), "grid")
            self.drawing.text(Point(x, bottom + 18), tick_text(tick), "t faint", anchor="middle")
        self.drawing.line(Point(self.scale.start, bottom), Point(self.scale.end, bottom), "axis")
        if self.scale.low < 0 < self.scale.high:
            zero = self.scale(0)
            self.drawing.line(Point(zero, _TOP), Point(zero, bottom), "axis")
        middle = (self.scale.start + self.scale.end) / 2
        self.drawing.text(Point(middle, bottom + 40), title, anchor="middle")

    def _place(self, rows: Sequence[Value]) -> list[tuple[Value, float]]:
        """Write labels and numbers; return each row with the height at which it lies."""
        places: list[tuple[Value, float]] = []
        y, group = float(_TOP), ""
        for row in rows:
            if row.group and row.group != group:
                y, group = y + _GROUP, row.group
                self.drawing.text(Point(0, y - 8), group, "t strong")
            middle = y + _ROW / 2
            self._write_label(row, middle)
            end = self.drawing.width
            told = number_text(row.value) if row.value is not None else UNDEFINED
            self.drawing.text(Point(end, middle + 4), told, "t num", anchor="end")
            places.append((row, middle))
            y += _ROW
        return places

    def _write_label(self, row: Value, middle: float) -> None:
        indent = 10 if row.group else 0
        letters = int((self.scale.start - indent - 12) / (SIZE * 0.55))
        lines = wrap_text(row.label, letters)
        first = middle + 4 - _LINE * (len(lines) - 1) / 2
        for at, line in enumerate(lines):
            self.drawing.text(Point(indent, first + at * _LINE), line)
