"""Tables, charts and diagrams of slides as lines of text."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ragkit.documents.slides.text import lines_of
from ragkit.documents.tables import render_rows

_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MOST_CATEGORIES = 200
"""Of a chart; more are measurements that nobody reads off."""


def table_lines(table: Any) -> list[str]:
    """Return one line per row of a table; merged cells keep their columns."""
    rows: list[list[str]] = []
    for row in table.rows:
        texts: list[str] = []
        for place, cell in enumerate(row.cells):
            element = cell._tc  # noqa: SLF001 - the only way to the marks of merged cells
            text = " ".join(lines_of(element))
            if element.get("vMerge") in ("1", "true") and rows and place < len(rows[-1]):
                text = rows[-1][place]
            elif element.get("hMerge") in ("1", "true"):
                text = texts[-1] if texts and not rows else ""
            texts.append(text)
        rows.append(texts)
    header = True if table.first_row else None
    return render_rows(rows, header=header if rows and len(rows[0]) > 2 else None)


def chart_lines(root: Any) -> Iterator[str]:
    """Yield the values of a chart, one line for each category.

    Args:
        root: Of the chart's XML; python-pptx knows flat charts only.
    """
    for plot in root.iterfind(f"{_CHART}chart/{_CHART}plotArea/*"):
        series = [_Series.of(element) for element in plot.iterfind(f"{_CHART}ser")]
        names: dict[int, str] = {}
        for one in series:
            names |= {place: name for place, name in one.names.items() if place not in names}
        places = sorted({place for one in series for place in one.values})[:_MOST_CATEGORIES]
        rows = [
            [names.get(place, ""), *(one.values.get(place, "") for one in series)]
            for place in places
        ]
        yield from render_rows([["", *(one.name for one in series)], *rows], header=True)


class _Series(NamedTuple):
    """One line or colour of a chart: its name, and by place its categories and values."""

    name: str
    names: dict[int, str]
    values: dict[int, str]

    @classmethod
    def of(cls, element: Any) -> "_Series":
        name = " ".join(text.text or "" for text in element.iterfind(f"{_CHART}tx//{_CHART}v"))
        names = _points(element, "cat") or _points(element, "xVal")
        return cls(name, names, _points(element, "val") or _points(element, "yVal"))


def _points(series: Any, name: str) -> dict[int, str]:
    found = {}
    for point in series.iterfind(f"{_CHART}{name}//{_CHART}pt"):
        place, value = str(point.get("idx") or ""), point.findtext(f"{_CHART}v")
        if place.isdecimal() and value:
            found[int(place)] = _number(value)
    return found


def _number(text: str) -> str:
    """Return a value as it is read; names stay as they are.

    >>> _number("4.2999999999999998"), _number("1200.0"), _number("2019"), _number("inf.")
    ('4.3', '1200', '2019', 'inf.')
    """
    return f"{float(text):.10g}" if re.fullmatch(r"-?\d+\.\d+(?:E-?\d+)?", text) else text


def diagram_lines(frame: Any, part: Any) -> Iterator[str]:
    """Yield the texts of a diagram (SmartArt), point by point.

    Args:
        frame: The element that shows it.
        part: Of the slide, which knows where its data lie.
    """
    from pptx.oxml import parse_xml

    for ids in frame.iter(f"{_DIAGRAM}relIds"):
        name = ids.get(f"{_RELATION}dm")
        if name not in part.rels or part.rels[name].is_external:
            continue
        for point in parse_xml(part.related_part(name).blob).iter(f"{_DIAGRAM}pt"):
            if point.get("type", "node") in ("node", "asst"):
                yield from lines_of(point)
