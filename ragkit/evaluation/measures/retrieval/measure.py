"""The measure "retrieval": rankings by three ways of searching, and the fate of each question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ragkit.errors import UsageError
from ragkit.evaluation.bench import HYBRID, SEARCHES, search_variant
from ragkit.evaluation.gold import is_whole
from ragkit.evaluation.measures.numbers import mean_metric
from ragkit.evaluation.measures.planning import BASE, samples_of_size, within_budget
from ragkit.evaluation.measures.retrieval.attribution import Trail
from ragkit.evaluation.measures.retrieval.causes import (
    Failures,
    answer_metrics,
    cause_chart,
    cause_metrics,
    find_failures,
    name_count,
    reader_metrics,
    way_chart,
)
from ragkit.evaluation.measures.retrieval.comparing import (
    compare_searches,
    scores_of,
    search_charts,
)
from ragkit.evaluation.measures.retrieval.rankings import METRICS, Scores
from ragkit.evaluation.measures.retrieval.separability import separability
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import VIEWS, Call, Metric, Outcome, Sample, Scored, Summary, Task

_ALONE = ("hit@1", "hit@5", "recall@10", "mrr@10", "ndcg@10", "map", "recall_in_1024")
"""What is told of the lexical and the dense search."""
_HEADLINE = ("hit@5", "ndcg@10")
_CALLS: tuple[Call, ...] = ("ask", "oracle", "closed-book")
_WORST = 5


class RetrievalMeasure:
    """Searches for every sample in each way, and asks those whose answer is known."""

    name = "retrieval"

    def plan(self, samples: Sequence[Sample], options: PlanOptions) -> tuple[Task, ...]:
        """Return the searches for each sample and, of those that can be scored, the answers.

        Another wording of a question is searched for and not asked again.

        Raises:
            UsageError: No sample says where its answer stands.
        """
        chosen = [s for s in samples_of_size(samples, options.size) if s.kind != "closed-book"]
        if not any(sample.gold for sample in chosen):
            raise UsageError(
                "no sample says where its answer stands, so that no ranking can be measured",
                hint='give samples "gold": [{"document": ..., "quote": ...}]',
            )
        bundles = [
            (
                *(Task(sample, search_variant(name), "search") for name in SEARCHES),
                *(Task(sample, BASE, call) for call in _CALLS if _is_asked(sample)),
            )
            for sample in chosen
            if sample.distractors is None
        ]
        return within_budget(bundles, options.budget, seed=options.seed)

    def summarise(
        self,
        samples: Sequence[Sample],
        scored: Sequence[Scored],
        options: PlanOptions,  # noqa: ARG002 - what a measure is given
    ) -> Summary:
        """Return how good the rankings are, and where answers were lost."""
        known = {sample.id: sample for sample in samples}
        searches = _searches(scored)
        trails = _trails(known, scored, searches)
        failures = [find_failures(trails, view) for view in VIEWS] if trails else []
        metrics = [
            *_ranking_metrics(known, searches),
            *compare_searches(known, searches),
            *separability(known, list(searches.get(HYBRID, {}).values())),
        ]
        charts = list(search_charts(known, searches))
        if trails:
            metrics += answer_metrics(trails)
            for found in failures:
                metrics += [*cause_metrics(found), *reader_metrics(trails, found)]
                charts.append(cause_chart(found))
            charts.append(way_chart(trails))
        return Summary(
            measure=self.name,
            metrics=tuple(metrics),
            sentence=_sentence(known.values(), metrics, failures),
            charts=tuple(charts),
            worst=_worst(known, searches, failures),
            errors=tuple(one.outcome.key for one in scored if one.outcome.error),
        )


def _is_asked(sample: Sample) -> bool:
    return sample.wants_answer and bool(sample.answers and sample.gold) and not sample.of


def _searches(scored: Sequence[Scored]) -> dict[str, dict[str, Outcome]]:
    """Return the outcomes of searches by their way and by sample."""
    found: dict[str, dict[str, Outcome]] = {name: {} for name in SEARCHES}
    for one in scored:
        if one.outcome.call == "search":
            found[one.outcome.level][one.outcome.sample_id] = one.outcome
    return found


def _trails(
    known: Mapping[str, Sample],
    scored: Sequence[Scored],
    searches: Mapping[str, Mapping[str, Outcome]],
) -> list[Trail]:
    """Return what is known of each sample that was searched for and asked."""
    asked = {
        (one.outcome.sample_id, one.outcome.call): one
        for one in scored
        if one.outcome.variant == BASE.id
    }
    return [
        Trail(
            known[id_],
            search,
            asked[id_, "ask"],
            asked.get((id_, "oracle")),
            asked.get((id_, "closed-book")),
        )
        for id_, search in searches[HYBRID].items()
        if (id_, "ask") in asked
    ]


def _ranking_metrics(
    known: Mapping[str, Sample], searches: Mapping[str, Mapping[str, Outcome]]
) -> list[Metric]:
    """Return every metric of the hybrid search and the main ones of the others."""
    metrics: list[Metric] = []
    scores = {way: scores_of(known, searches, way) for way in searches}
    lexical = {metric: _mean(metric, scores["lexical"], known).value for metric in METRICS}
    for way, of_way in scores.items():
        for name in METRICS if way == HYBRID else _ALONE:
            metric = _mean(name, of_way, known)
            if way == HYBRID:
                held = replace(metric, baseline=lexical[name], baseline_name="the lexical search")
                metrics.append(replace(held, group="headline" if name in _HEADLINE else "ranking"))
            else:
                title = f"{metric.title}, {way}"
                metrics.append(replace(metric, name=f"{name}/{way}", title=title, group="searches"))
    return metrics


def _mean(name: str, scores: Mapping[str, Scores], known: Mapping[str, Sample]) -> Metric:
    metric = Metric(name, METRICS[name], None, group="ranking", better="higher")
    values = [score[name] for score in scores.values()]
    return mean_metric(metric, values, [known[id_].base_id for id_ in scores])


def _sentence(
    samples: Iterable[Sample], metrics: Sequence[Metric], failures: Sequence[Failures]
) -> str:
    judged = all(is_whole(place) for sample in samples for place in sample.gold)
    told = {metric.name: metric for metric in metrics if metric.view is None}
    hit = told["hit@5"]
    held = "documents hold a relevant one" if judged else "passages hold the answer"
    found = (
        f"The first five {held} for {hit.value:.0%} of {hit.n} questions"
        if hit.value is not None
        else "No question was searched for"
    )
    parts = [found]
    for one in failures:
        total = len(one.causes)
        whose = "shown answers" if one.view == "shown" else "answers of the model alone"
        counted = sorted(one.counts.items(), key=lambda pair: -pair[1])
        causes = ", ".join(name_count(cause, count) for cause, count in counted if count)
        parts.append(
            f"of {one.asked} {whose} {total} {'is' if total == 1 else 'are'} not right"
            + (f": {causes}" if causes else "")
        )
    return "; ".join(parts) + "."


def _worst(
    known: Mapping[str, Sample],
    searches: Mapping[str, Mapping[str, Outcome]],
    failures: Sequence[Failures],
) -> tuple[str, ...]:
    """Return the answers that were lost, those lost earliest first; else the worst rankings."""
    lost: dict[str, None] = {}
    for found in failures:
        order = {cause: place for place, cause in enumerate(found.counts)}
        causes = found.causes
        lost |= dict.fromkeys(sorted(causes, key=lambda id_: (order[causes[id_]], id_)))
    if lost:
        return tuple(Task(known[id_], BASE, "ask").key for id_ in list(lost)[:_WORST])
    scores = scores_of(known, searches, HYBRID)
    low = sorted(scores, key=lambda id_: (scores[id_]["ndcg@10"] or 0.0, id_))
    return tuple(searches[HYBRID][id_].key for id_ in low[:_WORST])
