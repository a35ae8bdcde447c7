"""A picture of how a training went: the loss of each step, smoothed, and that held out.

It draws what was measured and judges nothing.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from ragkit.errors import UsageError
from ragkit.evaluation.report.charts.plots import Axis, Dot, Plot, series_class
from ragkit.evaluation.report.styles import picture_style
from ragkit.files import write_text_atomically
from ragkit.training.records import StepReport

CURVE_FILE = "curve.svg"
"""What it is called in the folder of a run."""

_WIDTH = 720
_SMOOTHING = 0.05
"""Share of the steps over which the curve is smoothed, but over five at least."""
_SHOWN = 0.98
"""Share of the steps whose losses set the height; the rest stand at the upper edge."""
_SMALL = 2.0
"""Radius of the points of steps, in pixels."""


def save_curve(path: Path, reports: Sequence[StepReport]) -> None:
    """Write the picture of a training as an SVG file, readable on light and on dark.

    Raises:
        UsageError: There is no step to show.
        StorageError: The disk is full or the folder cannot be written.
    """
    write_text_atomically(path, draw_curve(reports))


def draw_curve(reports: Sequence[StepReport]) -> str:
    """Return the picture of a training as SVG: losses by the tokens that were seen.

    Raises:
        UsageError: There is no step to show.
    """
    if not reports:
        raise UsageError("the run has no step to show yet", hint="train first: ragkit train")
    seen = [report.tokens / 1000 for report in reports]
    losses = [report.loss for report in reports]
    steps = [Dot(*one) for one in zip(seen, losses, strict=True)]
    curve = [Dot(*one) for one in zip(seen, _smoothed(reports), strict=True)]
    held_out = [
        Dot(at, report.held_out_loss)
        for at, report in zip(seen, reports, strict=True)
        if report.held_out_loss is not None
    ]
    high = max(sorted(losses)[int(_SHOWN * (len(losses) - 1))], *(dot.y for dot in held_out), 0.1)
    names = ["loss, smoothed", *(["held out"] if held_out else [])]
    x = Axis("thousand tokens computed, prompts included", 0.0, seen[-1])
    plot = Plot(_WIDTH, x, Axis("loss, nats a token", 0.0, 1.05 * high), names)
    for dot in steps:
        plot.drawing.mark(plot.at(dot.x, dot.y), 0, f"point {series_class(0)}", radius=_SMALL)
    plot.draw_line(0, curve)
    plot.draw_line(1, held_out)
    plot.draw_marks(1, held_out)
    return plot.drawing.document(
        title="How the training went", description=_tell(reports), style=picture_style()
    )


def _smoothed(reports: Sequence[StepReport]) -> tuple[float, ...]:
    over = max(5.0, _SMOOTHING * len(reports))
    return tuple(smooth([report.loss for report in reports], over=over))


def smooth(values: Sequence[float], *, over: float) -> Iterator[float]:
    """Yield for each value the mean of it and those before, older ones counting less and less.

    Args:
        values: In their order.
        over: About how many values a mean is of: it is at least 1.

    >>> list(smooth([1.0, 3.0], over=2)), list(smooth([1.0, 3.0], over=1))
    ([1.0, 2.3333333333333335], [1.0, 3.0])

    Source: Kingma and Ba 2015, "Adam", section 3: a moving mean without bias to its beginning.
    """
    kept = 1 - 1 / over
    total = weight = 0.0
    for value in values:
        total, weight = kept * total + value, kept * weight + 1
        yield total / weight


def _tell(reports: Sequence[StepReport]) -> str:
    """Return in words what the picture shows."""
    first, last = reports[0], reports[-1]
    text = (
        f"Over {last.step} steps and {last.tokens:,} tokens the loss went from {first.loss:.2f}"
        f" to {_smoothed(reports)[-1]:.2f} nats a token"
    )
    held_out = [one.held_out_loss for one in reports if one.held_out_loss is not None]
    if len(held_out) < 2:
        return f"{text}."
    return f"{text}, that of held-out examples from {held_out[0]:.2f} to {held_out[-1]:.2f}."
