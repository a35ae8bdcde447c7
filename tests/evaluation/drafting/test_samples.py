"""Drafts read as questions, are right by the check of suites, and are the same each time."""

from collections import Counter
from pathlib import Path

import pytest

from ragkit.documents import find_documents, read_document
from ragkit.errors import UsageError
from ragkit.evaluation.checking import Shelf, check_rows
from ragkit.evaluation.drafting import SHARES, draft_samples
from ragkit.evaluation.drafting.questions import question_of_entry, question_of_row, questions_of
from ragkit.evaluation.suites import fixture_folder, form_of_sample


@pytest.fixture(scope="module")
def shelf():
    files = find_documents(fixture_folder() / "corpus").files
    return Shelf(read_document(Path(file.path), name=file.name) for file in files)


@pytest.fixture(scope="module")
def drafts(shelf):
    return draft_samples(shelf, n=40)


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        ("The tank was emptied in 1931.", "In which year was the tank emptied?", "1931"),
        ("The exam is on Friday 12 June 2026.", "On which date is the exam?", "12 June 2026"),
        ("The exam is held in room C 0.11.", "In which room is the exam held?", "C 0.11"),
        ("The layer of cold water is called the noll.",
         "What is the layer of cold water called?", "noll"),
        ("The head lecturer of the course is Ada Quill.",
         "Who is the head lecturer of the course?", "Ada Quill"),
        ("The tunnel of the line is 840 metres long.",
         "How long is the tunnel of the line?", "840 metres"),
        ("The coin was divided into 42 pennings.",
         "Into how many pennings was the coin divided?", "42"),
        ("The council had 40 seats.", "How many seats did the council have?", "40"),
        ("Students may miss 2 sessions.", "How many sessions may students miss?", "2"),
        ("Ada Quill [3] invented the Drummel brake.", "Who invented the Drummel brake?",
         "Ada Quill"),
        ("The cords were read by Ada Quill, a teacher.", "By whom were the cords read?",
         "Ada Quill"),
        ("The tank is rinsed in March because the water leaves chalk.",
         "Why is the tank rinsed in March?", "the water leaves chalk"),
        ("Perplexity measures how well a model predicts a text.",
         "What measures how well a model predicts a text?", "perplexity"),
    ],
)  # fmt: skip
def test_a_plain_sentence_makes_a_question(sentence, question, answer):
    words = ("students", "perplexity")
    found = {asked.question: asked.answer for asked in questions_of(sentence, words)}
    assert found == {question: answer}


@pytest.mark.parametrize(
    "sentence",
    [
        "It was founded in 1171.",
        "This lake has 3 islands.",
        "The longest has four tokens.",
        "In 1171 the League was founded.",
        "The League, which was founded in 1171, had 40 seats.",
        "What was founded in 1171?",
        "GPT-3 showed that prompts suffice.",
        "The following table has 3 rows.",
        "the end of a sentence had 3 words.",
        "Further south the land was ruled by Ada Quill.",
        "The fort was burned and taken in 1560.",
        "Men were led to the fort and then held there by Ada Quill.",
    ],
)
def test_what_is_not_plain_makes_none(sentence):
    assert list(questions_of(sentence)) == []


def test_cells_and_entries_make_questions():
    row = "Part: Brake blocks; Trips: 900; Changed after: 12 days; Tool: key number 4"
    found = {asked.question: asked.answer for asked in question_of_row(row)}
    assert found == {
        "How many trips does Brake blocks have?": "900",
        "Which tool is given for Brake blocks?": "key number 4",
    }
    assert list(question_of_row("Open from: Monday; to Friday; 9:00")) == []
    assert question_of_entry("Calibration error. Predictions are sorted into some bins.") is None
    asked = question_of_entry("Causal mask. The device that hides later positions, say.")
    assert asked.question == "Which term means the device that hides later positions?"
    assert asked.answer == "Causal mask"


def test_drafts_are_of_all_kinds_and_marked(drafts):
    counts = Counter(sample.kind for sample in drafts)
    assert set(counts) == set(SHARES)
    assert len(drafts) == 40
    assert counts["answerable"] >= 22
    assert all(sample.draft for sample in drafts)
    assert len({sample.id for sample in drafts}) == 40
    assert len({place.document for sample in drafts for place in sample.gold}) >= 6
    assert sum(sample.twin is not None for sample in drafts) >= 10
    bases = {sample.base_id for sample in drafts if sample.kind == "answerable"}
    assert {s.base_id for s in drafts if s.kind == "false-premise"} & bases


def test_the_check_of_suites_finds_no_fault_in_drafts(drafts, shelf):
    rows = [(f"s:{line}", form_of_sample(sample)) for line, sample in enumerate(drafts, 1)]
    assert {one.rule for one in check_rows(rows, shelf)} == {"draft"}


def test_the_same_seed_draws_the_same(drafts, shelf):
    assert draft_samples(shelf, n=40) == drafts
    assert draft_samples(shelf, n=40, seed=1) != drafts


def test_what_is_known_is_not_drafted_again(drafts, shelf):
    known = {sample.question for sample in drafts}
    more = draft_samples(shelf, n=200, known=known)
    assert more
    assert not known & {sample.question for sample in more}


def test_only_some_kinds_are_drafted(shelf):
    far = draft_samples(shelf, n=5, kinds=("unanswerable-far",))
    assert [sample.kind for sample in far] == ["unanswerable-far"] * len(far)
    assert far
    with pytest.raises(UsageError, match="unknown kind to draft 'noisy'; known: answerable"):
        draft_samples(shelf, n=5, kinds=("noisy",))


def test_documents_that_say_nothing_plain_are_told(tmp_path):
    (tmp_path / "a.md").write_text("ok, so: see above!\n")
    shelf = Shelf([read_document(tmp_path / "a.md", name="a.md")])
    with pytest.raises(UsageError, match="no sentence of the documents"):
        draft_samples(shelf, n=5, kinds=("answerable",))
