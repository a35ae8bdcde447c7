"""How often something wrong is said as if it were so, and how well it is told when to abstain."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ragkit.evaluation.measures.hallucination.items import UNANSWERABLE, Item, mean_of, ratio_of
from ragkit.evaluation.records import Chart, Metric, Scalar, Table, View

_KINDS = (
    "answerable",
    "noisy",
    "counterfactual",
    "conflicting",
    "false-premise",
    "unanswerable-near",
    "unanswerable-far",
    "leak",
)


def measure_headline(items: Sequence[Item], view: View) -> Iterator[Metric]:
    """Yield the share that is wrong and asserted, with coverage, and the share done right."""
    hopeless = _share([item.sample.kind in UNANSWERABLE for item in items])
    abstaining = _share([not _must_answer(item) for item in items])
    yield mean_of(
        Metric(
            "wrong_and_asserted", "wrong and asserted", None, view=view, group="headline",
            better="lower", baseline=hopeless, baseline_name="who never abstains, else right",
            note="who always abstains has 0, at a coverage of 0",
        ),
        items,
        lambda item: float(item.is_wrong),
    )  # fmt: skip
    yield mean_of(
        Metric(
            "coverage", "answered rather than abstained", None, view=view, group="headline",
            baseline=None if hopeless is None else 1 - hopeless,
            baseline_name="share that has an answer",
        ),
        items,
        lambda item: float(item.asserts),
    )  # fmt: skip
    yield mean_of(
        Metric(
            "right", "right, or rightly abstained", None, view=view, group="headline",
            better="higher", baseline=abstaining, baseline_name="who always abstains",
        ),
        items,
        lambda item: float(item.score.right),
    )  # fmt: skip


def _must_answer(item: Item) -> bool:
    return item.sample.wants_answer


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def measure_abstention(items: Sequence[Item], view: View) -> Iterator[Metric]:
    """Yield precision, recall and F1 of abstaining, and how often it is too shy.

    False premises are left out: to abstain and to correct are both right.
    """
    asked = [item for item in items if item.sample.kind != "false-premise"]
    share = _share([_is_hopeless(item) for item in asked])
    yield ratio_of(
        _against_abstaining("abstention_precision", "abstentions that are right", share, view),
        asked,
        lambda item: float(_is_hopeless(item) and not item.asserts),
        lambda item: float(not item.asserts),
    )
    yield ratio_of(
        _against_abstaining("abstention_recall", "abstained where there is no answer", 1.0, view),
        asked,
        lambda item: float(_is_hopeless(item) and not item.asserts),
        lambda item: float(_is_hopeless(item)),
    )
    best = None if share is None else 2 * share / (1 + share)
    yield ratio_of(
        _against_abstaining("abstention_f1", "F1 of abstaining", best, view),
        asked,
        lambda item: 2.0 * (_is_hopeless(item) and not item.asserts),
        lambda item: float(_is_hopeless(item)) + float(not item.asserts),
    )
    refusing = _against_abstaining("over_refusal", "abstained where there is an answer", 1.0, view)
    yield ratio_of(
        replace(refusing, better="lower"),
        asked,
        lambda item: float(_must_answer(item) and not item.asserts),
        lambda item: float(_must_answer(item)),
    )


def _against_abstaining(name: str, title: str, baseline: float | None, view: View) -> Metric:
    return Metric(
        name,
        title,
        None,
        view=view,
        group="abstention",
        better="higher",
        baseline=baseline,
        baseline_name="who always abstains",
    )


def _is_hopeless(item: Item) -> bool:
    return item.sample.kind in UNANSWERABLE


def measure_kinds(items: Sequence[Item], view: View) -> Iterator[Metric]:
    """Yield how often the right thing is said or done, by the kind of the question."""
    for kind in _KINDS:
        of_kind = [item for item in items if item.sample.kind == kind]
        if of_kind:
            answers = of_kind[0].sample.wants_answer
            yield mean_of(
                Metric(
                    f"right/{kind}", kind.replace("-", " "), None, view=view,
                    group="right, by kind of question", better="higher",
                    baseline=float(not answers), baseline_name="who always abstains",
                ),
                of_kind,
                lambda item: float(item.score.right),
            )  # fmt: skip


def chart_abstention(items: Sequence[Item], view: View) -> Chart:
    """Return the table of what was answerable and what was done."""
    rows: list[tuple[Scalar, ...]] = []
    for name, wanted in (("answerable", True), ("not answerable", False)):
        of_row = [i for i in items if i.sample.wants_answer is wanted]
        verdicts = [item.score.verdict for item in of_row]
        counts = (verdicts.count(v) for v in ("correct", "wrong", "abstained"))
        rows.append((name, *counts))
    whose = "the shown answers" if view == "shown" else "what the model said"
    return Chart(
        name=f"abstention-{view}",
        kind="abstention",
        title=f"Answered and abstained: {whose}",
        data=Table(("asked", "right", "wrong", "abstained"), tuple(rows)),
        note="Without an answer it is right to abstain, or to put a false premise right.",
    )


def chart_kinds(metrics: Sequence[Metric]) -> Chart:
    """Return a bar for each kind of question, of what is shown."""
    rows = tuple(
        (metric.title, metric.value, metric.low, metric.high)
        for metric in metrics
        if metric.name.startswith("right/") and metric.view == "shown"
    )
    return Chart(
        name="kinds",
        kind="bars",
        title="Right by kind of question",
        data=Table(("label", "value", "low", "high"), rows),
        note="What is shown; to unanswerable questions and leaks it is right to abstain.",
        options={"x_title": "share that is right", "x_min": 0.0, "x_max": 1.0},
    )
