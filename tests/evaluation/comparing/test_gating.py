"""What may pass, what may not, and what cannot be told."""

import pytest

from ragkit.errors import UsageError
from ragkit.evaluation.comparing import built_in_policy_text, judge_run, load_policy, parse_policy
from ragkit.evaluation.records import Metric
from tests.evaluation.comparing.made_runs import (
    ABSTAINED,
    RIGHT,
    WRONG,
    make_samples,
    make_scored,
    run_of,
    write_run,
)

MARGIN = '[[rule]]\nmetric = "wrong_and_asserted"\nmargin = 0.05'


def policy_of(text):
    return parse_policy(text, name="policy.toml")


@pytest.fixture
def good(tmp_path):
    """A run of which a tenth is wrong."""
    return run_of(tmp_path / "good", ([RIGHT] * 9 + [WRONG]) * 20)


def test_the_same_again_passes(tmp_path, good):
    again = run_of(tmp_path / "again", ([RIGHT] * 9 + [WRONG]) * 20)
    result = judge_run(again, policy_of(MARGIN), baseline=good)
    assert (result.verdict, result.exit_code) == ("pass", 0)
    assert (result.rules[0].low, result.rules[0].high) == (0, 0)
    assert "pair by pair" in result.rules[0].reason


def test_much_worse_is_a_regression(tmp_path, good):
    worse = run_of(tmp_path / "worse", ([RIGHT] * 5 + [WRONG] * 5) * 20)
    result = judge_run(worse, policy_of(MARGIN), baseline=good)
    assert (result.verdict, result.exit_code) == ("regression", 1)
    rule = result.rules[0]
    assert (rule.baseline, rule.value) == (pytest.approx(0.1), pytest.approx(0.5))
    assert rule.low > 0.05
    assert result.sentence.startswith("Regression: wrong_and_asserted")


def test_much_better_passes(tmp_path, good):
    better = run_of(tmp_path / "better", [RIGHT] * 200)
    result = judge_run(better, policy_of(MARGIN), baseline=good)
    assert result.verdict == "pass"
    assert result.rules[0].reason.startswith("better by 0.0")


def test_too_few_to_tell_is_inconclusive(tmp_path):
    before = run_of(tmp_path / "a", [RIGHT] * 18 + [WRONG] * 2)
    after = run_of(tmp_path / "b", [WRONG] + [RIGHT] * 17 + [WRONG, WRONG])
    result = judge_run(after, policy_of(MARGIN), baseline=before)
    assert (result.verdict, result.exit_code) == ("inconclusive", 3)
    assert result.rules[0].low <= 0.05 < result.rules[0].high
    assert "spans the margin" in result.rules[0].reason
    assert result.rules[0].detectable > 0.05
    assert f"differences from {result.rules[0].detectable:.2g} on show" in result.rules[0].reason


def test_no_gate_is_stricter_than_the_noise_floor(tmp_path, good):
    """The same verdicts, but a model that gives another one in ten when asked again."""
    again = run_of(tmp_path / "again", ([RIGHT] * 9 + [WRONG]) * 20, noise=0.1)
    result = judge_run(again, policy_of(MARGIN), baseline=good)
    assert (result.verdict, result.noise_floor) == ("inconclusive", 0.1)
    assert "below the noise floor of 0.100" in result.rules[0].reason
    wide = judge_run(again, policy_of(MARGIN.replace("0.05", "0.12")), baseline=good)
    assert wide.verdict == "pass"
    worse = run_of(tmp_path / "worse", [WRONG] * 200, noise=0.1)
    assert judge_run(worse, policy_of(MARGIN), baseline=good).verdict == "regression"


def test_a_metric_of_which_more_is_better_is_worse_when_lower(tmp_path):
    before = run_of(tmp_path / "a", [RIGHT] * 100)
    after = run_of(tmp_path / "b", [RIGHT, ABSTAINED] * 50)
    policy = policy_of('[[rule]]\nmetric = "coverage"\nmargin = 0.1')
    result = judge_run(after, policy, baseline=before)
    assert result.verdict == "regression"
    assert result.rules[0].low > 0.3
    assert judge_run(before, policy, baseline=after).verdict == "pass"


@pytest.mark.parametrize(
    ("limit", "verdict"),
    [
        ("at_most = 0.5", "pass"),
        ("at_most = 0.01", "regression"),
        ("at_most = 0.1", "inconclusive"),
        ("at_least = 0.01", "pass"),
        ("at_least = 0.5", "regression"),
        ("at_least = 0.1", "inconclusive"),
    ],
)
def test_floors_and_ceilings_hold_for_the_whole_interval(good, limit, verdict):
    policy = policy_of(f'[[rule]]\nmetric = "wrong_and_asserted"\nview = "shown"\n{limit}')
    assert judge_run(good, policy).verdict == verdict


def test_a_single_error_or_unsupported_sentence_breaks_an_invariant(tmp_path, good):
    samples = make_samples(20)
    assert judge_run(good, load_policy(None)).exit_code == 0
    scored = [make_scored(sample, RIGHT) for sample in samples]
    failed = [*scored[:-1], make_scored(samples[-1], WRONG, error="it crashed")]
    result = judge_run(write_run(tmp_path / "a", failed, samples), load_policy(None))
    assert (result.exit_code, result.sentence) == (
        1,
        "Regression: errors (of 3 limits; 2 not checked).",
    )
    loose = [*scored[:-1], make_scored(samples[-1], WRONG, support="unsupported")]
    result = judge_run(write_run(tmp_path / "b", loose, samples), load_policy(None))
    assert "unsupported_shown" in result.sentence


def test_a_run_of_nothing_does_not_pass(tmp_path):
    run = write_run(tmp_path / "a", [], (), metrics=make_nothing())
    result = judge_run(run, load_policy(None))
    assert (result.exit_code, result.rules[0].rule) == (1, "outcomes")


def make_nothing():
    names = ("wrong_and_asserted", "coverage", "right")
    return tuple(Metric(name, name, None, view="shown", better="lower") for name in names)


def test_what_is_undefined_is_inconclusive(tmp_path, good):
    empty = write_run(tmp_path / "a", good.scored, good.samples, metrics=make_nothing())
    assert judge_run(empty, policy_of(MARGIN), baseline=good).verdict == "inconclusive"
    floor = policy_of('[[rule]]\nmetric = "coverage"\nat_least = 0.5')
    assert judge_run(empty, floor).verdict == "inconclusive"


def test_a_metric_that_is_no_mean_is_held_by_the_intervals_of_both(tmp_path, good):
    """An F1 of 0.8 [0.75, 0.85] against 0.5 [0.45, 0.55]: worse by 0.30, give or take 0.07."""

    def with_f1(name, value):
        f1 = Metric("abstention_f1", "F1", value, value - 0.05, value + 0.05, 50, better="higher")
        return write_run(tmp_path / name, good.scored, good.samples, metrics=(f1,))

    policy = policy_of('[[rule]]\nmetric = "abstention_f1"\nmargin = 0.1')
    result = judge_run(with_f1("b", 0.5), policy, baseline=with_f1("a", 0.8))
    rule = result.rules[0]
    assert (rule.low, rule.high) == (
        pytest.approx(0.3 - 0.0707, abs=1e-3),
        pytest.approx(0.3707, abs=1e-3),
    )
    assert "by the intervals of both" in rule.reason
    assert result.verdict == "regression"


def test_a_policy_with_margins_needs_a_baseline_but_for_the_built_in_one(good):
    with pytest.raises(UsageError, match=r"policy.toml holds margins"):
        judge_run(good, policy_of(MARGIN))
    result = judge_run(good, load_policy(None))
    assert {rule.finding for rule in result.rules} == {"pass", "not checked"}


def test_rules_of_other_measures_are_left_out(good):
    rule = '[[rule]]\nmeasure = "retrieval"\nmetric = "mrr"\nat_least = 0.5\n'
    both = policy_of(rule + '[[rule]]\ncount = "errors"\nat_most = 0')
    assert [one.rule for one in judge_run(good, both).rules] == ["errors"]
    with pytest.raises(UsageError, match=r"no rule of policy.toml is about the measure"):
        judge_run(good, policy_of(rule))


def test_an_unknown_metric_lists_the_known(good):
    policy = policy_of('[[rule]]\nmetric = "coverge"\nat_least = 0.5')
    with pytest.raises(UsageError, match="coverage, right, wrong_and_asserted") as caught:
        judge_run(good, policy)
    assert caught.value.hint == "did you mean 'coverage'?"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("format_version =\nx = 1", r"policy.toml is not TOML: .*line 1"),
        ("", "holds no .*every run would pass"),
        ("rules = 1", "unknown key of policy.toml 'rules'"),
        ("format_version = 2", "has format 2"),
        ('\n[[rule]]\nmetric = "a"', "policy.toml:2: the rule sets no limit"),
        ('[[rule]]\nmetric = "a"\nmargin = -1', "policy.toml:1: a margin is not below 0"),
        ('[[rule]]\nmetric = "a"\ncount = "errors"\nat_most = 0', "one metric or one count"),
        ('[[rule]]\ncount = "errors"\nmargin = 0', "neither a margin nor a view"),
        ('[[rule]]\ncount = "erors"\nat_most = 0', "known: errors, outcomes, unsupported_shown"),
        ('[[rule]]\nmetric = "a"\nat_most = "0"', "at_most is a number, not '0'"),
        ('[[rule]]\nmetric = "a"\nview = "both"\nat_most = 0', "unknown view at policy.toml:1"),
        ('[[rule]]\nmetric = "a"\nat_most = 0\n\n[[rule]]\nmetrics = "a"', "policy.toml:5"),
        ('[[rule]]\nmetric = "a"\nat_most = 0\nat_least = 1', "at_least is above at_most"),
        ("rule = 3", r"written as \[\[rule\]\]"),
    ],
)
def test_a_wrong_policy_says_where_and_why(text, message):
    with pytest.raises(UsageError, match=message):
        policy_of(text)


def test_the_built_in_policy_is_a_policy(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text(built_in_policy_text(), encoding="utf-8")
    assert load_policy(path).rules == load_policy(None).rules
    with pytest.raises(UsageError, match="there is no policy"):
        load_policy(tmp_path / "none.toml")
