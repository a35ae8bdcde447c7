"""How well each signal tells right answers from wrong ones, beside baselines of the same answers.

Only answers that assert something count; what is asserted to an unanswerable question is wrong.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ragkit.evaluation.measures.hallucination.items import Item
from ragkit.evaluation.measures.hallucination.signals import BASELINES, Signal
from ragkit.evaluation.measures.numbers import with_estimate
from ragkit.evaluation.records import Chart, Metric, Scalar, Table, View
from ragkit.evaluation.statistics import (
    accuracy_at_coverage,
    aurc,
    auroc,
    bootstrap_statistic,
    brier,
    expected_calibration_error,
    reliability_bins,
    risk_coverage,
)

_RESAMPLES = 300
"""Draws for an interval: there are many numbers, and each draw sorts the answers anew."""
_LEAST_ANSWERS = 10
"""Fewer tell nothing of a signal, nor does a point of a chart that stands for fewer."""
_COVERAGE_STEPS = 40

Measure = Callable[[Sequence[float], Sequence[float]], float | None]
_RANKING: tuple[tuple[str, str, Measure, str], ...] = (
    ("auroc", "AUROC", auroc, "higher"),
    ("aurc", "AURC", aurc, "lower"),
    ("accuracy_at_80", "right among the surest 80%", accuracy_at_coverage, "higher"),
)
_PROBABILITY: tuple[tuple[str, str, Measure, str], ...] = (
    ("brier", "Brier", brier, "lower"),
    ("ece", "ECE", expected_calibration_error, "lower"),
)


class Told(NamedTuple):
    """What a signal says of the answers that it knows of."""

    name: str
    items: tuple[Item, ...]
    confidences: list[float]
    right: list[float]
    """1.0 for each answer that is right, else 0.0."""
    undefined: int
    """Answers of which it says nothing."""


def _tell(items: Sequence[Item], signals: Mapping[str, Signal]) -> Iterator[Told]:
    """Yield what each signal says, but for those that know of too few answers."""
    asserted = [item for item in items if item.asserts and not item.outcome.error]
    for name, signal in signals.items():
        found = [(item, value) for item in asserted if (value := signal(item)) is not None]
        if len(found) >= _LEAST_ANSWERS:
            yield Told(
                name,
                tuple(item for item, _ in found),
                [value for _, value in found],
                [float(item.score.right) for item, _ in found],
                undefined=len(asserted) - len(found),
            )


def measure_signals(
    items: Sequence[Item], signals: dict[str, Signal], view: View
) -> Iterator[Metric]:
    """Yield the five numbers of each signal, each with the best baseline of the same answers."""
    for told in _tell(items, signals):
        for measure in (*_RANKING, *_PROBABILITY):
            yield _measure(measure, told, view)


def _measure(measure: tuple[str, str, Measure, str], told: Told, view: View) -> Metric:
    key, title, function, better = measure
    best, whose = _best_baseline(key, function, told, better)
    metric = Metric(
        f"{key}/{told.name}",
        f"{title} of {told.name}",
        None,
        view=view,
        group="confidence",
        better="higher" if better == "higher" else "lower",
        baseline=best,
        baseline_name=whose,
        n=len(told.items),
        undefined=told.undefined,
    )
    estimate = bootstrap_statistic(
        list(zip(told.confidences, told.right, strict=True)),
        [item.base for item in told.items],
        lambda table: function(table[:, 0].tolist(), table[:, 1].tolist()),
        resamples=_RESAMPLES,
    )
    return with_estimate(metric, estimate)


def _best_baseline(
    key: str, function: Measure, told: Told, better: str
) -> tuple[float | None, str]:
    """Return the best that a baseline does on the same answers, and which.

    Of the Brier score only a constant can be one: the share that is right, whose ECE is 0 always.
    """
    if key == "ece":
        return None, ""
    if key in {one[0] for one in _PROBABILITY}:
        share = sum(told.right) / len(told.right)
        return function([share] * len(told.right), told.right), "the share that is right, for all"
    found = [
        (value, name)
        for name, baseline in BASELINES.items()
        if (value := function([baseline(item) or 0.0 for item in told.items], told.right))
        is not None
    ]
    if not found:
        return None, ""
    return max(found) if better == "higher" else min(found)


def chart_risk(items: Sequence[Item], signals: dict[str, Signal], view: View) -> Chart:
    """Return the share of wrong answers among the surest ones, by signal and baseline."""
    rows: list[tuple[Scalar, ...]] = []
    for told in _tell(items, {**signals, **BASELINES}):
        points = risk_coverage(told.confidences, told.right)
        step = max(1, len(points) // _COVERAGE_STEPS)
        kept = [*points[:-1:step], points[-1]]
        rows += [(told.name, point.coverage, point.risk) for point in kept]
    return Chart(
        name=f"risk-coverage-{view}",
        kind="risk-coverage",
        title=f"Wrong answers among the surest: {_whose(view)}",
        data=Table(("series", "coverage", "risk"), tuple(rows)),
        note="The lower a line, the better the signal says which answers to keep.",
        options={"x_title": "share of answers given", "y_title": "share of them wrong"},
    )


def chart_reliability(items: Sequence[Item], signals: dict[str, Signal], view: View) -> Chart:
    """Return how often answers of a confidence are right, by signal."""
    rows: list[tuple[Scalar, ...]] = []
    for told in _tell(items, signals):
        bins = min(10, len(told.items) // _LEAST_ANSWERS)
        parts = reliability_bins(told.confidences, told.right, bins=bins)
        rows += [(told.name, *part) for part in parts]
    return Chart(
        name=f"reliability-{view}",
        kind="reliability",
        title=f"Is it right as often as it is sure: {_whose(view)}",
        data=Table(("series", "confidence", "accuracy", "low", "high", "n"), tuple(rows)),
        note="On the diagonal a signal can be read as a probability.",
    )


def _whose(view: View) -> str:
    return "what is shown" if view == "shown" else "what the model said"
