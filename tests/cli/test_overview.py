"""Questions about a whole on the command line: readable in 80 columns, exact for machines."""

import shutil

import pytest

from tests.cli.test_ask import check_answer

COURSE = {
    "lectures/week1-counting.md": (
        "# Counting words\n\n## Bigrams\n\nA bigram model counts pairs of neighbouring words.\n\n"
        "## Smoothing\n\nSmoothing gives some probability to pairs that were never seen.\n"
    ),
    "lectures/week2-attention.md": (
        "# Attention\n\n## Weights\n\nAttention weighs every token by its relevance.\n\n"
        "## Heads\n\nSeveral heads look for several kinds of relation.\n"
    ),
    "syllabus.md": (
        "# Syllabus\n\n## Deadlines\n\n- Essay: due Friday 3 October 2025, 12:00\n"
        "- Project report: due Monday 1 December 2025\n"
    ),
}


@pytest.fixture
def course(project, template_of):
    """A project of a small course with an index, to stand in."""
    shutil.copytree(template_of(tuple(COURSE.items())), project, dirs_exist_ok=True)
    return project


def test_a_list_on_a_screen(course, ragkit):
    done = ragkit("ask", "list the lectures")
    assert done.code == 0
    assert "2 lectures among your documents:" in done.out
    assert "Week 1  Counting words [1]\n     lectures/week1-counting.md\n" in done.out
    assert "Sources" not in done.out
    assert "no model was asked" in done.out
    assert all(len(line) <= 100 for line in done.out.splitlines())


def test_a_list_for_machines(course, ragkit):
    form = ragkit("ask", "which lectures are there?", "--json").form
    check_answer(form, "quoted")
    assert form["scope"] == "corpus"
    assert form["notice"] == "2 lectures among your documents:"
    assert [(s["label"], s["text"]) for s in form["sentences"]] == [
        ("Week 1", "Counting words"),
        ("Week 2", "Attention"),
    ]
    assert form["answer"].splitlines()[1:] == ["Week 1: Counting words", "Week 2: Attention"]


def test_a_summary_names_its_document_once(course, ragkit):
    done = ragkit("ask", "summarise week 2")
    assert done.out.count("lectures/week2-attention.md") == 1
    assert "Attention, in its own sentences:" in done.out
    assert "Weights\n     “Attention weighs every token by its relevance.” [1]" in done.out


def test_deadlines_in_order(course, ragkit):
    lines = ragkit("ask", "all deadlines").out.splitlines()
    days = [line.strip() for line in lines if line.endswith("2025")]
    assert days == ["Fri 3 October 2025", "Mon 1 December 2025"]


def test_a_lecture_that_is_not_there(course, ragkit):
    done = ragkit("ask", "summarise week 7")
    assert done.code == 3
    assert "Why: no document is week 7; there is: week 1, week 2." in done.out
