"""Questions about a whole are recognised in many phrasings, and ordinary ones are let through."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.encoders import HashingEncoder
from ragkit.index import LocalIndex
from ragkit.overview import answer_overview, recognise
from ragkit.records import DocumentFilter
from tests.small_project import run_process, write_project

HERE = Path(__file__).parent
ENCODER = HashingEncoder()
PHRASINGS = [json.loads(line) for line in (HERE / "phrasings.jsonl").read_text().splitlines()]
ORDINARY = (HERE / "ordinary.txt").read_text().splitlines()
SAMPLES = [
    json.loads(line)
    for path in sorted((HERE.parents[1] / "evals").glob("**/samples.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]


def ask(course, question, **options):
    return answer_overview(question, index=course, encoder=ENCODER, **options)


@pytest.mark.parametrize("item", PHRASINGS, ids=lambda item: item["question"])
def test_phrasings_are_answered_from_the_whole(course, item):
    answer = ask(course, item["question"])
    assert answer is not None
    assert not answer.abstained
    assert {source.hit.chunk.document for source in answer.sources} >= set(item["cites"])
    text = " ".join(answer.text.split())
    assert all(words in text for words in item["says"]), text


@pytest.mark.parametrize("item", PHRASINGS, ids=lambda item: item["question"])
def test_every_line_stands_where_it_says(course, item):
    answer = ask(course, item["question"])
    sources = {source.id: source for source in answer.sources}
    assert list(sources) == list(range(1, len(sources) + 1))
    for sentence in answer.sentences:
        (number,) = sentence.citations
        chunk = sources[number].hit.chunk
        document = course.document(chunk.document)
        assert document.text[chunk.start : chunk.end] == chunk.text
        assert sentence.text in " ".join(chunk.text.split())
        for piece in sources[number].sentences:
            assert document.text[piece.sentence.start : piece.sentence.end] == piece.sentence.text


@pytest.mark.parametrize("question", ORDINARY)
def test_ordinary_questions_are_let_through(course, question):
    assert ask(course, question) is None


@pytest.mark.parametrize("item", SAMPLES, ids=lambda item: item["id"])
def test_no_question_of_a_suite_is_diverted_without_its_answer(course, item):
    answer = ask(course, item["question"])
    if answer is not None:
        shown = answer.text.lower()
        assert any(accepted.lower() in shown for accepted in item["answers"]), answer.text


@given(st.text(max_size=300))
def test_anything_may_be_asked(question):
    recognise(question)


@given(st.lists(st.sampled_from("what is the lecture week 3 about of list all when due".split())))
def test_words_of_phrasings_in_any_order(words):
    recognise(" ".join(words))


def test_only_documents_that_meet_the_filter_count(course):
    within = DocumentFilter(where=(("week", "4..6"),))
    answer = ask(course, "list the lectures", within=within)
    assert answer.notice == "2 lectures among your documents:"
    assert ask(course, "summarise week 9", within=within).abstained


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("summarise lecture 3", "no document is lecture 3; there is: week 1, week 4"),
        ("what is week 12 about", "Evaluation and society"),
        ("what is week 23 about", "no document is week 23; there is: week 1"),
        ("summarise chapter9.pdf", "no document is chapter9.pdf; there is: assignments/"),
        ("list the exams", "none of your 10 documents is known as one of the exams"),
    ],
)
def test_what_is_not_there_is_said_with_what_there_is(course, question, reason):
    answer = ask(course, question)
    assert reason in f"{answer.reason} {answer.text}"
    assert answer.abstained == (not answer.text)


PATHS = {
    "chapter1/intro.md": "# Welcome\n\nWhat this is about.\n",
    "chapter2/models.md": "# Models\n\nA model turns tokens into vectors.\n",
    "chapter2/tokenizers.md": "# Tokenizers\n\nA tokenizer turns text into tokens.\n",
    "plan/2024.md": "# Plan 2024\n\nThe exam is on 12 January 2025.\n",
    "plan/2025.md": "# Plan 2025\n\nThe exam is on 14 January 2026.\n",
}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A course in folders by chapter, and two plans that say different things."""
    project = write_project(tmp_path_factory.mktemp("book"), PATHS)
    assert run_process(project, "ingest").code == 0
    with LocalIndex(project / "indexes/default") as index:
        yield index


def test_a_chapter_is_what_lies_in_its_folder(book):
    answer = ask(book, "summarise chapter 2")
    assert answer.notice == "Models, Tokenizers, in their own sentences:"
    assert [s.text for s in answer.sentences] == [
        "A model turns tokens into vectors.",
        "A tokenizer turns text into tokens.",
    ]
    assert ask(book, "summarise chapter 7") is None


def test_different_days_of_an_event_are_all_shown(book):
    answer = ask(book, "when is the exam?")
    assert answer.notice == "Your documents give different days or times:"
    assert [s.label for s in answer.sentences] == ["Sun 12 January 2025", "Wed 14 January 2026"]
    only = DocumentFilter(documents=("2025.md",))
    assert ask(book, "when is the exam?", within=only).notice == ""


def test_topics_of_documents_without_lectures(book):
    answer = ask(book, "which documents are there")
    assert answer.notice == "Your 5 documents:"
    assert "none of your 5 documents" in ask(book, "list the lectures").reason
