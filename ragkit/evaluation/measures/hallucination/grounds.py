"""What is made up, what rests on the passages, and whether citations follow the content."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from ragkit.evaluation.measures.hallucination.items import Item, mean_of, ratio_of, value_of
from ragkit.evaluation.records import Chart, Metric, Table, View
from ragkit.evaluation.statistics import jaccard

HALLUCINATIONS = {
    "fabrication": "says what no passage says",
    "contradiction": "says another value than the gold",
    "leakage": "gives the world's answer",
    "premise-accepted": "accepts a false premise",
    "wrong-citation": "cites what does not back it",
}
"""By the label of a score, in words for a reader."""
_CITATIONS = {
    "citation_precision": "cited sources that hold the gold",
    "citation_recall": "gold that is cited, of what was given",
    "citation_f1": "F1 of citing the gold",
    "citation_validity": "cited numbers that name a source",
    "citation_coverage": "sentences that cite",
    "citation_support": "citing sentences that their source backs",
}


def measure_hallucinations(items: Sequence[Item], view: View) -> Iterator[Metric]:
    """Yield the share of all items that is a hallucination, in all and of each kind."""
    yield mean_of(
        _made_up("hallucinated", "hallucinated, of any kind", view),
        items,
        lambda item: float("hallucination" in item.score.labels),
    )
    for kind, title in HALLUCINATIONS.items():
        yield mean_of(_made_up(f"hallucinated/{kind}", title, view), items, _is(kind))


def _made_up(name: str, title: str, view: View) -> Metric:
    return Metric(name, title, None, view=view, group="hallucinations", better="lower")


def _is(kind: str) -> Callable[[Item], float]:
    return lambda item: float(item.score.labels.get("hallucination") == kind)


def measure_grounds(items: Sequence[Item], view: View) -> Iterator[Metric]:
    """Yield how far factual sentences are backed, and how citations stand to the gold."""
    given = [item for item in items if item.asserts and item.outcome.passages]
    note = "shown sentences passed this check before" if view == "shown" else ""
    yield ratio_of(
        Metric(
            "groundedness",
            "factual sentences that a passage backs",
            None,
            view=view,
            group="grounds",
            better="higher",
            note=note,
        ),
        given,
        lambda item: round((item.score.values.get("groundedness") or 0.0) * _sentences(item)),
        _sentences,
    )
    answered = [item for item in given if item.sample.gold]
    for name, title in _CITATIONS.items():
        about_gold = name in ("citation_precision", "citation_recall", "citation_f1")
        yield mean_of(
            Metric(name, title, None, view=view, group="citations", better="higher"),
            answered if about_gold else given,
            value_of(name),
        )


def _sentences(item: Item) -> float:
    return item.score.values.get("sentences") or 0.0


def measure_renumbering(
    items: Sequence[Item], renumbered: Sequence[Item], view: View
) -> Iterator[Metric]:
    """Yield how far citations follow the content when the sources are numbered anew.

    Held against what the same answers would have if they kept their numbers. Questions with one
    source, and answers that cite nothing, say nothing.
    """
    before = {item.sample.id: item for item in items}
    pairs = [
        (before[item.sample.id], item)
        for item in renumbered
        if item.sample.id in before and _is_moved(before[item.sample.id], item)
    ]
    follows = {new.sample.id: jaccard(_cited(old), _cited(new)) for old, new in pairs}
    stays = [_kept_numbers(old, new) for old, new in pairs]
    known = [value for value in stays if value is not None]
    yield mean_of(
        Metric(
            "citations_follow",
            "citations that follow their source",
            None,
            view=view,
            group="citations",
            better="higher",
            baseline=sum(known) / len(known) if known else None,
            baseline_name="if they kept their numbers",
            note="Jaccard of the cited sources, before and after renumbering",
        ),
        [new for _, new in pairs],
        lambda item: follows[item.sample.id],
    )
    yield _flips(pairs, view)


def _flips(pairs: Sequence[tuple[Item, Item]], view: View) -> Metric:
    """Return how many verdicts differ before and after."""
    flips = {new.sample.id: float(old.score.verdict != new.score.verdict) for old, new in pairs}
    return mean_of(
        Metric(
            "renumbering_flips",
            "verdicts that renumbering changes",
            None,
            view=view,
            group="citations",
            better="lower",
        ),
        [new for _, new in pairs],
        lambda item: flips[item.sample.id],
    )


def _is_moved(old: Item, new: Item) -> bool:
    """Say whether both were given the same sources, and at least one has another number."""
    one, other = _sources(old), _sources(new)
    return set(one.values()) == set(other.values()) and one != other


def _sources(item: Item) -> Mapping[int, tuple[str, int]]:
    return {passage.id: (passage.document, passage.start) for passage in item.outcome.passages}


def _numbers(item: Item) -> set[int]:
    reading = item.outcome.readings.get(item.view)
    return {n for sentence in reading.sentences for n in sentence.citations} if reading else set()


def _cited(item: Item) -> set[tuple[str, int]]:
    """Return the sources that an answer cites, by their content."""
    sources = _sources(item)
    return {sources[number] for number in _numbers(item) if number in sources}


def _kept_numbers(old: Item, new: Item) -> float | None:
    """Return the overlap that there would be if the new answer cited the numbers of the old one."""
    sources = _sources(new)
    return jaccard(_cited(old), {sources[n] for n in _numbers(old) if n in sources})


def chart_hallucinations(metrics: Sequence[Metric]) -> Chart:
    """Return a bar for each kind of hallucination in each view."""
    views = {"shown": "shown", "model": "model alone"}
    rows = tuple(
        (f"{metric.title} ({views[metric.view]})", metric.value, metric.low, metric.high)
        for metric in sorted(metrics, key=lambda metric: metric.title)
        if metric.name.startswith("hallucinated/") and metric.view
    )
    return Chart(
        name="hallucinations",
        kind="bars",
        title="What is made up, by kind",
        data=Table(("label", "value", "low", "high"), rows),
        note="Shares of all items; what is wrong but backed by a passage is no hallucination.",
        options={"x_title": "share of all items", "x_min": 0.0},
    )
