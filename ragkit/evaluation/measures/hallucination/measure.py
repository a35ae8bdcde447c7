"""The measure: what is asked, and all numbers that it comes to, in both views."""

from collections.abc import Iterator, Sequence

from ragkit.evaluation.measures.hallucination.abstention import (
    chart_abstention,
    chart_kinds,
    measure_abstention,
    measure_headline,
    measure_kinds,
)
from ragkit.evaluation.measures.hallucination.calibration import (
    chart_reliability,
    chart_risk,
    measure_signals,
)
from ragkit.evaluation.measures.hallucination.grounds import (
    chart_hallucinations,
    measure_grounds,
    measure_hallucinations,
    measure_renumbering,
)
from ragkit.evaluation.measures.hallucination.items import Item, items_of
from ragkit.evaluation.measures.hallucination.memory import measure_books, measure_counterfactual
from ragkit.evaluation.measures.hallucination.noise import chart_noise, measure_noise
from ragkit.evaluation.measures.hallucination.signals import Signal, sampled_outcomes, signals
from ragkit.evaluation.measures.hallucination.tasks import RENUMBERED, plan_tasks
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import VIEWS, Chart, Metric, Sample, Scored, Summary, Task, View

WORST = 5


class HallucinationMeasure:
    """Asks every question of a suite, and looks at what is asserted."""

    name = "hallucination"

    def plan(self, samples: Sequence[Sample], options: PlanOptions) -> tuple[Task, ...]:
        """Return what to ask.

        Raises:
            UsageError: There are no samples of that size.
        """
        return plan_tasks(samples, options)

    def summarise(
        self, samples: Sequence[Sample], scored: Sequence[Scored], options: PlanOptions
    ) -> Summary:
        """Return every number and chart of a run; of no outcomes nothing but undefined ones."""
        del options  # what was asked is told by the outcomes
        asked = {view: items_of(samples, scored, view) for view in VIEWS}
        known = signals(sampled_outcomes(scored))
        metrics = tuple(
            metric
            for view in VIEWS
            for metric in (
                *_measure(samples, scored, asked[view], view),
                *measure_signals(asked[view], known, view),
            )
        )
        return Summary(
            measure=self.name,
            metrics=metrics,
            sentence=_sentence(metrics),
            charts=tuple(_charts(metrics, asked, known)),
            worst=_worst(asked["shown"]),
            errors=tuple(one.outcome.key for one in scored if one.outcome.error),
        )


def _measure(
    samples: Sequence[Sample], scored: Sequence[Scored], items: Sequence[Item], view: View
) -> Iterator[Metric]:
    """Yield the metrics of one view."""
    yield from measure_headline(items, view)
    yield from measure_abstention(items, view)
    yield from measure_kinds(items, view)
    yield from measure_hallucinations(items, view)
    yield from measure_grounds(items, view)
    renumbered = items_of(samples, scored, view, variant=RENUMBERED.id)
    if renumbered:
        yield from measure_renumbering(items, renumbered, view)
    if any(item.sample.kind == "counterfactual" for item in items):
        yield from measure_counterfactual(items, view)
    closed = items_of(samples, scored, "model", call="closed-book")
    if closed:
        yield from measure_books(items, closed, view)
    yield from measure_noise(items, view)


def _charts(
    metrics: Sequence[Metric], asked: dict[View, tuple[Item, ...]], known: dict[str, Signal]
) -> Iterator[Chart]:
    """Yield the charts that have something to show."""
    drawn = [
        *(chart_abstention(asked[view], view) for view in VIEWS if asked[view]),
        chart_kinds(metrics),
        chart_hallucinations(metrics),
        *(chart_risk(asked[view], known, view) for view in VIEWS),
        *(chart_reliability(asked[view], known, view) for view in VIEWS),
        chart_noise(metrics),
    ]
    yield from (chart for chart in drawn if chart.data.rows)


def _worst(items: Sequence[Item]) -> tuple[str, ...]:
    """Return what was wrong and asserted most surely, made-up things first, a fact at most once."""
    wrong = sorted(
        (item for item in items if item.is_wrong and not item.outcome.error),
        key=lambda item: (
            "hallucination" not in item.score.labels,
            -(item.outcome.sufficiency or 0.0),
            item.outcome.key,
        ),
    )
    first: dict[str, str] = {}
    for item in wrong:
        first.setdefault(item.base, item.outcome.key)
    return tuple(first.values())[:WORST]


def _sentence(metrics: Sequence[Metric]) -> str:
    """Return what to take home, in the numbers of the headline."""
    found = {(m.name, m.view): m for m in metrics if m.value is not None}
    wrong = found.get(("wrong_and_asserted", "shown"))
    if wrong is None or wrong.value is None:
        return "Nothing was asked, so nothing can be said."
    parts = [f"Of {wrong.n} questions {_percent(wrong)} get a wrong answer"]
    coverage = found.get(("coverage", "shown"))
    if coverage:
        parts.append(f" while {_percent(coverage)} are answered")
    model = found.get(("wrong_and_asserted", "model"))
    if model:
        parts.append(f"; the model alone, unchecked, is wrong on {_percent(model)}")
    refusal = found.get(("over_refusal", "shown"))
    if refusal:
        parts.append(f". Of those with an answer it abstains on {_percent(refusal)}")
    return "".join(parts) + "."


def _percent(metric: Metric) -> str:
    value = f"{100 * (metric.value or 0.0):.0f}%"
    if metric.low is None or metric.high is None:
        return value
    return f"{value} [{100 * metric.low:.0f} to {100 * metric.high:.0f}]"
