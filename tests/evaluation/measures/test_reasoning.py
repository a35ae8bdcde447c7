"""Accuracy by strategy: a model that thinking helps is told from one that it does not."""

from dataclasses import replace

import pytest

from ragkit.errors import UsageError
from ragkit.evaluation.measures.reasoning import ReasoningMeasure
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import Outcome, Reading, Sample
from ragkit.evaluation.scoring import score_outcome

SAMPLES = tuple(
    Sample(f"s{n}", f"s{n}", "closed-book", f"{n} + 1?", (str(n + 1),), type="number", group="sums")
    for n in range(60)
)


def run(says, options=None, samples=SAMPLES):
    options = options or PlanOptions()
    measure = ReasoningMeasure()
    scored = []
    for task in measure.plan(samples, options):
        text = says(task.sample, task.variant.level)
        outcome = Outcome(
            sample_id=task.sample.id, base_id=task.sample.base_id, kind=task.sample.kind,
            variant=task.variant.id, axis=task.variant.axis, level=task.variant.level,
            call=task.call, question=task.sample.question,
            readings={"model": Reading(text, abstained=False)},
        )  # fmt: skip
        scored.append(score_outcome(task.sample, outcome))
    summary = measure.summarise(samples, scored, options)
    return summary, {metric.name: metric for metric in summary.metrics}


def test_thinking_that_helps_is_told_from_thinking_that_does_not():
    summary, metrics = run(lambda s, level: s.answers[0] if level.endswith("cot") else "0")
    assert metrics["accuracy/zero-shot-cot"].value == 1
    assert metrics["accuracy/zero-shot"].value == 0
    assert metrics["thinking/zero-shot"].value == 1
    assert "helps" in summary.sentence
    summary, metrics = run(lambda s, level: s.answers[0])
    assert metrics["thinking/few-shot"].value == 0
    assert "changes nothing that shows" in summary.sentence


def test_a_small_difference_is_not_called_one():
    def says(sample, level):
        lucky = sample.id == "s0" and level == "zero-shot-cot"
        return sample.answers[0] if lucky else "nothing"

    summary, metrics = run(says)
    assert metrics["thinking/zero-shot"].value == pytest.approx(1 / 60)
    assert "helps" not in summary.sentence


def test_no_answer_is_wrong_and_counted_as_none():
    _, metrics = run(lambda s, level: "")
    assert metrics["accuracy/few-shot"].value == 0
    assert metrics["answered/few-shot"].value == 0
    assert metrics["accuracy/few-shot"].n == len(SAMPLES)


def test_guessing_is_printed_beside_it():
    samples = tuple(
        replace(sample, answers=("yes" if n % 4 else "no",), type="yes-no")
        for n, sample in enumerate(SAMPLES)
    )
    _, metrics = run(lambda s, level: "yes", samples=samples)
    assert metrics["accuracy/few-shot"].value == metrics["accuracy/few-shot"].baseline == 0.75


def test_axes_choose_strategies_and_a_budget_questions():
    tasks = ReasoningMeasure().plan(
        SAMPLES, PlanOptions(axes=("few-shot", "few-shot-cot"), budget=20)
    )
    assert len(tasks) == 20
    assert {task.variant.level for task in tasks} == {"few-shot", "few-shot-cot"}
    with pytest.raises(UsageError, match="typos"):
        ReasoningMeasure().plan(SAMPLES, PlanOptions(axes=("typos",)))
    with pytest.raises(UsageError, match="no sample is a reasoning question"):
        ReasoningMeasure().plan([replace(SAMPLES[0], type="name")], PlanOptions())
