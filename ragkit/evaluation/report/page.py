"""A run as one page that needs nothing else: no network, no script, no other file.

Whatever documents and models wrote is escaped, with hidden characters made visible; the page
forbids itself, by its Content-Security-Policy, to load anything at all.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ragkit.evaluation.comparing import Comparison
from ragkit.evaluation.records import Chart, Sample, Scalar, Scored, Summary, Table
from ragkit.evaluation.report import words
from ragkit.evaluation.report.charts import DRAWERS
from ragkit.evaluation.report.charts.reading import pivot
from ragkit.evaluation.report.compared import read_comparison
from ragkit.evaluation.report.digest import (
    Row,
    difference_of,
    group_metrics,
    headline_rows,
    standing_of,
)
from ragkit.evaluation.report.flips import Flip, read_flips
from ragkit.evaluation.report.looking import Look, looks_of, worst_looks
from ragkit.evaluation.report.numbers import (
    count_text,
    detectable_text,
    difference_text,
    interval_text,
    number_text,
    tally_text,
)
from ragkit.evaluation.report.styles import page_style
from ragkit.evaluation.report.visible import visible
from ragkit.files import write_text_atomically
from ragkit.records import ModelInfo

if TYPE_CHECKING:
    from jinja2 import Environment

REPORT_FILE = "report.html"
"""In the folder of a run."""
WIDTHS = {"wide": 640, "narrow": 330}
"""Pixels that a chart is drawn for, on a desktop and on a phone: each sees letters of full size."""
_TEMPLATES = Path(__file__).parent / "template"
_ERRORS_SHOWN = 50
_ROWS_SHOWN = 500
"""Of the data under a chart; all of it stands in summary.json."""


class Reported(Protocol):
    """A run to report on."""

    @property
    def folder(self) -> Path:
        """Where it lies; its name is that of the run."""

    @property
    def summary(self) -> Summary:
        """What it came to."""

    @property
    def samples(self) -> Sequence[Sample]:
        """What was asked."""

    @property
    def scored(self) -> Sequence[Scored]:
        """What came of it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as the page shows it."""

    id: str
    chart: Chart
    meaning: str
    pictures: Mapping[str, Any]
    """Markup by width."""
    data: Table
    left_out: int
    flips: tuple[Flip, ...] = ()
    like: "Figure | None" = None
    """An earlier one that is explained in the same words."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the reproducibility card."""

    name: str
    value: str


def write_report(run: Reported, path: Path, *, comparison: Comparison | None = None) -> None:
    """Write the page of a run to a file, whole or not at all.

    Args:
        run: What to show.
        path: Of the file.
        comparison: With an earlier run, to be shown beside it.

    Raises:
        StorageError: The disk is full or the folder cannot be written.
    """
    write_text_atomically(path, render_report(run, comparison=comparison))


def render_report(run: Reported, *, comparison: Comparison | None = None) -> str:
    """Return the page of a run."""
    summary = run.summary
    style = page_style()
    context = {
        "summary": summary,
        "name": run.folder.name,
        "groups": group_metrics(summary.metrics),
        "headline": headline_rows(summary),
        "figures": _figures(summary.charts),
        "looks": worst_looks(summary, run.samples, run.scored),
        "errors": _errors(run),
        "about": _about(summary.header),
        "compared": read_comparison(comparison) if comparison else None,
        "facts": tuple(_facts(summary.header)),
        "words": words,
        "style": style,
        "policy": _policy(style),
        "two_views": {"shown", "model"} <= {metric.view for metric in summary.metrics},
    }
    return _environment().get_template("page.html").render(context)


def _errors(run: Reported) -> tuple[Look, ...]:
    return looks_of(run.summary.errors[:_ERRORS_SHOWN], run.samples, run.scored)


def _figures(charts: Sequence[Chart]) -> list[Figure]:
    """Return the charts as the page shows them; what they mean is told once."""
    figures: list[Figure] = []
    told: dict[str, Figure] = {}
    for number, chart in enumerate(charts):
        figure = _figure(number, chart)
        figures.append(replace(figure, like=told.get(figure.meaning)))
        told.setdefault(figure.meaning, figure)
    return figures


def _figure(number: int, chart: Chart) -> Figure:
    from markupsafe import Markup

    id_ = f"figure-{number}"
    about = f"{chart.note} The table below the picture holds its data.".strip()
    pictures = {}
    if draw := DRAWERS.get(chart.kind):
        for name, width in WIDTHS.items():
            markup = draw(chart, width).markup(
                id=f"{id_}-{name}", title=chart.title, description=about, kind=name
            )
            pictures[name] = Markup(markup)  # noqa: S704 - the XML writer has escaped it
    data = _data(chart)
    kept = Table(data.columns, data.rows[:_ROWS_SHOWN])
    flips = read_flips(chart) if chart.kind == "flips" else ()
    rows = len(flips) if chart.kind == "flips" else len(kept.rows)
    meaning = words.meaning_of(chart)
    return Figure(id_, chart, meaning, pictures, kept, len(data.rows) - rows, flips)


def _data(chart: Chart) -> Table:
    if chart.kind == "heat-map":
        return pivot(chart.data, down="sample", across="variant", value="verdict")
    return chart.data


def _about(header: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what was asked with what, in a few words: the model, its strategy, the suite."""
    model, suite = _inner(header, "model"), _inner(header, "suite")
    strategy = _inner(header, "ask").get("strategy") or _inner(header, "plan").get("strategy")
    version = f" version {suite['version']}" if "version" in suite else ""
    found = (
        _speaker(model),
        f"suite {suite['name']}{version}" if "name" in suite else None,
        strategy if model else None,
        str(header.get("started", ""))[:10],
    )
    return tuple(str(one) for one in found if one)


def _speaker(model: Mapping[str, Any]) -> str:
    """Return who was asked, in words."""
    name, adapter = model.get("name"), str(model.get("adapter") or "")
    return ModelInfo(str(name), "", adapter=adapter).title if name else "no model asked"


def _inner(header: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = header.get(name)
    return value if isinstance(value, Mapping) else {}


def _facts(header: Mapping[str, Any], before: str = "") -> Iterator[Fact]:
    """Yield the header line by line: {"model": {"name": "x"}} is "model name", "x"."""
    for name, value in header.items():
        title = f"{before} {name}".strip().replace("_", " ")
        if isinstance(value, Mapping):
            yield from _facts(value, title)
        elif isinstance(value, list | tuple):
            yield Fact(title, ", ".join(str(one) for one in value) or "–")
        else:
            yield Fact(title, _fact_text(value))


def _fact_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None or value == "" else str(value)


def _policy(style: str) -> str:
    """Return a Content-Security-Policy that lets nothing in but this very style."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@lru_cache(maxsize=1)
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters |= {
        "number": number_text,
        "signed": difference_text,
        "cell": _cell,
        "paragraphs": lambda text: [part for part in str(text).split("\n") if part.strip()],
    }
    environment.globals |= {
        "interval": interval_text,
        "tally": tally_text,
        "standing": standing_of,
        "difference": difference_of,
        "count": count_text,
        "bar": _interval_bar,
        "detectable": detectable_text,
    }
    return environment


def _finalize(value: object) -> object:
    """Make what is written visible; markup was when it was made."""
    return visible(value) if type(value) is str else value


def _cell(value: Scalar) -> str:
    if isinstance(value, float):
        return number_text(value)
    return "–" if value is None else str(value)


def _interval_bar(row: Row) -> Any:
    """Return a small picture of a share with its interval; nothing where it is no share."""
    from markupsafe import Markup

    from ragkit.evaluation.report.charts.svg import Drawing, Point

    metric = row.main
    values = (metric.value, metric.low, metric.high)
    if any(value is None or not 0 <= value <= 1 for value in values):
        return ""
    value, low, high = (float(one or 0) for one in values)
    drawing = Drawing(200, 14, stretches=True)
    drawing.box(Point(0, 5), Point(200, 4), "track")
    drawing.box(Point(200 * low, 3), Point(max(2, 200 * (high - low)), 8), "range")
    drawing.box(Point(min(197, max(0, 200 * value - 1.5)), 0), Point(3, 14), "value")
    markup = drawing.markup(
        id="bar-" + re.sub(r"\W+", "-", metric.name),
        title=metric.title,
        description=f"{number_text(value)}, between {number_text(low)} and {number_text(high)}",
        kind="interval",
    )
    return Markup(markup)  # noqa: S704 - the XML writer has escaped it
