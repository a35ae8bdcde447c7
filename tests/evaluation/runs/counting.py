"""A measure for tests: every sample in its base form, and how many of the answers are right."""

from collections.abc import Sequence

from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import Call, Metric, Sample, Scored, Summary, Task, Variant

BASE = Variant("base", "base", "as it is")
AGAIN = Variant("control/1", "control", "the same again")


class CountingMeasure:
    """Counts right answers, by view."""

    name = "counting"

    def plan(self, samples: Sequence[Sample], options: PlanOptions) -> tuple[Task, ...]:
        """Return each sample as it is and once more."""
        calls: dict[bool, Call] = {True: "closed-book", False: "ask"}
        tasks = [
            Task(sample, variant, calls[sample.kind == "closed-book"])
            for variant in (BASE, AGAIN)
            for sample in samples
            if options.size != "smoke" or sample.size == "smoke"
        ]
        return tuple(tasks[: options.budget])

    def summarise(
        self, samples: Sequence[Sample], scored: Sequence[Scored], _options: PlanOptions
    ) -> Summary:
        """Return how many are right."""
        metrics = tuple(
            Metric(f"right_{view}", "Right", float(count), n=len(samples), view=view)
            for view in ("shown", "model")
            for count in [sum(one.scores[view].right for one in scored if view in one.scores)]
        )
        errors = tuple(one.outcome.key for one in scored if one.outcome.error)
        return Summary(self.name, metrics, f"{len(scored)} answers.", errors=errors)
