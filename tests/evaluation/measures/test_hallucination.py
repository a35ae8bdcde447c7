"""What is planned, and the signals that need a model which samples."""

from dataclasses import replace

import pytest

from ragkit.errors import UsageError
from ragkit.evaluation.measures import MEASURES
from ragkit.evaluation.measures.hallucination.items import Item
from ragkit.evaluation.measures.hallucination.signals import BASELINES, agreement, signals
from ragkit.evaluation.measures.hallucination.tasks import RENUMBERED
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import (
    LogprobSummary,
    Outcome,
    Passage,
    Reading,
    ReadSentence,
    Sample,
    Score,
    Scored,
)

MEASURE = MEASURES["hallucination"]


def sample(name, kind="answerable", **values):
    answers = ("iron",) if kind in ("answerable", "counterfactual") else ()
    return Sample(f"{name}.{kind}", name, kind, f"What is {name}?", answers=answers, **values)


SAMPLES = (
    *(sample(f"fact-{number}") for number in range(80)),
    *(sample(f"fact-{number}", "unanswerable-near") for number in range(40)),
    sample("small", size="smoke"),
    sample("large", size="full"),
)


def calls_of(tasks):
    counts = {}
    for task in tasks:
        key = (task.call, task.variant.id)
        counts[key] = counts.get(key, 0) + 1
    return counts


def test_each_question_is_asked_once_and_some_again():
    tasks = MEASURE.plan(SAMPLES, PlanOptions())
    assert calls_of(tasks) == {
        ("ask", "base"): 121,
        ("ask", RENUMBERED.id): 30,
        ("closed-book", "base"): 81,
        ("samples", "base"): 60,
    }
    assert len({task.key for task in tasks}) == len(tasks)


def test_a_plan_is_the_same_each_time_and_hangs_on_the_seed():
    keys = [[task.key for task in MEASURE.plan(SAMPLES, PlanOptions(seed=n))] for n in (0, 0, 1)]
    assert keys[0] == keys[1] != keys[2]


def test_a_budget_keeps_what_belongs_together():
    tasks = MEASURE.plan(SAMPLES, PlanOptions(budget=50))
    assert 40 <= len(tasks) <= 50
    whole = MEASURE.plan(SAMPLES, PlanOptions())
    for base in {task.sample.base_id for task in tasks}:
        assert [t.key for t in tasks if t.sample.base_id == base] == [
            t.key for t in whole if t.sample.base_id == base
        ]


def test_closed_book_samples_take_the_place_of_what_they_are_of():
    closed = sample("fact", "closed-book", of="fact.answerable")
    tasks = MEASURE.plan((sample("fact"), closed), PlanOptions())
    assert [t.sample.id for t in tasks if t.call == "closed-book"] == ["fact.closed-book"]


def test_a_size_without_samples_is_refused():
    with pytest.raises(UsageError, match="no samples of size smoke"):
        MEASURE.plan((sample("fact"),), PlanOptions(size="smoke"))


def test_of_no_outcomes_there_is_nothing_to_say():
    summary = MEASURE.summarise(SAMPLES, (), PlanOptions())
    assert {metric.value for metric in summary.metrics} == {None}
    assert "Nothing was asked" in summary.sentence


def outcome(number, *, right, **values):
    read = (ReadSentence("It is iron.", (1,)),)
    reading = Reading("It is iron.", abstained=False, sentences=read)
    return Scored(
        Outcome(
            f"fact-{number}.answerable", f"fact-{number}", "answerable", "base", "base", "",
            "ask", "What?", readings={"model": reading}, **values,
        ),
        {"model": Score("correct" if right else "wrong", right=right, values={"words": 3.0})},
    )  # fmt: skip


def sampled(number, clusters):
    return Scored(
        Outcome(
            f"fact-{number}.answerable", f"fact-{number}", "answerable", "base", "base", "",
            "samples", "What?", extra={"texts": ["a"] * len(clusters), "clusters": clusters},
        )
    )  # fmt: skip


def test_agreement_is_one_where_all_samples_mean_the_same():
    assert agreement(sampled(1, [0, 0, 0, 0, 0]).outcome) == 1
    assert agreement(sampled(1, [0, 1, 2, 3, 4]).outcome) == pytest.approx(0, abs=1e-12)
    assert 0 < agreement(sampled(1, [0, 0, 0, 1, 1]).outcome) < 1
    assert agreement(sampled(1, [0]).outcome) is agreement(None) is None


def test_a_signal_that_knows_has_an_auroc_of_one():
    scored = []
    for number in range(40):
        right = number % 2 == 0
        mean = -0.1 if right else -2.0
        scored.append(
            outcome(
                number,
                right=right,
                logprobs=LogprobSummary(3, mean, 2 * mean, 2 * mean),
                sufficiency=0.5,
            )
        )
        if number < 20:
            scored.append(sampled(number, [0] * 5 if right else [0, 1, 2, 3, 4]))
    found = {m.name: m for m in MEASURE.summarise(SAMPLES, scored, PlanOptions()).metrics}
    assert found["auroc/mean token probability"].value == 1
    assert found["auroc/semantic agreement"].value == 1
    assert (found["auroc/semantic agreement"].n, found["auroc/semantic agreement"].undefined) == (
        20,
        20,
    )
    assert found["auroc/sufficiency"].value == 0.5
    assert found["auroc/sufficiency"].baseline == 0.5
    assert found["brier/sufficiency"].value == pytest.approx(0.25)
    assert found["accuracy_at_80/sufficiency"].value == pytest.approx(0.5)


def test_baselines_are_signals_too():
    item = Item(
        SAMPLES[0],
        replace(outcome(0, right=True).outcome, passages=(Passage(1, "a", 0, 1, "a", cosine=0.7),)),
        Score("correct", right=True, values={"words": 3.0}),
        "model",
    )
    assert [baseline(item) for baseline in BASELINES.values()] == [-3.0, 0.7, 0.0]
    assert signals({})["least token probability"](item) is None
