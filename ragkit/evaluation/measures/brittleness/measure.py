"""Brittleness as a measure: the plan, and what the answers come to."""

from collections.abc import Sequence

from ragkit.evaluation.measures.brittleness.charts import draw_charts, flipped
from ragkit.evaluation.measures.brittleness.findings import find, tell
from ragkit.evaluation.measures.brittleness.grid import build_grid
from ragkit.evaluation.measures.brittleness.metrics import (
    by_axis,
    control_noise,
    headline,
    sensitivity,
)
from ragkit.evaluation.measures.brittleness.plan import plan_tasks
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import Sample, Scored, Summary, Task

_WORST = 5


class BrittlenessMeasure:
    """Puts samples in many ways that mean the same, and tells how far the answers move."""

    name = "brittleness"

    def plan(self, samples: Sequence[Sample], options: PlanOptions) -> tuple[Task, ...]:
        """Return what to do; see `plan_tasks`.

        Raises:
            UsageError: No sample is of use, there is no such axis, or the budget is too small.
        """
        return plan_tasks(samples, options)

    def summarise(
        self, samples: Sequence[Sample], scored: Sequence[Scored], options: PlanOptions
    ) -> Summary:
        """Return how far the answers moved, by axis and in both views, against noise."""
        shown = find(build_grid(scored, "shown"), seed=options.seed)
        model = find(build_grid(scored, "model"), seed=options.seed)
        crossed = sensitivity(scored, seed=options.seed)
        views = (shown, model)
        metrics = (
            *(metric for one in views for metric in headline(one, seed=options.seed)),
            *((crossed,) if crossed else ()),
            *(metric for one in views for metric in by_axis(one)),
        )
        worst: dict[str, str] = {}
        for pair in flipped(shown.grid):
            worst.setdefault(pair.other.outcome.sample_id, pair.other.outcome.key)
        return Summary(
            measure=self.name,
            metrics=metrics,
            sentence=tell(shown, model),
            charts=tuple(draw_charts(shown, model, samples)),
            worst=tuple(worst.values())[:_WORST],
            errors=tuple(one.outcome.key for one in scored if one.outcome.error),
            noise=control_noise(shown),
        )
