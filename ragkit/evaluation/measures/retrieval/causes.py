"""The causes of all failures of a run, counted: of 100 failures, so many were lost where?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ragkit.evaluation.gold import part_ranks, rank_of_all
from ragkit.evaluation.measures.numbers import mean_metric
from ragkit.evaluation.measures.retrieval.attribution import (
    CAUSES,
    Cause,
    Trail,
    find_cause,
    holds_evidence,
)
from ragkit.evaluation.records import VIEWS, Chart, Metric, Scalar, Scored, Table, View
from ragkit.evaluation.statistics import wilson

_GROUP = "answers"
_MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class Failures:
    """Why the answers of one view are not right, by the id of the sample."""

    view: View
    asked: int
    causes: Mapping[str, Cause]

    @property
    def counts(self) -> Mapping[Cause, int]:
        """How many failures each cause has, in the order of the way."""
        counted = Counter(self.causes.values())
        return {cause: counted[cause] for cause in CAUSES}


def name_count(cause: Cause, count: int) -> str:
    """Return how many failures have a cause, in words.

    >>> name_count("reader miss", 2), name_count("withheld", 2), name_count("error", 1)
    ('2 reader misses', '2 withheld', '1 error')
    """
    plural = {"miss": "misses", "dispute": "disputes", "error": "errors"}
    *before, last = cause.split()
    return " ".join([str(count), *before, plural.get(last, last) if count > 1 else last])


def find_failures(trails: Sequence[Trail], view: View) -> Failures:
    """Return the cause of every answer that is not right."""
    found = {trail.sample.id: find_cause(trail, view) for trail in trails}
    causes = {id_: cause for id_, cause in found.items() if cause}
    return Failures(view, len(trails), causes)


def cause_metrics(failures: Failures) -> tuple[Metric, ...]:
    """Return the share of failures that each cause has."""
    total = len(failures.causes)
    metrics = []
    for cause, count in failures.counts.items():
        share = wilson(count, total)
        metrics.append(
            Metric(
                name=f"failures/{cause.replace(' ', '_')}",
                title=f"of the failures: {cause}",
                value=share and share.mean,
                low=share and share.low,
                high=share and share.high,
                n=total,
                view=failures.view,
                group="failures",
                note=f"{count} of {total}: {CAUSES[cause]}",
            )
        )
    return tuple(metrics)


def answer_metrics(trails: Sequence[Trail]) -> tuple[Metric, ...]:
    """Return how often answers are right: from what was found, from the gold alone, from nothing.

    What is found can lose what the gold alone would have given; what the model answers from
    nothing it need not have read here.
    """
    found = [trail.ask for trail in trails]
    metrics = [
        replace(_share_right("right", "right, from what was found", found, view), group="headline")
        for view in VIEWS
    ]
    oracle = [trail.oracle for trail in trails if trail.oracle]
    closed = [trail.closed for trail in trails if trail.closed]
    if oracle:
        metrics += [
            _share_right("right_from_gold", "right, from the gold alone", oracle, view)
            for view in VIEWS
        ]
    if closed:
        metrics.append(
            _share_right("right_closed_book", "right, without documents", closed, "model")
        )
    return tuple(metrics)


def reader_metrics(trails: Sequence[Trail], failures: Failures) -> tuple[Metric, ...]:
    """Return of the reader's misses how many are right from the gold alone, and how many without.

    The first were led astray by other passages; the second knew better than they read.
    """
    missed = [t for t in trails if failures.causes.get(t.sample.id) == "reader miss"]
    named = (
        ("misled", "reader misses that are right from the gold alone", [t.oracle for t in missed]),
        ("unlearned", "reader misses that are right without documents", [t.closed for t in missed]),
    )
    metrics = []
    for name, title, found in named:
        scored = [one for one in found if one is not None]
        right = [_is_right(one, "model") for one in scored]
        share = wilson(sum(right), len(right))
        metrics.append(
            Metric(
                name=f"reader_{name}",
                title=title,
                value=share and share.mean,
                low=share and share.low,
                high=share and share.high,
                n=len(right),
                undefined=len(missed) - len(right),
                view=failures.view,
                group="failures",
            )
        )
    return tuple(metrics)


def cause_chart(failures: Failures) -> Chart:
    """Return the share of failures by cause as bars."""
    total = len(failures.causes)
    rows: list[tuple[Scalar, ...]] = []
    for cause, count in failures.counts.items():
        share = wilson(count, total)
        if share:
            rows.append((cause, share.mean, share.low, share.high))
    whose = "shown answers" if failures.view == "shown" else "what the model says"
    return Chart(
        name=f"failures-{failures.view}",
        kind="bars",
        title=f"Where answers are lost: {whose}",
        data=Table(("label", "value", "low", "high"), tuple(rows)),
        note=f"{total} of {failures.asked} are not right; each has one cause.",
        options={"x_title": "share of the failures", "x_min": 0, "x_max": 1},
    )


def way_chart(trails: Sequence[Trail]) -> Chart:
    """Return, for the questions that were not answered rightly, how far along the way they came."""
    rows: list[tuple[Scalar, ...]] = []
    lost = [t for t in trails if any(not _is_right(t.ask, v) for v in VIEWS if v in t.ask.scores)]
    for trail in lost[:_MOST_ROWS]:
        rows += [(trail.sample.id, stage, verdict) for stage, verdict in _stages(trail)]
    return Chart(
        name="way",
        kind="heat-map",
        title="How far each question came that was not answered rightly",
        data=Table(("sample", "variant", "verdict"), tuple(rows)),
        note=f"{len(lost)} questions" + (f", the first {_MOST_ROWS} of them" * (len(lost) > 40)),
    )


def _stages(trail: Trail) -> tuple[tuple[str, str], ...]:
    last = rank_of_all(part_ranks(trail.search.passages, trail.sample.gold).values())
    given = last is not None and last <= int(trail.search.extra.get("top_n", last))
    evidence = holds_evidence(trail.sample, trail.ask.outcome.passages)
    yes = {True: "correct", False: "wrong"}
    stages = [
        ("1 found", yes[last is not None]),
        ("2 among the first", yes[given]),
        ("3 in the prompt", yes[evidence]),
    ]
    answers: tuple[tuple[str, Scored | None, View], ...] = (
        ("4 read from gold alone", trail.oracle, "model"),
        ("5 said by the model", trail.ask, "model"),
        ("6 shown", trail.ask, "shown"),
    )
    for name, scored, view in answers:
        if scored and view in scored.scores:
            stages.append((name, scored.scores[view].verdict))
    return tuple(stages)


def _share_right(name: str, title: str, scored: Sequence[Scored], view: View) -> Metric:
    metric = Metric(name, title, None, view=view, group=_GROUP, better="higher")
    values: list[float | None] = [float(_is_right(one, view)) for one in scored]
    return mean_metric(metric, values, [one.outcome.base_id for one in scored])


def _is_right(scored: Scored, view: View) -> bool:
    score = scored.scores.get(view)
    return bool(score and score.right)
