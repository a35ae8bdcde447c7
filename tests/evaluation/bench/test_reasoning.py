"""Questions without documents: how they are put, and what is taken for the answer."""

import pytest

from ragkit.evaluation.bench.reasoning import (
    REASONING_STRATEGIES,
    ask_for_answer,
    find_answer,
    plan_reasoning,
)
from ragkit.records import Sampling


def messages(strategy, kind="number"):
    plan = plan_reasoning("What is 2 + 2?", kind, strategy, Sampling())
    return [(message.role, message.content) for message in plan.first.messages]


def test_only_thinking_is_asked_to_think():
    for strategy in REASONING_STRATEGIES:
        text = " ".join(content for _, content in messages(strategy))
        thinks = "step by step" in text or "12 + 7 = 19" in text
        assert thinks == strategy.endswith("-cot")


@pytest.mark.parametrize("kind", ["number", "choice", "yes-no", "text"])
def test_worked_examples_give_an_answer_that_would_be_found(kind):
    shown = messages("few-shot-cot", kind)
    answers = [content for role, content in shown if role == "assistant"]
    assert len(answers) == 4
    for text, plain in zip(
        answers, [c for r, c in messages("few-shot", kind) if r == "assistant"], strict=True
    ):
        assert find_answer(text, kind) == find_answer(plain, kind) != ""


def test_the_answer_is_asked_for_after_the_thoughts():
    plan = plan_reasoning("What is 2 + 2?", "number", "zero-shot-cot", Sampling())
    step = ask_for_answer(plan, " Two and two make four. ")
    assert step.messages[-1].role == "assistant"
    assert step.messages[-1].content == (
        "A: Let's think step by step. Two and two make four.\n"
        "Therefore, the answer (arabic numerals) is"
    )
    assert step.sampling.max_new_tokens < plan.first.sampling.max_new_tokens


@pytest.mark.parametrize(
    ("said", "kind", "answer"),
    [
        ("She has $1,250.50 left.", "number", "1250.5"),
        ("3 + 4 = 7. The answer is 7.", "number", "7"),
        ("-5 degrees", "number", "-5"),
        ("nothing at all", "number", ""),
        ("A bird: the answer is (C).", "choice", "C"),
        ("B) an umbrella", "choice", "B"),
        ("Because", "choice", ""),
        ("Yes, since no one flipped it.", "yes-no", "yes"),
        ("Nobody knows", "yes-no", ""),
        (" ren.", "text", "ren"),
        ("", "text", ""),
    ],
)
def test_what_is_taken_for_the_answer(said, kind, answer):
    assert find_answer(said, kind) == answer
