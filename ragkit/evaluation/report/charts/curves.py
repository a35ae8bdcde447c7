"""Lines, risk by coverage, and reliability: series over two axes."""

from collections.abc import Mapping

from ragkit.evaluation.records import Chart, Scalar
from ragkit.evaluation.report.charts.plots import Axis, Dot, Plot, Series
from ragkit.evaluation.report.charts.reading import label, number, option, rows_of, words
from ragkit.evaluation.report.charts.scales import range_of
from ragkit.evaluation.report.charts.svg import Drawing


def draw_lines(chart: Chart, width: int) -> Drawing:
    """Return curves with the intervals of their points shaded."""
    series = read_series(chart, "x", "y")
    plot = Plot(width, _x_axis(chart, series), _y_axis(chart, series), _names(series))
    for at, one in enumerate(series):
        plot.draw_band(at, one.dots)
    for at, one in enumerate(series):
        plot.draw_line(at, one.dots)
        plot.draw_marks(at, one.dots, aside=_aside(at, len(series)))
    return plot.drawing


def draw_risk_coverage(chart: Chart, width: int) -> Drawing:
    """Return how much is wrong among the surest answers, for each share that is answered."""
    series = read_series(chart, "coverage", "risk")
    x = Axis(label(chart, "x_title", "share of the questions answered"), 0, 1)
    most = max((dot.y for one in series for dot in one.dots), default=1.0)
    high = option(chart, "y_max") or min(1.0, max(0.1, 1.15 * most))
    y = Axis(label(chart, "y_title", "wrong among the answers"), 0, high)
    plot = Plot(width, x, y, _names(series))
    for at, one in enumerate(series):
        plot.draw_line(at, one.dots)
        plot.draw_marks(at, _some(one.dots, 6))
    return plot.drawing


def draw_reliability(chart: Chart, width: int) -> Drawing:
    """Return how often answers of each confidence are right, against the line where both agree."""
    series = read_series(chart, "confidence", "accuracy")
    x = Axis(label(chart, "x_title", "how sure it was"), 0, 1)
    y = Axis(label(chart, "y_title", "how often it was right"), 0, 1)
    plot = Plot(width, x, y, _names(series))
    plot.drawing.line(plot.at(0, 0), plot.at(1, 1), "reference")
    for at, one in enumerate(series):
        plot.draw_line(at, one.dots)
        plot.draw_marks(at, one.dots, aside=_aside(at, len(series)))
    return plot.drawing


def read_series(chart: Chart, x: str, y: str) -> tuple[Series, ...]:
    """Return the series of a chart, points from left to right; undefined ones are left out."""
    dots: dict[str, list[Dot]] = {}
    for row in rows_of(chart, x, y):
        name = words(row.get("series"))
        dots.setdefault(name, [])
        at, value = number(row[x]), number(row[y])
        if at is not None and value is not None:
            dots[name].append(Dot(at, value, *_interval(row)))
    return tuple(
        Series(name, tuple(sorted(found, key=lambda dot: dot.x))) for name, found in dots.items()
    )


def _interval(row: Mapping[str, Scalar]) -> tuple[float | None, float | None]:
    return number(row.get("low")), number(row.get("high"))


def _names(series: tuple[Series, ...]) -> list[str]:
    return [one.name for one in series if one.name]


def _aside(number: int, of: int) -> float:
    """Return how far a series stands aside, so that intervals do not hide each other."""
    return 4.0 * (number - (of - 1) / 2)


def _some(dots: tuple[Dot, ...], count: int) -> tuple[Dot, ...]:
    step = max(1, len(dots) // count)
    return dots[::step]


def _x_axis(chart: Chart, series: tuple[Series, ...]) -> Axis:
    values = [dot.x for one in series for dot in one.dots]
    low, high = option(chart, "x_min"), option(chart, "x_max")
    return Axis(label(chart, "x_title"), *range_of(values, low=low, high=high))


def _y_axis(chart: Chart, series: tuple[Series, ...]) -> Axis:
    dots = [dot for one in series for dot in one.dots]
    values = [value for dot in dots for value in (dot.y, dot.low, dot.high)]
    low, high = option(chart, "y_min"), option(chart, "y_max")
    return Axis(label(chart, "y_title"), *range_of(values, low=low, high=high))
