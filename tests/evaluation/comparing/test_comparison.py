"""Two runs joined by what they asked."""

from dataclasses import replace

import pytest

from ragkit.errors import UsageError
from ragkit.evaluation.comparing import choose_view, compare, join_runs
from ragkit.evaluation.records import GoldPlace, Outcome, Passage, Scored
from ragkit.evaluation.runs import form_of
from ragkit.evaluation.statistics import mcnemar_exact
from tests.evaluation.comparing.made_runs import (
    ABSTAINED,
    RIGHT,
    WRONG,
    make_samples,
    make_scored,
    run_of,
    write_run,
)


def value(comparison, name):
    return next(one for one in comparison.values if one.name == name)


def test_what_broke_and_what_was_fixed(tmp_path):
    """Of four answers the second broke, the third was fixed."""
    before = run_of(tmp_path / "a", [RIGHT, RIGHT, WRONG, ABSTAINED])
    after = run_of(tmp_path / "b", [RIGHT, ABSTAINED, RIGHT, ABSTAINED])
    found = compare(before, after)
    assert [one.sample_id for one in found.broke] == ["s1"]
    assert [one.sample_id for one in found.fixed] == ["s2"]
    assert (found.broke[0].answer_before, found.broke[0].answer_after) == ("It is 1.", "")
    assert (found.fixed[0].verdict_before, found.fixed[0].verdict_after) == ("wrong", "correct")
    assert (found.pairs, found.bases, found.view) == (4, 2, "shown")
    assert value(found, "right").difference == 0
    assert value(found, "wrong_and_asserted").difference == pytest.approx(-0.25)


def test_a_clear_improvement_is_named_as_one(tmp_path):
    before = run_of(tmp_path / "a", [WRONG] * 60)
    after = run_of(tmp_path / "b", [RIGHT] * 40 + [WRONG] * 20)
    found = compare(before, after)
    right = value(found, "right")
    assert (right.before, right.after, right.standing) == (0, pytest.approx(2 / 3), "better")
    assert right.low > 0.4
    assert right.p_adjusted < 0.001
    assert right.p_adjusted >= right.p  # three verdicts are tested together
    assert value(found, "wrong_and_asserted").standing == "better"
    assert found.sentence.startswith("The second run is better: right 0.667, 0.000 before")
    assert found.mcnemar_p == mcnemar_exact(0, 40)


def test_a_small_difference_is_not_shown_and_says_what_would_be(tmp_path):
    before = run_of(tmp_path / "a", [RIGHT, WRONG] * 20)
    after = run_of(tmp_path / "b", [RIGHT, WRONG] * 18 + [RIGHT, RIGHT, WRONG, RIGHT])
    found = compare(before, after)
    right = value(found, "right")
    assert right.standing == "no difference shown"
    assert 0 < right.detectable < 0.3
    assert f"one below {right.detectable:.2g} would most likely not show" in found.sentence


def test_equal_runs_do_not_differ(tmp_path):
    verdicts = [RIGHT, WRONG, ABSTAINED] * 5
    found = compare(run_of(tmp_path / "a", verdicts), run_of(tmp_path / "b", verdicts))
    assert (found.broke, found.fixed, found.mcnemar_p) == ((), (), 1.0)
    assert {(one.difference, one.p) for one in found.values} == {(0.0, 1.0)}
    assert found.sentence.endswith("the same in all of them.")


def test_sub_scores_are_compared_where_both_have_them(tmp_path):
    samples = make_samples(12)
    scores = ([0.1, 0.2, None, 0.3] * 3, [0.5, None, 0.5, 0.7] * 3)
    runs = [
        write_run(
            tmp_path / name,
            [
                make_scored(s, RIGHT, values={"f1": f1})
                for s, f1 in zip(samples, given, strict=True)
            ],
            samples,
        )
        for name, given in zip("ab", scores, strict=True)
    ]
    f1 = value(compare(*runs), "f1")
    assert f1.n == 6  # of each four the first and the last
    assert f1.difference == pytest.approx(0.4)
    assert f1.standing == "higher"  # no metric says that higher is better


def test_an_error_counts_as_wrong_and_is_told(tmp_path):
    samples = make_samples(4)
    before = write_run(tmp_path / "a", [make_scored(s, RIGHT) for s in samples], samples)
    failed = [make_scored(s, WRONG, error="it crashed") for s in samples]
    after = write_run(tmp_path / "b", failed, samples)
    found = compare(before, after)
    assert found.broke[0].answer_after == "no answer: it crashed"
    assert value(found, "right").after == 0


def test_runs_of_different_suites_or_measures_are_refused(tmp_path):
    one = run_of(tmp_path / "a", [RIGHT])
    other = run_of(tmp_path / "b", [RIGHT], suite={"name": "other"})
    with pytest.raises(UsageError, match=r"different suites.* 'mine', b of 'other'"):
        compare(one, other)
    with pytest.raises(UsageError, match="different measures"):
        compare(one, run_of(tmp_path / "c", [RIGHT], measure="brittleness"))


def test_a_suite_that_changed_is_warned_of_and_altered_samples_are_left_out(tmp_path):
    samples = make_samples(4)
    scored = [make_scored(sample, RIGHT) for sample in samples]
    before = write_run(tmp_path / "a", scored, samples)
    changed = (replace(samples[0], answers=("zero",)), *samples[1:3])
    suite = {"name": "mine", "version": 2, "sha256": "def"}
    after = write_run(tmp_path / "b", scored[:3], changed, suite=suite, ragkit="0.2.0")
    found = compare(before, after)
    assert found.pairs == 2
    assert found.left_out == {
        "only in the first run": 1,
        "only in the second run": 0,
        "of samples that were altered": 1,
    }
    told = "\n".join(found.warnings)
    assert "version 1, then 2" in told
    assert "ragkit 0.1.0 made the first run" in told
    assert "1 outcomes of samples that were altered left out" in told


def test_runs_without_a_common_outcome_are_refused(tmp_path):
    samples = make_samples(4)
    scored = [make_scored(sample, RIGHT) for sample in samples]
    one = write_run(tmp_path / "a", scored[:2], samples[:2])
    other = write_run(tmp_path / "b", scored[2:], samples[2:])
    with pytest.raises(UsageError, match="no outcome in common"):
        join_runs(one, other)


def test_the_shown_view_is_chosen_where_both_have_it(tmp_path):
    scored = run_of(tmp_path / "a", [RIGHT]).scored
    unseen = [replace(scored[0], scores={"model": scored[0].scores["model"]})]
    assert choose_view(scored, scored) == "shown"
    assert choose_view(scored, unseen) == "model"


def test_what_the_runs_depend_on_is_told_where_it_differs(tmp_path):
    one = run_of(tmp_path / "a", [RIGHT])
    other = run_of(tmp_path / "b", [RIGHT], model={"name": "qwen"})
    assert compare(one, other).changes == ("model.name: 'scripted' then, 'qwen' now",)


def test_its_form_is_json(tmp_path):
    import json

    run = run_of(tmp_path / "a", [RIGHT, WRONG])
    form = json.loads(json.dumps(form_of(compare(run, run)), allow_nan=False))
    assert form["values"][0]["name"] == "right"


def outcome_of(sample, call, level="as it is", **fields):
    variant = f"{call}/{level}" if call == "search" else "base"
    axis = "search" if call == "search" else "base"
    shared = (sample.id, sample.base_id, sample.kind, variant, axis, level, call, sample.question)
    return Scored(Outcome(*shared, **fields))


def test_searches_are_compared_by_their_rankings_each_way_apart(tmp_path):
    """The gold comes first, then second: a reciprocal rank of 1, then of a half."""
    gold = GoldPlace("a.md", 0, 9, "It is so.")
    samples = [replace(sample, gold=(gold,)) for sample in make_samples(24)]
    there, other = Passage(1, "a.md", 0, 9, "It is so."), Passage(2, "b.md", 0, 3, "No.")

    def run(name, *rankings):
        searches = [
            outcome_of(sample, "search", way, passages=passages)
            for sample in samples
            for way, passages in zip(("hybrid", "dense"), rankings, strict=True)
        ]
        return write_run(tmp_path / name, searches, samples, metrics=(), measure="retrieval")

    found = compare(run("a", (there, other), (other,)), run("b", (other, there), (other,)))
    ranks = {one.part: one for one in found.values if one.name == "mrr@10"}
    assert (ranks["search, hybrid"].before, ranks["search, hybrid"].after) == (1, 0.5)
    assert (ranks["search, dense"].before, ranks["search, dense"].after) == (0, 0)
    assert (found.broke, found.fixed) == ((), ())
    assert found.sentence.startswith("The second run is lower: hit@1 0.000, 1.000 before")


def test_twins_are_compared_by_their_log_probabilities(tmp_path):
    samples = make_samples(8)

    def run(name, original):
        sums = {"mean": original, "lowest_fifth": original}
        plain = {"mean": -3.0, "lowest_fifth": -3.0}
        names = ("original", "swapped", "original_informed", "swapped_informed")
        extra = dict(zip(names, (sums, plain, plain, plain), strict=True))
        twins = [outcome_of(sample, "twin", extra=extra) for sample in samples]
        return write_run(tmp_path / name, twins, samples, metrics=(), measure="memorisation")

    delta = value(compare(run("a", -3.0), run("b", -2.0)), "delta_mean")
    assert (delta.before, delta.after, delta.part) == (0, 1, "twin")


def test_variants_are_compared_axis_by_axis(tmp_path):
    samples = make_samples(6)
    as_put = [make_scored(sample, RIGHT, values={"f1": 1.0}) for sample in samples]
    typos = [
        replace(one, outcome=replace(one.outcome, variant="typos/5", axis="typos"))
        for one in (make_scored(sample, WRONG, values={"f1": 0.0}) for sample in samples)
    ]
    run = write_run(tmp_path / "a", as_put + typos, samples)
    found = {(one.part, one.name): one.after for one in compare(run, run).values}
    assert found["ask", "right"] == 1
    assert found["ask, typos", "right"] == 0
    assert ("ask, typos", "f1") not in found
