"""Is searching by words and meaning together better than by either alone?"""

from collections.abc import Iterator, Mapping, Sequence

from ragkit.evaluation.bench import HYBRID
from ragkit.evaluation.gold import BUDGETS
from ragkit.evaluation.measures.retrieval.rankings import DEPTHS, Scores, score_search
from ragkit.evaluation.records import Chart, Metric, Outcome, Sample, Scalar, Table
from ragkit.evaluation.statistics import Estimate, cluster_bootstrap, holm, paired_difference

_COMPARED = "ndcg@10"
Searches = Mapping[str, Mapping[str, Outcome]]


def compare_searches(known: Mapping[str, Sample], searches: Searches) -> tuple[Metric, ...]:
    """Return by how much the hybrid search beats the others, question by question.

    p is of Fisher's randomisation, adjusted by Holm for the number of comparisons.

    Source: Smucker, Allan and Carterette 2007, "A comparison of statistical significance tests for
    information retrieval evaluation".
    """
    hybrid = scores_of(known, searches, HYBRID)
    found = []
    for way in (name for name in searches if name != HYBRID):
        other = scores_of(known, searches, way)
        both = [id_ for id_ in hybrid if id_ in other]
        difference = paired_difference(
            [other[id_][_COMPARED] or 0.0 for id_ in both],
            [hybrid[id_][_COMPARED] or 0.0 for id_ in both],
            [known[id_].base_id for id_ in both],
        )
        if difference:
            found.append((way, difference))
    adjusted = holm([difference.p for _, difference in found])
    return tuple(
        Metric(
            name=f"{_COMPARED}/hybrid-{way}",
            title=f"nDCG@10, hybrid minus {way}",
            value=difference.mean,
            low=difference.low,
            high=difference.high,
            n=difference.n,
            group="searches",
            better="higher",
            baseline=0.0,
            baseline_name="no difference",
            detectable=difference.detectable,
            note=f"Fisher randomisation, Holm-adjusted: p = {p:.3f}",
        )
        for (way, difference), p in zip(found, adjusted, strict=True)
    )


def search_charts(known: Mapping[str, Sample], searches: Searches) -> Iterator[Chart]:
    """Yield the three ways side by side: gain, recall by depth, recall by tokens read."""
    yield Chart(
        name="searches",
        kind="bars",
        title="Normalised discounted gain of the first ten, by way of searching",
        data=Table(("label", "value", "low", "high"), tuple(_bars(known, searches))),
        options={"x_title": "nDCG@10", "x_min": 0, "x_max": 1},
    )
    columns = ("series", "x", "y", "low", "high")
    yield Chart(
        name="recall-by-depth",
        kind="lines",
        title="Share of the gold among the first passages",
        data=Table(columns, tuple(_lines(known, searches, [f"recall@{k}" for k in DEPTHS]))),
        options={"x_title": "passages", "y_title": "recall", "y_min": 0, "y_max": 1},
    )
    yield Chart(
        name="recall-by-tokens",
        kind="lines",
        title="Share of the gold within a budget of tokens",
        data=Table(columns, tuple(_lines(known, searches, [f"recall_in_{b}" for b in BUDGETS]))),
        note="Fair to passages of any length.",
        options={"x_title": "tokens", "y_title": "recall", "y_min": 0, "y_max": 1},
    )


def _bars(known: Mapping[str, Sample], searches: Searches) -> Iterator[tuple[Scalar, ...]]:
    for way in searches:
        estimate = _estimate(known, scores_of(known, searches, way), _COMPARED)
        if estimate:
            yield (way, estimate.mean, estimate.low, estimate.high)


def _lines(
    known: Mapping[str, Sample], searches: Searches, names: Sequence[str]
) -> Iterator[tuple[Scalar, ...]]:
    for way in searches:
        scores = scores_of(known, searches, way)
        for name in names:
            estimate = _estimate(known, scores, name)
            if estimate:
                x = int(name.replace("@", "_").rpartition("_")[2])
                yield (way, x, estimate.mean, estimate.low, estimate.high)


def _estimate(
    known: Mapping[str, Sample], scores: Mapping[str, Scores], name: str
) -> Estimate | None:
    values = {id_: value for id_, score in scores.items() if (value := score[name]) is not None}
    return cluster_bootstrap(list(values.values()), [known[id_].base_id for id_ in values])


def scores_of(known: Mapping[str, Sample], searches: Searches, way: str) -> dict[str, Scores]:
    """Return the metrics of each search of one way for a sample that names its gold."""
    return {
        id_: score_search(known[id_], outcome)
        for id_, outcome in searches.get(way, {}).items()
        if known[id_].gold
    }
