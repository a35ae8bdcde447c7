"""Reading the data of a chart: columns by name, values of whatever JSON brought back."""

import math
from collections.abc import Iterator, Mapping

from ragkit.errors import RagkitError
from ragkit.evaluation.records import Chart, Scalar, Table


def rows_of(chart: Chart, *needed: str) -> Iterator[Mapping[str, Scalar]]:
    """Yield the rows of a chart by the names of their columns.

    Raises:
        RagkitError: A column that a chart of this kind cannot do without is missing.
    """
    missing = [name for name in needed if name not in chart.data.columns]
    if missing:
        raise RagkitError(
            f"chart {chart.name!r} ({chart.kind}) has no column {missing[0]!r}; it has:"
            f" {', '.join(chart.data.columns)}"
        )
    for row in chart.data.rows:
        yield dict(zip(chart.data.columns, row, strict=True))


def number(value: Scalar) -> float | None:
    """Return a value as a number to draw; None for what is none.

    >>> number(3), number("x"), number(None), number(float("nan")), number(True)
    (3.0, None, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def words(value: Scalar) -> str:
    """Return a value as a label.

    >>> words("shown"), words(None), words(3.0)
    ('shown', '', '3')
    """
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def option(chart: Chart, name: str) -> float | None:
    """Return an option that is a number."""
    return number(chart.options.get(name))


def label(chart: Chart, name: str, default: str = "") -> str:
    """Return an option that is a text."""
    return words(chart.options.get(name)) or default


def pivot(table: Table, *, down: str, across: str, value: str) -> Table:
    """Return a long table as a wide one: a row for each `down`, a column for each `across`.

    >>> long = Table(("s", "v", "x"), (("a", "1", 5), ("a", "2", 6), ("b", "2", 7)))
    >>> pivot(long, down="s", across="v", value="x")
    Table(columns=('s', '1', '2'), rows=(('a', 5, 6), ('b', None, 7)))
    """
    at = {name: table.columns.index(name) for name in (down, across, value)}
    cells = {(row[at[down]], row[at[across]]): row[at[value]] for row in table.rows}
    names = tuple(dict.fromkeys(name for name, _ in cells))
    heads = tuple(dict.fromkeys(head for _, head in cells))
    rows = tuple((name, *(cells.get((name, head)) for head in heads)) for name in names)
    return Table((down, *(words(head) for head in heads)), rows)
