"""A chart of a summary as a picture that stands in the page: one function a kind.

Columns that each kind reads (further ones are shown in the table below the picture):

- bars: label, value, low, high
- lines: series, x, y, low, high
- dots: group, label, value, low, high; options band_low and band_high for the band that is noise
- abstention: asked, right, wrong, abstained
- reliability: series, confidence, accuracy, low, high
- risk-coverage: series, coverage, risk
- heat-map: sample, variant, verdict
- flips: no picture; see `ragkit.evaluation.report.flips`

Options of all with axes: x_title, y_title, x_min, x_max, y_min, y_max.
"""

from collections.abc import Callable, Mapping

from ragkit.evaluation.records import Chart, ChartKind
from ragkit.evaluation.report.charts.curves import (
    draw_lines,
    draw_reliability,
    draw_risk_coverage,
)
from ragkit.evaluation.report.charts.heat_maps import draw_heat_map
from ragkit.evaluation.report.charts.rows import draw_bars, draw_dots
from ragkit.evaluation.report.charts.shares import draw_abstention
from ragkit.evaluation.report.charts.svg import Drawing

Draw = Callable[[Chart, int], Drawing]

DRAWERS: Mapping[ChartKind, Draw] = {
    "bars": draw_bars,
    "lines": draw_lines,
    "dots": draw_dots,
    "abstention": draw_abstention,
    "reliability": draw_reliability,
    "risk-coverage": draw_risk_coverage,
    "heat-map": draw_heat_map,
}

__all__ = ["DRAWERS", "Draw", "Drawing"]
