"""Searching and asking among some documents, and what is said where there are none."""

import shutil

import pytest

from tests.small_project import (
    ANSWER,
    QUESTION,
    UNANSWERABLE,
    assert_refused,
)

COURSE = {
    "notes.md": f"# Dropout\n\n{ANSWER}\n",
    "week1/2026-10-05_lecture1.md": "# Attention\n\nAttention weighs every token of a query.\n",
    "week2/2026-10-12_lecture2.md": "# Decoding\n\nBeam search weighs whole sequences of tokens.\n",
    "week10/slides.html": "<h1>Exam</h1><p>The exam weighs everything of the course.</p>",
}


@pytest.fixture
def course(project, template_of):
    shutil.rmtree(project / "corpus")
    shutil.copytree(template_of(tuple(COURSE.items())), project, dirs_exist_ok=True)
    return project


def found(done):
    assert done.code == 0, done.err
    return {hit["document"].partition("/")[0] for hit in done.form["hits"]}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], {"notes.md", "week1", "week2", "week10"}),
        (["--document", "notes.md"], {"notes.md"}),
        (["--document", "week10/slides.html"], {"week10"}),
        (["--document", "slides.html", "--document", "notes.md"], {"week10", "notes.md"}),
        (["--document", "corpus/notes.md"], {"notes.md"}),  # as a shell completes it
        (["--document", "./corpus/week10/slides.html"], {"week10"}),
        (["--under", "week1"], {"week1"}),
        (["--under", "corpus/week1/"], {"week1"}),
        (["--under", "corpus"], {"notes.md", "week1", "week2", "week10"}),
        (["--format", "html"], {"week10"}),
        (["--format", "HTML", "--format", ".md"], {"notes.md", "week1", "week2", "week10"}),
        (["--where", "week=2"], {"week2"}),
        (["--where", "week=2..10"], {"week2", "week10"}),
        (["--where", "week=2.."], {"week2", "week10"}),
        (["--where", "week = ..2"], {"week1", "week2"}),
        (["--where", "lecture=1"], {"week1"}),
        (["--where", "date=2026-10-12"], {"week2"}),
        (["--where", "date=2026-10"], {"week1", "week2"}),
        (["--where", "date=2026"], {"week1", "week2"}),
        (["--where", "date=2026-11"], None),
        (["--where", "date=2026-10..2026-10"], {"week1", "week2"}),
        (["--where", "date=2026-10-06.."], {"week2"}),
        (["--where", "date=..2026"], {"week1", "week2"}),
        (["--where", "date=2027.."], None),
        (["--where", "week=1", "--where", "week=10"], {"week1", "week10"}),
        (["--where", "week=1..2", "--format", "md", "--under", "week2"], {"week2"}),
    ],
)
def test_a_search_among_some_documents(course, ragkit, options, expected):
    done = ragkit("search", "weighs", *options, "--top-n", "9", "--json")
    if expected is None:
        assert (done.code, done.out) == (1, "")
    else:
        assert found(done) == expected


def test_the_filter_is_told(course, ragkit):
    options = ["--under", "corpus/week1", "--format", "md", "--where", "week=1"]
    expected = {"documents": [], "under": ["week1"], "formats": ["md"], "where": ["week=1"]}
    assert ragkit("search", "tokens", *options, "--json").form["filter"] == expected
    assert ragkit("ask", "What weighs tokens?", *options, "--json").form["filter"] == expected
    assert ragkit("search", "tokens", "--json").form["filter"] is None
    assert ragkit("ask", QUESTION, "--json").form["filter"] is None


def test_an_answer_from_some_documents(course, ragkit):
    assert ragkit("ask", QUESTION, "--json").form["sources"][0]["document"] == "notes.md"
    done = ragkit("ask", QUESTION, "--under", "week2", "--json")
    assert done.code == 3
    assert {source["document"] for source in done.form["sources"]} == {
        path for path in COURSE if path.startswith("week2")
    }


def test_a_batch_asks_the_same_documents(course, ragkit):
    (course / "questions.txt").write_text(f"{QUESTION}\n{UNANSWERABLE}\n")
    done = ragkit("ask", "--batch", "questions.txt", "--under", "week2")
    assert [form["abstained"] for form in done.forms] == [True, True]


def test_the_prompt_that_some_documents_make(course, ragkit):
    text = ragkit("prompt", "show", "What weighs?", "--under", "week10", "--json").form["text"]
    assert "The exam weighs everything" in text
    assert "Beam search" not in text


@pytest.mark.parametrize(
    ("options", "message", "step"),
    [
        (["--document", "lecture2"], "no document 'lecture2'", "week2/2026-10-12_lecture2.md"),
        (["--document", "note.md"], "no document 'note.md'", "did you mean notes.md?"),
        (["--document", "zzz"], "no document 'zzz'", "ragkit index info --documents"),
        (["--document", "notes.md", "--document", "zzz"], "no document 'zzz'", "ragkit index info"),
        (["--document", ""], "no document ''", "ragkit index info"),
        (["--under", "week3"], "lies under 'week3'", "there is: week1, week10, week2"),
        (["--under", "notes.md"], "lies under 'notes.md'", "there is: week1"),
        (["--format", "pdf"], "has the format 'pdf'", "there is: html, md"),
        (["--where", "weak=1"], "says its 'weak'", "date, kind, language, lecture, week"),
        (["--where", "week=3"], "has week '3'", "there is: 1, 2, 10"),
        (["--where", "week=3..9"], "has week '3..9'", "there is: 1, 2, 10"),
        (["--where", "week=1", "--format", "html"], "all these conditions", "leave one out"),
    ],
)
@pytest.mark.parametrize("command", [("search",), ("ask",), ("prompt", "show")], ids=" ".join)
def test_no_document_is_meant(course, ragkit, command, options, message, step):
    assert_refused(ragkit(*command, "weighs", *options), 1, message, step=step)


@pytest.mark.parametrize("condition", ["week", "=3", "week=", ""])
def test_no_condition(course, ragkit, condition):
    done = ragkit("search", "weighs", "--where", condition)
    assert_refused(done, 2, "is not KEY=VALUE, such as week=3", step="--help")


def test_a_name_that_is_not_valid_text(course, ragkit):
    done = ragkit("search", "weighs", "--document", "notes\udcff.md")
    assert_refused(done, 2, "not valid UTF-8")
