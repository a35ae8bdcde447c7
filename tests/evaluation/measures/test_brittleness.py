"""Which axis moves answers: outcomes whose truth is known by construction, and a real bench."""

import math
from collections import Counter
from contextlib import closing
from dataclasses import replace

import pytest

from ragkit.ask import AskOptions
from ragkit.errors import UsageError
from ragkit.evaluation.bench import Bench, perform
from ragkit.evaluation.measures.brittleness import BrittlenessMeasure
from ragkit.evaluation.measures.brittleness.plan import DEFAULT_BUDGET
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import (
    GoldPlace,
    Outcome,
    Passage,
    Reading,
    ReadSentence,
    Sample,
    Score,
    Scored,
)
from ragkit.evaluation.scoring import score_outcome
from ragkit.evaluation.variants.seeding import generator_for
from ragkit.index import LocalIndex
from ragkit.llms import OpenAIHttpLLM
from ragkit.llms.openai_http import parse_address
from tests.evaluation.small_suite import POOLING, SUITE, bench_over
from tests.llms.small_server import SmallServer, chunk, events
from tests.small_index import ENCODER, write_course

MEASURE = BrittlenessMeasure()
GOLD = GoldPlace("a.md", 0, 20, "It is deep as a well")


def sample_of(number, kind="answerable"):
    return Sample(
        f"fact-{number:02}",
        f"fact-{number:02}",
        kind,
        f"How deep was the water of the lake beneath the old tower number {number}?",
        answers=("a well",) if kind == "answerable" else (),
        gold=(GOLD,) if kind == "answerable" else (),
        paraphrases=tuple(f"What depth had lake {number}, version {one}?" for one in range(4)),
        translations={"de": "Wie tief?"},
        size="smoke" if number < 8 else "default",
    )


SAMPLES = [sample_of(n, "answerable" if n % 5 else "unanswerable-near") for n in range(60)]


def answered(task, *, right, cites=(1,)):
    """Return the outcome of a task, right or wrong, as scoring would give it."""
    sample = task.sample
    reading = Reading("It is so.", abstained=False, sentences=(ReadSentence("It is so.", cites),))
    verdict = ("correct" if sample.wants_answer else "abstained") if right else "wrong"
    outcome = Outcome(
        sample.id, sample.base_id, sample.kind, task.variant.id, task.variant.axis,
        task.variant.level, task.call, sample.question, prompt=f"prompt of {task.variant.id}",
        passages=(Passage(1, "a.md", 0, 20, GOLD.quote), Passage(2, "b.md", 0, 9, "Not that.")),
        readings={"shown": reading, "model": reading},
    )  # fmt: skip
    return Scored(outcome, {view: Score(verdict, right=right) for view in ("shown", "model")})


def run(rule, *, samples=SAMPLES, **options):
    """Return the summary where a rule says which tasks come out right."""
    options = PlanOptions(**options)
    tasks = [task for task in MEASURE.plan(samples, options) if task.call == "ask"]
    return MEASURE.summarise(samples, [answered(t, right=rule(t)) for t in tasks], options)


def value(summary, name, view="shown"):
    (metric,) = (one for one in summary.metrics if (one.name, one.view) == (name, view))
    return metric.value


def chart(summary, name):
    (found,) = (one for one in summary.charts if one.name == name)
    return [dict(zip(found.data.columns, row, strict=True)) for row in found.data.rows]


def axes_that_differ(summary):
    return {row["label"] for row in chart(summary, "excess_spread") if row["p (Holm)"] < 0.05}


# --- the plan -------------------------------------------------------------------------------------


def test_a_default_plan_keeps_to_its_budget_and_has_the_control():
    tasks = MEASURE.plan(SAMPLES, PlanOptions())
    asks = [task for task in tasks if task.call == "ask"]
    cost = len(asks) + sum(len(task.variant.group) for task in tasks if task.call == "cross")
    assert 0.85 * DEFAULT_BUDGET < cost <= DEFAULT_BUDGET
    assert len({task.key for task in tasks}) == len(tasks)
    again = MEASURE.plan(SAMPLES, PlanOptions())
    assert [task.key for task in again] == [task.key for task in tasks]
    axes = Counter(task.variant.axis for task in asks)
    assert axes["control"] >= 10
    assert len(axes) == 13
    base = {task.sample.id for task in asks if task.variant.id == "base"}
    assert base == {task.sample.id for task in asks} == {sample.id for sample in SAMPLES}


def test_variants_of_an_axis_are_put_to_the_same_samples():
    tasks = MEASURE.plan(SAMPLES, PlanOptions())
    for axis in ("paraphrase", "format", "typos", "strategy"):
        groups = {}
        for task in tasks:
            if task.variant.axis == axis:
                groups.setdefault(task.variant.id, set()).add(task.sample.id)
        assert len(groups) > 1
        assert len({frozenset(group) for group in groups.values()}) == 1, axis
        (asked,) = {frozenset(group) for group in groups.values()}
        near = sum(one.kind == "unanswerable-near" for one in SAMPLES if one.id in asked)
        assert 1 <= near <= len(asked) / 2


def test_a_full_plan_has_all_that_applies():
    full = MEASURE.plan(SAMPLES, PlanOptions(size="full"))
    counts = Counter(task.variant.axis for task in full)
    assert counts["paraphrase"] == 4 * 60
    assert counts["mixed"] == 12 * 60
    assert counts["base"] == counts["template"] == 60
    assert counts["order"] == 5 * 60 + 3 * 48  # the unanswerable ones have no gold to move


def test_small_runs_and_chosen_axes():
    smoke = MEASURE.plan(SAMPLES, PlanOptions(size="smoke"))
    assert {task.sample.size for task in smoke} == {"smoke"}
    assert "control" in {task.variant.axis for task in smoke}
    typos = MEASURE.plan(SAMPLES, PlanOptions(axes=("typos",), budget=100))
    assert {task.variant.axis for task in typos} == {"base", "control", "typos"}
    assert 80 < len(typos) <= 100
    with pytest.raises(UsageError, match="unknown axis 'colour'"):
        MEASURE.plan(SAMPLES, PlanOptions(axes=("colour",)))
    with pytest.raises(UsageError, match="a budget of 3 tasks does not reach 12 axes") as error:
        MEASURE.plan(SAMPLES, PlanOptions(budget=3))
    least = int(error.value.hint.partition("--budget ")[2].partition(",")[0])
    assert 3 < len(MEASURE.plan(SAMPLES, PlanOptions(budget=least))) <= least
    closed = [Sample("x", "x", "closed-book", "Why?")]
    with pytest.raises(UsageError, match="no sample of size default is answered from passages"):
        MEASURE.plan(closed, PlanOptions())


def test_questions_of_a_user_need_nothing_but_a_question():
    own = [
        Sample(f"q{n}", f"q{n}", "answerable", f"Why is it {n}?", answers=("x",)) for n in (1, 2)
    ]
    axes = {task.variant.axis for task in MEASURE.plan(own, PlanOptions())}
    assert {"base", "control", "strategy", "format", "instruction", "order", "count"} <= axes
    assert not {"paraphrase", "language"} & axes


# --- what it comes to -----------------------------------------------------------------------------


def test_one_that_is_always_right_is_moved_by_nothing():
    summary = run(lambda _task: True)
    assert value(summary, "right_base") == value(summary, "right_variants") == 1.0
    assert value(summary, "flip_rate") == value(summary, "performance_drop") == 0.0
    assert value(summary, "agreement") == 1.0
    assert value(summary, "citation_jaccard") == 1.0
    assert value(summary, "flip_rate/mixed") == 0.0
    assert axes_that_differ(summary) == set()
    assert summary.sentence.startswith("No axis moved a verdict")
    assert summary.noise.value == 0.0
    assert summary.worst == ()


def test_one_that_minds_the_place_of_the_gold_shows_in_the_order_and_nowhere_else():
    summary = run(lambda task: task.variant.id not in ("order/gold-last", "order/reversed"))
    assert axes_that_differ(summary) == {"order"}
    flips = {row["label"]: row["value"] for row in chart(summary, "flips_by_axis")}
    assert flips.pop("order") > 0.3
    assert set(flips.values()) == {0.0}
    assert "The axis “order” matters most and beats noise" in summary.sentence
    assert summary.worst
    assert all("|order/" in key for key in summary.worst)


def test_one_that_minds_the_wording_but_likes_none_best_is_unsteady_beyond_noise():
    def rule(task):
        odd = int(task.sample.id[-2:]) % 2 == 1
        return odd if task.variant.id in ("paraphrase/1", "paraphrase/2") else not odd

    summary = run(rule, axes=("paraphrase",), budget=200)
    (row,) = chart(summary, "excess_spread")
    assert row["p (Holm)"] > 0.05
    assert row["beats noise"]
    assert row["var(item x axis)"] > 0.2
    assert row["var(axis)"] < 0.01
    assert "“paraphrase” matters most and beats noise" in summary.sentence
    assert "none of its variants is better or worse than the others" in summary.sentence


def test_typos_that_harm_are_told_by_level_and_by_test():
    def rule(task):
        return task.variant.id not in ("typos/5", "typos/10")

    summary = run(rule, axes=("typos",), budget=240)
    lines = [row for row in chart(summary, "right_by_typos") if row["series"] == "shown answer"]
    assert [(row["x"], row["y"]) for row in lines] == [(0, 1.0), (2, 1.0), (5, 0.0), (10, 0.0)]
    changes = {row["label"].split(":")[0]: row for row in chart(summary, "changes_by_variant")}
    assert changes["typos/10"]["value"] == -1.0
    assert changes["typos/10"]["p (Holm)"] < 0.001 < changes["typos/2"]["p (Holm)"]
    assert changes["typos/5"]["broke"] == changes["typos/5"]["samples"]
    assert changes["typos/2"]["broke"] == changes["typos/2"]["fixed"] == 0


def test_coins_that_know_no_variant_are_taken_for_noise():
    """A model that is right by chance alone: in 150 such worlds 8 axes came out (.05), excess .00.

    Of 40 worlds up to 5 may have one (binomial, .05 each, 99%); the mean of 80 has an error of .01.
    """
    found, excesses, ps = 0, [], []
    samples = SAMPLES[:24]
    for world in range(40):
        summary = run(
            lambda task, world=world: generator_for(f"w{world}", task.key).random() < 0.6,
            samples=samples, axes=("format", "order"), budget=200,
        )  # fmt: skip
        found += bool(axes_that_differ(summary))
        excesses += [row["value"] for row in chart(summary, "excess_spread")]
        ps += [row["p (Holm)"] for row in chart(summary, "excess_spread")]
    assert found <= 5
    assert abs(sum(excesses) / len(excesses)) < 0.03
    assert sum(p > 0.5 for p in ps) > len(ps) / 3


def test_noise_of_the_model_is_the_band_of_the_charts():
    summary = run(lambda task: generator_for("noisy", task.key).random() < 0.5)
    assert summary.noise.value > 0.2
    (dots,) = (one for one in summary.charts if one.name == "flips_by_axis")
    assert dots.options["band_high"] > summary.noise.value
    assert "but not beyond noise" in summary.sentence
    assert not any(row["beats noise"] for row in chart(summary, "excess_spread"))


def test_every_interval_holds_its_number_and_every_share_is_one():
    summary = run(lambda task: generator_for("any", task.key).random() < 0.7)
    with_interval = [one for one in summary.metrics if one.low is not None]
    assert len(with_interval) > 30
    for metric in with_interval:
        assert metric.low <= metric.value <= metric.high, metric
        assert metric.n > 0
    for metric in summary.metrics:
        if metric.name.startswith(("right", "flip_rate", "agreement", "citation")):
            assert 0 <= metric.value <= 1
    names = [{one.name for one in summary.metrics if one.view == v} for v in ("shown", "model")]
    assert names[0] == names[1]


def test_little_that_is_right_cannot_drop():
    summary = run(lambda task: task.sample.id == "fact-01")
    (drop,) = (
        one for one in summary.metrics if one.name == "performance_drop" and one.view == "shown"
    )
    assert drop.value is None
    assert drop.undefined > 100
    assert "fewer than 20% are right" in drop.note


def test_flips_stand_side_by_side_one_sample_after_the_other():
    summary = run(lambda task: task.variant.axis != "format")
    rows = chart(summary, "flips")
    assert len({row["sample"] for row in rows[:5]}) == 5
    for row in rows:
        assert row["variant_a"] == "base"
        assert row["prompt_b"] == f"prompt of {row['variant_b']}"
        assert (row["verdict_a"], row["verdict_b"]) in (
            ("correct", "wrong"),
            ("abstained", "wrong"),
        )


def test_failed_and_inapplicable_ones():
    tasks = [t for t in MEASURE.plan(SAMPLES, PlanOptions(axes=("count",))) if t.call == "ask"]
    scored = [answered(task, right=True) for task in tasks]
    at = next(n for n, task in enumerate(tasks) if task.variant.id == "count/10")
    failed = replace(scored[at].outcome, error="out of memory", readings={})
    wrong = Score("wrong", right=False)
    scored[at] = Scored(failed, {"shown": wrong, "model": wrong})
    rest = [n for n, task in enumerate(tasks) if task.variant.id == "count/10" and n != at]
    left_out = replace(scored[rest[0]].outcome, extra={"inapplicable": "4 passages"}, readings={})
    scored[rest[0]] = Scored(left_out)
    summary = MEASURE.summarise(SAMPLES, scored, PlanOptions(axes=("count",)))
    assert summary.errors == (failed.key,)
    changes = {row["label"].split(":")[0]: row for row in chart(summary, "changes_by_variant")}
    assert changes["count/10"]["samples"] == changes["count/1"]["samples"] - 1
    assert changes["count/10"]["broke"] == 1


def test_nothing_to_compare_is_said():
    summary = MEASURE.summarise(SAMPLES, [], PlanOptions())
    assert (
        summary.sentence == "No sample was put in two ways, so nothing can be said of brittleness."
    )
    assert summary.charts == ()
    assert summary.noise is None


# --- with a bench ---------------------------------------------------------------------------------


@pytest.fixture
def index(tmp_path):
    with LocalIndex(write_course(tmp_path / "index")) as opened:
        yield opened


SMALL = replace(POOLING, paraphrases=("What is averaged by mean pooling?",))


def test_the_prompt_shows_the_sources_in_the_order_of_the_variant(index):
    bench = bench_over(index)
    tasks = MEASURE.plan([SMALL], PlanOptions(axes=("order",), size="full"))
    outcomes = {task.variant.id: perform(task, bench) for task in tasks}
    gold = "Mean pooling averages the token embeddings."
    first, last = (outcomes[f"order/gold-{where}"] for where in ("first", "last"))
    assert first.passages[0].text == last.passages[-1].text == gold
    assert first.prompt.index(gold) < last.prompt.index(gold)
    assert {one.text for one in first.passages} == {one.text for one in last.passages}
    assert first.completion.endswith("[1].")


def test_posix_of_a_rule_that_copies_is_told_from_its_log_probabilities(index):
    bench = bench_over(index)
    (task,) = (t for t in MEASURE.plan([SMALL], PlanOptions()) if t.call == "cross")
    outcome = perform(task, bench)
    assert outcome.error == ""
    assert outcome.extra["variants"] == ["base", "paraphrase/1", "instruction/plain", "format/1"]
    table = outcome.extra["log_probs"]
    assert len(table) == len(table[0]) == len(outcome.extra["tokens"]) == 4
    own = [table[at][at] / outcome.extra["tokens"][at] for at in range(4)]
    assert own == pytest.approx([math.log(0.9)] * 4)
    summary = MEASURE.summarise([SMALL], [score_outcome(SMALL, outcome)], PlanOptions())
    (metric,) = (one for one in summary.metrics if one.name == "posix")
    assert metric.value > 0
    assert metric.view == "model"
    assert metric.n == 1


def test_posix_is_nought_where_all_prompts_come_to_the_same(index):
    bench = bench_over(index, "abstain")
    (task,) = (t for t in MEASURE.plan([SMALL], PlanOptions()) if t.call == "cross")
    scored = score_outcome(SMALL, perform(task, bench))
    summary = MEASURE.summarise([SMALL], [scored], PlanOptions())
    assert value(summary, "posix", "model") == 0.0


def test_a_server_that_applies_its_template_itself_is_left_out_of_that_axis(index):
    said = events(chunk("It averages the token embeddings [1]."), chunk(finish="stop"))
    with SmallServer(said) as server, closing(OpenAIHttpLLM(parse_address(server.url))) as llm:
        bench = Bench(
            SUITE, index=index, encoder=ENCODER, load_llm=lambda: llm, options=AskOptions()
        )
        tasks = MEASURE.plan([SMALL], PlanOptions(axes=("template",)))
        outcomes = {task.variant.id: perform(task, bench) for task in tasks}
    assert outcomes["base"].readings["model"].text == "It averages the token embeddings."
    left_out = outcomes["template/off"]
    assert left_out.error == ""
    assert "applies its chat template itself" in left_out.extra["inapplicable"]
    assert score_outcome(SMALL, left_out).scores == {}
