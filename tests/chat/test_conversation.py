"""Questions one after another to a project, from Python."""

import shutil

import pytest

import ragkit
from ragkit.chat.by_model import keeps_the_words, rewrite_by_model, rewriting_messages
from tests.chat.said import turn_of
from tests.small_project import ANSWER, QUESTION, write_project

TINY = {"encoder": "hashing", "model": "scripted:copy-first-source"}


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = write_project(tmp_path_factory.mktemp("template") / "my-course")
    with ragkit.open_project(folder, **TINY) as course:
        course.ingest()
    return folder


@pytest.fixture
def course(template, tmp_path):
    folder = shutil.copytree(template, tmp_path / "my-course")
    with ragkit.open_project(folder, **TINY) as course:
        yield course


def test_a_follow_up_is_answered_as_what_it_means(course):
    chat = ragkit.Conversation(course)
    assert chat.ask(QUESTION).text.startswith(ANSWER)
    answer = chat.ask("And for BERT?")
    assert answer.question == "What dropout rate did BERT use?"
    assert [turn.asked for turn in chat.turns] == [QUESTION, "And for BERT?"]
    assert chat.turns[1].question == answer.question


def test_a_stream_says_first_what_was_understood(course):
    chat = ragkit.Conversation(course)
    understood, *_, answer = chat.stream(QUESTION)
    assert (understood, answer.mode) == (ragkit.Understood(QUESTION), "generated")
    understood, *_, answer = chat.stream("Who wrote it?")
    assert understood == ragkit.Understood("Who wrote the original Transformer?")
    assert answer.question == understood.question
    assert len(chat.turns) == 2


def test_what_is_not_heard_to_its_end_is_not_remembered(course):
    chat = ragkit.Conversation(course)
    events = chat.stream(QUESTION)
    next(events)
    events.close()
    assert chat.turns == ()
    assert chat.understand("Who wrote it?") == "Who wrote it?"


def test_forgetting(course):
    chat = ragkit.Conversation(course)
    chat.ask(QUESTION)
    chat.clear()
    assert chat.understand("Who wrote it?") == "Who wrote it?"


def test_follow_ups_can_be_left_alone(course):
    chat = ragkit.Conversation(course, rewriting="off")
    chat.ask(QUESTION)
    assert chat.understand("Who wrote it?") == "Who wrote it?"


def test_only_some_documents(course):
    chat = ragkit.Conversation(course, within=ragkit.DocumentFilter(under=("week1",)))
    answer = chat.ask("When is homework due?")
    assert {source.hit.chunk.document for source in answer.sources} == {"week1/syllabus.txt"}


# --- by a model -----------------------------------------------------------------------------------

LAST = turn_of("What is mean pooling?", "Mean pooling averages the token embeddings.")
RULES = "Who invented mean pooling?"


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("Who invented mean pooling?", "Who invented mean pooling?"),
        ('"Who invented pooling of embeddings?"\nSure!', "Who invented pooling of embeddings?"),
        ("Who invented it?", None),  # says no more than the follow-up
        ("Who discovered mean pooling?", None),  # loses a word of the user's
        ("Who invented mean pooling in Geneva?", None),  # invents one
        ("Mean pooling averages the token embeddings.", None),  # answers
        ("Who invented it, mean pooling?", None),  # still open
        ("", None),
        ("Who invented mean pooling? " * 9, None),
    ],
)
def test_a_wording_is_taken_only_where_it_keeps_the_words(said, taken):
    found = rewrite_by_model(
        "who invented it?", [LAST], by_rules=RULES, complete=lambda messages: said
    )
    assert found == taken


def test_a_model_sees_what_was_said():
    text = rewriting_messages("who invented it?", [LAST])[-1].content
    assert text.index("What is mean pooling?") < text.index("averages the token")
    assert text.endswith("Follow-up question: who invented it?")


def test_where_a_model_loses_words_the_rules_stand(course):
    """This one says the whole conversation again."""
    course.use(model="scripted:echo")
    chat = ragkit.Conversation(course, rewriting="model")
    chat.ask(QUESTION)
    assert chat.understand("Who wrote it?") == "Who wrote the original Transformer?"


def test_a_context_window_without_room_for_history_is_no_error(course):
    chat = ragkit.Conversation(course, rewriting="model")
    chat.ask(QUESTION)
    course.use(context_window=128, max_new_tokens=100)
    assert chat.understand("Who wrote it?") == "Who wrote the original Transformer?"


@pytest.mark.model
def test_the_bundled_model_never_loses_the_topic(course):
    """It is too small to word a question: whatever it writes is checked, or the rules stand."""
    course.use(model="smollm2-135m-instruct")
    chat = ragkit.Conversation(course, rewriting="model")
    chat.ask(QUESTION, options=ragkit.AskOptions(min_sufficiency=1.0))  # asks no model
    found = chat.understand("who wrote it?")
    assert keeps_the_words(
        found,
        "who wrote it?",
        by_rules="Who wrote the original Transformer?",
        known=f"{QUESTION} {ANSWER}",
    )
