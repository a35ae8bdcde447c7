"""A model's words are taken where they ask for the same thing, and else not."""

import pytest

from ragkit.evaluation.drafting import reword
from ragkit.evaluation.records import Sample
from ragkit.llms import ScriptedLLM

QUESTION = "How many seats did the council of Tholby have in 1300?"
SAMPLE = Sample("a", "a", "answerable", QUESTION, answers=("40",), draft=True)


def saying(text):
    return ScriptedLLM("say", rules={"say": lambda _messages: text})


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("In 1300, how many seats did Tholby's council have?", True),
        ('"How big was the council of Tholby in 1300?"', True),
        ("How many seats did the council of Tholby have?", False),  # the year is lost
        ("How many seats did the council have in 1300?", False),  # the name is lost
        ("Did the council of Tholby have 40 seats in 1300?", False),  # the answer is given
        ("The council of Tholby had many seats in 1300.", False),
        ("What about Tholby in 1300? How many seats?", False),
        (QUESTION, False),
    ],
)
def test_only_the_same_question_is_taken(said, taken):
    worded = reword(SAMPLE, saying(said))
    assert (worded.question != QUESTION) is taken
    assert worded.question == (said.strip('"') if taken else QUESTION)
    assert worded.answers == SAMPLE.answers


def test_a_premise_is_kept():
    sample = Sample("a", "a", "false-premise", "Why was it founded in 1184?", premise="1184")
    other = saying("Why was the League founded then?")
    assert reword(sample, other) == sample
