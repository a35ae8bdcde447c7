"""What each judge sees and does not see, with real encoders and models."""

import pytest

from ragkit.encoders import HashingEncoder
from ragkit.errors import UsageError
from ragkit.evaluation.judges import LabelledClaim, open_judge
from ragkit.llms import LlmOptions, ScriptedLLM
from ragkit.models import open_llm

PASSAGE = "Moss drinks rain through its leaves. It has no roots. Stones are older than moss."
SAME = LabelledClaim("Moss has no roots.", ("Roads are wide.", PASSAGE), supported=True)
OTHER = LabelledClaim("The harvest began in August.", (PASSAGE,), supported=False)
NUMBER = LabelledClaim("It takes 9 days.", ("It takes 8 days.",), supported=False)


def judge_named(name, llm=None):
    return open_judge(
        name, load_encoder=HashingEncoder, load_llm=lambda: llm or ScriptedLLM("echo")
    )


@pytest.mark.parametrize(("name", "tier"), [("encoder", "T1"), ("logits", "T2"), ("rules", "T0")])
def test_says_who_it_is(name, tier):
    judge = judge_named(name)
    assert (judge.name, judge.tier) == (name, tier)
    assert all(isinstance(value, str) for value in judge.identity.values())
    assert judge.score([]) == ()


@pytest.mark.parametrize("name", ["encoder", "rules"])
def test_what_a_passage_says_scores_above_what_none_says(name):
    same, other = judge_named(name).score([SAME, OTHER])
    assert same > other


def test_the_encoder_does_not_see_a_number_and_the_rules_do():
    right = LabelledClaim("It takes 8 days.", NUMBER.passages, supported=True)
    near, exact = judge_named("encoder").score([NUMBER, right])
    assert near > 0.5
    assert exact == pytest.approx(1.0)
    assert judge_named("rules").score([NUMBER])[0] < 1 <= judge_named("rules").score([right])[0]


def test_a_claim_without_passages_is_backed_by_nothing():
    lone = LabelledClaim("Moss has no roots.", (), supported=False)
    assert judge_named("encoder").score([lone]) == (-1.0,)
    assert judge_named("rules").score([lone])[0] < 1


def test_logits_are_those_of_yes_over_no():
    """A rule that repeats the question says "Passage" next, so neither: the difference is none."""
    assert judge_named("logits").score([SAME, OTHER]) == (0.0, 0.0)


@pytest.mark.model
def test_both_orders_are_asked_and_the_passage_is_read_once(cache_dir):
    options = LlmOptions(context_window=1024, lora="none")
    llm = open_llm("smollm2-135m-instruct", cache_dir=cache_dir, options=options)
    judge = judge_named("logits", llm)
    long = LabelledClaim("Moss has no roots.", (PASSAGE * 12,), supported=True)
    first = judge.score([long])
    assert llm.evaluated_prompt_tokens <= 128
    assert judge.score([OTHER, long])[1:] == first
    assert first[0] != 0
    llm.close()


def test_an_unknown_judge_lists_the_known_ones():
    with pytest.raises(UsageError, match="oracle") as raised:
        judge_named("oracle")
    assert "encoder" in f"{raised.value.message} {raised.value.hint}"
