"""What a question asserts wrongly, and where documents disagree, is said; nothing else is."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.ask import AskOptions, Assistant
from ragkit.encoders import HashingEncoder
from ragkit.index import LocalIndex
from ragkit.llms import ScriptedLLM
from ragkit.overview import find_disagreement
from ragkit.overview.disagreement import Statement
from ragkit.overview.values import find_values
from tests.small_project import TINY_MODELS, run_process, write_project

HERE = Path(__file__).parent
SAMPLES = [
    item
    for path in sorted((HERE.parents[1] / "evals").glob("course*/samples.jsonl"))
    for item in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    if item["kind"] == "answerable"
]
PREMISES = [json.loads(line) for line in (HERE / "premises.jsonl").read_text().splitlines()]


def assistant_of(index):
    encoder = HashingEncoder()
    return Assistant(index, encoder, load_llm=lambda: ScriptedLLM("abstain"))


FOUND = [item for item in PREMISES if "needs" not in item]


@pytest.mark.parametrize("item", FOUND, ids=lambda item: item["swapped"])
def test_a_wrong_premise_is_answered_with_what_the_documents_say(course, item):
    answer = assistant_of(course).ask(item["swapped"], AskOptions())
    assert "say otherwise" in answer.notice
    assert item["instead"] in answer.text


@pytest.mark.parametrize("item", PREMISES, ids=lambda item: item["right"])
def test_a_right_premise_is_let_through(course, item):
    assert assistant_of(course).ask(item["right"], AskOptions()).notice == ""


@pytest.mark.parametrize("item", SAMPLES, ids=lambda item: item["id"])
def test_no_answerable_question_of_a_suite_is_objected_to(course, item):
    assert assistant_of(course).ask(item["question"], AskOptions()).notice == ""


# --- documents that disagree ---------------------------------------------------------------------


def disagree(question, *texts):
    """Return whether sentences of as many documents disagree on what is asked."""
    statements = [Statement(text, "", f"{place}.md") for place, text in enumerate(texts)]
    return find_disagreement(question, statements) is not None


@pytest.mark.parametrize(
    ("question", "one", "two"),
    [
        ("When is homework due?", "Homework is due on Friday.", "Homework is due on Monday."),
        ("When is the exam?", "The exam is on 14 January 2026.", "Exam: 21 January 2026, room 3"),
        ("When is the exam?", "The examination takes place on 3 May.", "Exam on 4 May 2026."),
        ("At what time does the lab begin?", "The lab begins at 14:15.", "Labs begin at 2 pm."),
        ("In which room is the lab?", "The lab is in room B 2.14.", "The lab is in room C 0.07."),
        ("How many grace days are there?", "There are two grace days.", "You have 3 grace days."),
        (
            "How many layers does the base model have?",
            "The base model has 6 layers.",
            "The base model has twelve layers.",
        ),
    ],
)
def test_documents_that_disagree(question, one, two):
    assert disagree(question, one, two)
    assert disagree(question, two, one)
    assert not disagree(question, one, one)


@pytest.mark.parametrize(
    ("question", "one", "two"),
    [
        # the same in other writing
        ("When is the exam?", "The exam is on 14 January 2026.", "Exam: Wed 14 January, 09:00"),
        ("How many layers are there?", "There are six layers.", "There are 6 layers."),
        ("At what time does the lab begin?", "The lab begins at 14:15.", "Labs begin at 2:15 pm."),
        # another thing
        ("When is the exam?", "The oral exam is on 3 May.", "The written exam is on 4 May."),
        ("When is the exam?", "The exam is on 14 January.", "The project is due on 3 December."),
        ("When is homework due?", "Homework 1 is due on 3 May.", "Homework 2 is due on 9 May."),
        (
            "How many layers are there?",
            "The encoder of the small model has six layers.",
            "The decoder of the large one has 12 layers.",
        ),
        ("How many layers are there?", "There are six layers.", "Layers have 8 heads."),
        # nothing of the kind is asked
        ("Why is the exam hard?", "The exam is on 14 January.", "The exam is on 15 January."),
    ],
)
def test_documents_that_do_not_disagree(question, one, two):
    assert not disagree(question, one, two)


def test_one_document_may_say_several_things():
    said = [Statement(f"Homework is due on {day}.", "", "a.md") for day in ("Monday", "Friday")]
    assert find_disagreement("When is homework due?", said) is None


def test_both_are_shown_and_the_newer_is_named(tmp_path):
    documents = {
        "2025-09-01-plan.md": "# Plan\n\nThe project presentation takes 10 minutes.\n",
        "2025-10-15-news.md": "# News\n\nThe project presentation takes 15 minutes.\n",
    }
    project = write_project(tmp_path / "project", documents)
    assert run_process(project, "ingest", variables=TINY_MODELS).code == 0
    with LocalIndex(project / "indexes/default") as index:
        answer = assistant_of(index).ask(
            "How many minutes does the project presentation take?", AskOptions()
        )
    assert answer.notice == (
        "Your documents disagree (the newer one, of 2025-10-15, is 2025-10-15-news.md):"
    )
    assert {sentence.text for sentence in answer.sentences} == {
        "The project presentation takes 10 minutes.",
        "The project presentation takes 15 minutes.",
    }
    assert len(answer.sources) == 2
    assert answer.mode == "quoted"


@given(st.text(max_size=200))
def test_values_lie_where_they_say(text):
    for value in find_values(text):
        assert text[value.start : value.end] == value.text


@given(st.lists(st.text(max_size=60), max_size=4), st.text(max_size=60))
def test_any_statements_may_be_compared(texts, question):
    disagree(f"how many {question}", *texts)
