"""The rules, on prompts as ragkit writes them."""

import pytest

from ragkit.errors import UsageError
from ragkit.llms import RULES, ScriptedLLM
from ragkit.records import Message, Sampling

ASKED = (
    Message("user", "[1] (old.md) Old.\n\nQuestion: Before?"),
    Message("assistant", "Old [1]."),
    Message(
        "user",
        "[2] (a (1).pdf, p. 3) Seeds sprout. They need water.\n[3] (b.md) No.\n\nQuestion: What?",
    ),
)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("copy-first-source", "Seeds sprout. They need water [2]."),
        ("abstain", "The documents do not say."),
        ("invent", "It was first described in 1987 by a committee in Geneva [9]."),
        ("echo", "What?"),
    ],
)
def test_rules_speak_about_the_last_question(rule, said):
    completion = ScriptedLLM(rule).generate(ASKED, sampling=Sampling())
    assert completion.text == said
    assert completion.finish_reason == "stop"


def test_every_rule_survives_no_message():
    for rule in RULES:
        ScriptedLLM(rule).generate((), sampling=Sampling())


def test_unknown_rule_lists_the_known():
    with pytest.raises(UsageError, match="abstain, copy-first-source, echo, invent, reason-first"):
        ScriptedLLM("lie")
