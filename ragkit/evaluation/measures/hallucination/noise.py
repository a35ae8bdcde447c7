"""What distractors beside the gold do to answers: accuracy by how many there are."""

from collections.abc import Iterator, Mapping, Sequence

from ragkit.evaluation.measures.hallucination.items import Item, mean_of
from ragkit.evaluation.records import Chart, Metric, Table, View


def measure_noise(items: Sequence[Item], view: View) -> Iterator[Metric]:
    """Yield accuracy by the number of distractors, and what the most of them cost."""
    by_count = _by_distractors(items)
    for count, of_count in sorted(by_count.items()):
        yield mean_of(
            Metric(
                f"right_among/{count}",
                f"right among {count} distractors" if count else "right with the gold alone",
                None,
                view=view,
                group="noise",
                better="higher",
            ),
            of_count,
            lambda item: float(item.score.right),
        )
    if len(by_count) > 1:
        yield _cost(by_count, view)


def _by_distractors(items: Sequence[Item]) -> dict[int, list[Item]]:
    found: dict[int, list[Item]] = {}
    for item in items:
        if item.sample.distractors is not None:
            found.setdefault(item.sample.distractors, []).append(item)
    return found


def _cost(by_count: Mapping[int, Sequence[Item]], view: View) -> Metric:
    """Return how much less often it is right among the most distractors, fact by fact."""
    fewest, most = min(by_count), max(by_count)
    before = {item.base: float(item.score.right) for item in by_count[fewest]}
    return mean_of(
        Metric(
            "noise_cost",
            f"lost from {fewest} to {most} distractors",
            None,
            view=view,
            group="noise",
            better="lower",
            baseline=0.0,
            baseline_name="no loss",
        ),
        [item for item in by_count[most] if item.base in before],
        lambda item: before[item.base] - item.score.right,
    )


def chart_noise(metrics: Sequence[Metric]) -> Chart:
    """Return accuracy over the number of distractors, a line for each view."""
    names = {"shown": "shown", "model": "what the model said"}
    rows = tuple(
        (
            names[metric.view],
            int(metric.name.partition("/")[2]),
            metric.value,
            metric.low,
            metric.high,
        )
        for metric in metrics
        if metric.name.startswith("right_among/") and metric.view
    )
    return Chart(
        name="noise",
        kind="lines",
        title="Right answers among distractors",
        data=Table(("series", "x", "y", "low", "high"), rows),
        note="The gold stands at a random place among passages that retrieval ranks next.",
        options={
            "x_title": "distractors beside the gold",
            "y_title": "share that is right",
            "y_min": 0.0,
            "y_max": 1.0,
        },
    )
