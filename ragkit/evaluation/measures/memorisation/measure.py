"""The measure "memorisation": what a model knows of the documents before it reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ragkit.errors import UsageError
from ragkit.evaluation.measures.memorisation.answers import closed_book_metrics, swapped_metrics
from ragkit.evaluation.measures.memorisation.pairs import (
    Pair,
    delta_chart,
    pair_metrics,
    pairs_of,
    preference,
)
from ragkit.evaluation.measures.memorisation.recital import recital_metrics
from ragkit.evaluation.measures.memorisation.swapping import SWAPPED, UNSWAPPED
from ragkit.evaluation.measures.memorisation.verdict import word_verdict
from ragkit.evaluation.measures.planning import BASE, samples_of_size, within_budget
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import (
    Call,
    Chart,
    Metric,
    Outcome,
    Sample,
    Scalar,
    Scored,
    Summary,
    Table,
    Task,
)

_BARS = ("closed_book_hits", "recited_value", "prefers_original", "prefers_original_informed")
_WORST = 5


class MemorisationMeasure:
    """Asks without documents, compares sentences with their twins, and swaps what is read."""

    name = "memorisation"

    def plan(self, samples: Sequence[Sample], options: PlanOptions) -> tuple[Task, ...]:
        """Return for each fact the closed-book question and, where it has a twin, the rest.

        Raises:
            UsageError: No sample has an answer that could have been learned.
        """
        chosen = samples_of_size(samples, options.size)
        closed = {s.base_id: s for s in chosen if s.kind == "closed-book" and s.answers}
        twins = {s.base_id: s for s in chosen if s.twin}
        plain = {s.base_id: s for s in reversed(chosen) if s.kind == "answerable" and s.answers}
        bases = dict.fromkeys(s.base_id for s in chosen)
        bundles = [
            tuple(
                _tasks_of(closed.get(base) or twins.get(base) or plain.get(base), twins.get(base))
            )
            for base in bases
        ]
        if not any(bundles):
            raise UsageError(
                "no sample has an answer that a model could have learned",
                hint='give samples "answers" and, for a verdict, a "twin"',
            )
        return within_budget([one for one in bundles if one], options.budget, seed=options.seed)

    def summarise(
        self,
        samples: Sequence[Sample],
        scored: Sequence[Scored],
        options: PlanOptions,  # noqa: ARG002 - what a measure is given
    ) -> Summary:
        """Return what is known without the documents, and what is kept against them."""
        known = {sample.id: sample for sample in samples}
        found = [one for one in scored if not one.outcome.extra.get("inapplicable")]
        twins = _of_call(scored, "twin")  # a server tells of none: they count as undefined
        plain, worldly = [
            [one for one in twins if (known[one.sample_id].kind == "counterfactual") is odd]
            for odd in (False, True)
        ]
        pairs = pairs_of(plain)
        oracle = _of_call(found, "oracle")
        metrics = [
            *closed_book_metrics(known, [o for o in found if o.outcome.call == "closed-book"]),
            *pair_metrics(pairs, undefined=len(plain) - len(pairs)),
            *recital_metrics(known, plain),
            *_world_metric(pairs_of(worldly)),
            *swapped_metrics(
                known,
                [one for one in oracle if one.variant == UNSWAPPED.id],
                [one for one in oracle if one.variant == SWAPPED.id],
            ),
        ]
        told = {metric.name: metric for metric in metrics if metric.view != "shown"}
        types = {id_: sample.type for id_, sample in known.items()}
        return Summary(
            measure=self.name,
            metrics=tuple(metrics),
            sentence=word_verdict(told),
            charts=(_bars(told), *((delta_chart(pairs, types),) if pairs else ())),
            worst=_worst(pairs),
            errors=tuple(one.outcome.key for one in scored if one.outcome.error),
        )


def _tasks_of(closed: Sample | None, twin: Sample | None) -> list[Task]:
    """Return what is asked about one fact."""
    tasks = [Task(closed, BASE, "closed-book")] if closed else []
    if twin:
        tasks.append(Task(twin, BASE, "twin"))
        if twin.gold:
            tasks += [Task(twin, UNSWAPPED, "oracle"), Task(twin, SWAPPED, "oracle")]
    return tasks


def _of_call(scored: Sequence[Scored], call: Call) -> list[Outcome]:
    return [one.outcome for one in scored if one.outcome.call == call]


def _world_metric(pairs: Sequence[Pair]) -> list[Metric]:
    """Return how often the world's value is the likelier, where the documents say otherwise."""
    if not pairs:
        return []
    metric = Metric(
        "prefers_world",
        "finds what the world says likelier than what the document says",
        None,
        note="Of statements that contradict the world: knowledge, and no sign of these documents.",
    )
    deltas = [-pair.delta("mean") for pair in pairs]
    told = preference(metric, deltas, [pair.outcome.base_id for pair in pairs])
    return [replace(told, group="likelihood")]


def _bars(told: Mapping[str, Metric]) -> Chart:
    rows: list[tuple[Scalar, ...]] = [
        (metric.title, metric.value, metric.low, metric.high, metric.baseline)
        for name in _BARS
        if (metric := told.get(name)) and metric.value is not None
    ]
    return Chart(
        name="memory",
        kind="bars",
        title="What the model knows before it reads",
        data=Table(("label", "value", "low", "high", "by chance"), tuple(rows)),
        note="The last bar is the control: what likelihood tells of a sentence that was read.",
        options={"x_min": 0, "x_max": 1, "x_title": "share"},
    )


def _worst(pairs: Sequence[Pair]) -> tuple[str, ...]:
    """Return the sentences that stand out most from their twins."""
    order = sorted(pairs, key=lambda pair: (-pair.delta("mean"), pair.outcome.sample_id))
    return tuple(pair.outcome.key for pair in order[:_WORST] if pair.delta("mean") > 0)
