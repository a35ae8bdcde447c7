"""A field with two axes, and series of points on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ragkit.evaluation.report.charts.scales import Scale, tick_text
from ragkit.evaluation.report.charts.svg import SIZE, Drawing, Point, width_of
from ragkit.evaluation.report.palette import SERIES
from ragkit.evaluation.report.visible import wrap_text

_LEFT = 52
_RIGHT = 14
_BELOW = 50
_LEGEND_LINE = 22
_ABOVE = 12


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis measures and from where to where."""

    title: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a series, with its interval where it has one."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Points that belong together, in the order in which they are joined."""

    name: str
    dots: tuple[Dot, ...]


def series_class(number: int) -> str:
    """Return the class of a series, which gives it colour and dash.

    >>> series_class(0), series_class(6)
    ('s1', 's1')
    """
    return f"s{number % SERIES + 1}"


class Plot:
    """A field with axes and a legend, ready to be drawn on.

    Args:
        width: Of the whole, in pixels.
        x: What runs to the right.
        y: What runs upwards.
        names: Of the series, for the legend.
    """

    def __init__(self, width: int, x: Axis, y: Axis, names: Sequence[str]) -> None:
        legend = _legend_places(names, width)
        top = _ABOVE + _LEGEND_LINE * (int(legend[-1].y) + 1 if legend else 0)
        field = min(300.0, 0.8 * (width - _LEFT - _RIGHT))
        self.drawing = Drawing(width, top + field + _BELOW)
        self.x = Scale(x.low, x.high, _LEFT, width - _RIGHT)
        self.y = Scale(y.low, y.high, top + field, top)
        self._draw_axes(x.title, y.title)
        for number, (name, place) in enumerate(zip(names, legend, strict=True)):
            self._draw_legend(number, name, place)

    def at(self, x: float, y: float) -> Point:
        """Return where two values lie."""
        return Point(self.x(x), self.y(y))

    def draw_line(self, number: int, dots: Sequence[Dot]) -> None:
        """Join the points of a series."""
        self.drawing.polyline(
            [self.at(dot.x, dot.y) for dot in dots], f"curve {series_class(number)}"
        )

    def draw_band(self, number: int, dots: Sequence[Dot]) -> None:
        """Shade the intervals of a series."""
        within = [(dot, dot.low, dot.high) for dot in dots]
        highs = [self.at(dot.x, high) for dot, _, high in within if high is not None]
        lows = [self.at(dot.x, low) for dot, low, _ in within if low is not None]
        if len(highs) > 1 and len(highs) == len(lows):
            self.drawing.area([*highs, *reversed(lows)], f"spread {series_class(number)}")

    def draw_marks(self, number: int, dots: Sequence[Dot], *, aside: float = 0) -> None:
        """Draw the points of a series with their intervals, so many pixels to the right."""
        for dot in dots:
            place = self.at(dot.x, dot.y)
            place = Point(place.x + aside, place.y)
            if dot.low is not None and dot.high is not None:
                low, high = Point(place.x, self.y(dot.low)), Point(place.x, self.y(dot.high))
                self.drawing.line(low, high, f"whisker {series_class(number)}")
            self.drawing.mark(place, number, f"mark {series_class(number)}")

    def _draw_axes(self, x_title: str, y_title: str) -> None:
        left, right, bottom, top = self.x.start, self.x.end, self.y.start, self.y.end
        for tick in self.y.ticks:
            y = self.y(tick)
            self.drawing.line(Point(left, y), Point(right, y), "grid")
            self.drawing.text(Point(left - 7, y + 4), tick_text(tick), "t faint", anchor="end")
        for tick in self.x.ticks:
            x = self.x(tick)
            self.drawing.line(Point(x, bottom), Point(x, bottom + 5), "axis")
            self.drawing.text(Point(x, bottom + 19), tick_text(tick), "t faint", anchor="middle")
        self.drawing.line(Point(left, bottom), Point(right, bottom), "axis")
        middle = (left + right) / 2
        self.drawing.text(Point(middle, bottom + 40), x_title, anchor="middle")
        title = wrap_text(y_title, int((bottom - top) / (SIZE * 0.55)), lines=1)
        if title:
            self.drawing.turned_text(Point(13, (top + bottom) / 2), title[0], anchor="middle")

    def _draw_legend(self, number: int, name: str, place: Point) -> None:
        kind = series_class(number)
        y = _ABOVE + place.y * _LEGEND_LINE
        self.drawing.line(Point(place.x, y), Point(place.x + 26, y), f"curve {kind}")
        self.drawing.mark(Point(place.x + 13, y), number, f"mark {kind}")
        self.drawing.text(Point(place.x + 32, y + 4), name)


def _legend_places(names: Sequence[str], width: int) -> list[Point]:
    """Return the left end of each name in pixels, and its line; a single one needs no legend."""
    places: list[Point] = []
    x, line = float(_LEFT), 0
    for name in names:
        room = 32 + width_of(name) + 18
        if places and x + room > width:
            x, line = float(_LEFT), line + 1
        places.append(Point(x, line))
        x += room
    return places
