"""`ragkit eval make`: drafts over one's own documents, which a person goes through."""

import io
import json
import shutil
import sys

import pytest

from tests.small_project import COURSE, assert_refused

LECTURE = {
    "lecture.md": (
        "# The League\n\nThe council of the League had 40 seats.\n\n"
        "The knot ledgers were deciphered in 1908 by Celestine Vauquer.\n\n"
        "The tank was rinsed with vinegar because the water leaves chalk.\n\n"
        "It was small.\n"
    )
}


@pytest.fixture
def course(project, template_of):
    """A project with an index of a lecture that holds plain sentences."""
    documents = tuple({**COURSE, **LECTURE}.items())
    shutil.copytree(template_of(documents), project, dirs_exist_ok=True)
    return project


def rows_of(project, name="mine"):
    text = (project / "evals" / name / "samples.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_drafts_are_made_and_not_run_before_they_are_accepted(course, ragkit):
    done = ragkit("eval", "make", "mine", "--n", "8")
    assert done.code == 0
    assert "How many seats did the council of the League have?  40" in done.out
    assert "ragkit eval make evals/mine --review" in done.out
    rows = rows_of(course)
    assert all(row["draft"] for row in rows)
    assert {row["kind"] for row in rows} >= {"answerable", "false-premise", "unanswerable-far"}
    assert (course / "evals/mine/README.md").is_file()
    checked = ragkit("eval", "check", "mine", "--no-search", "--json")
    assert {one["rule"] for one in checked.form["findings"]} == {"draft"}
    assert_refused(ragkit("eval", "run", "mine"), 2, "are drafts", step="--review")


def test_more_are_added_to_those_that_there_are(course, ragkit):
    first = ragkit("eval", "make", "mine", "--n", "2", "--kinds", "answerable", "--json").form
    assert (first["asked"], len(first["drafts"])) == (2, 2)
    again = ragkit("eval", "make", "mine", "--kinds", "answerable", "--json").form
    assert not {d["id"] for d in again["drafts"]} & {d["id"] for d in first["drafts"]}
    assert rows_of(course) == [*first["drafts"], *again["drafts"]]
    none = ragkit("eval", "make", "mine", "--kinds", "answerable")
    assert_refused(none, 1 + 1, "that is not there already", step="write questions by hand")


def test_drafts_are_gone_through(course, ragkit, monkeypatch):
    ragkit("eval", "make", "mine", "--n", "8")
    waiting = rows_of(course)
    keys = "x\na\nr\ne\nWho could read the cords?\nVauquer | C. Vauquer\ns\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(keys))
    done = ragkit("eval", "make", "mine", "--review")
    assert done.code == 0
    assert f"2 accepted, 1 rejected, {len(waiting) - 3} left" in done.out
    rows = {row["id"]: row for row in rows_of(course)}
    assert waiting[1]["id"] not in rows
    assert "draft" not in rows[waiting[0]["id"]]
    edited = rows[waiting[2]["id"]]
    assert edited["question"] == "Who could read the cords?"
    assert edited["answers"] == ["Vauquer", "C. Vauquer"]
    assert sum(row.get("draft", False) for row in rows.values()) == len(waiting) - 3


def test_nothing_waits_when_all_are_gone_through(course, ragkit, monkeypatch):
    ragkit("eval", "make", "mine", "--n", "1", "--kinds", "answerable")
    monkeypatch.setattr(sys, "stdin", io.StringIO("a\n"))
    ragkit("eval", "make", "mine", "--review")
    assert ragkit("eval", "make", "mine", "--review").out == "no drafts are waiting\n"


def test_what_a_model_words_badly_stays_as_the_rule_words_it(course, ragkit):
    plain = ragkit("eval", "make", "a", "--kinds", "answerable", "--json").form
    worded = ragkit("eval", "make", "b", "--kinds", "answerable", "--word-by-model", "--json").form
    assert worded["drafts"] == plain["drafts"]  # the scripted model copies a source, which is none


def test_what_cannot_be_drafted_is_told(course, ragkit):
    assert_refused(ragkit("eval", "make", "mine", "--kinds", "noisy"), 2, "unknown kind to draft")
    assert_refused(ragkit("eval", "make", "retrieval"), 2, "comes with ragkit", step="mine")
    assert not (course / "evals" / "mine").exists()
