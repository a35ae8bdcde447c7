"""`ragkit eval list` and `check`: the suites that can be named, and what is wrong with them."""

import json

from tests.small_project import assert_refused


def write_suite(project, name, *rows):
    folder = project / "evals" / name
    folder.mkdir(parents=True, exist_ok=True)
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / "samples.jsonl").write_text("\n".join(lines), encoding="utf-8")


def test_suites_are_listed(project, ragkit):
    row = {"id": "1", "question": "When is homework due?", "answers": ["Friday"]}
    write_suite(project, "mine", row, {**row, "id": "2", "draft": True})
    write_suite(project, "broken", row, "{")
    done = ragkit("eval", "list", "--json")
    assert done.code == 0
    suites = {suite["name"]: suite for suite in done.form["suites"]}
    assert suites["mine"]["samples"] == {"smoke": 0, "default": 1, "full": 0}
    assert (suites["mine"]["drafts"], suites["mine"]["built_in"]) == (1, False)
    assert "samples.jsonl:2 is no JSON" in suites["broken"]["error"]
    shown = ragkit("eval", "list").out
    assert "0 / 1  hallucination and 3 more  mine (evals/mine, 1 drafts)" in shown
    assert "samples.jsonl:2 is no JSON" in " ".join(shown.split())


QUOTE = "The original Transformer used a dropout rate of 0.1."


def sample(**fields):
    gold = {"document": "notes.md", "start": 0, "end": 10, "quote": QUOTE}
    question = "Which dropout rate did the original Transformer use?"
    return {"id": "a", "question": question, "answers": ["0.1"], "gold": [gold], **fields}


def test_a_suite_is_checked_and_put_right(indexed, ragkit):
    absent = {"question": "Who wrote it?", "kind": "unanswerable-near", "absent": ["pooling"]}
    write_suite(indexed, "mine", sample(), {**absent, "id": "b"})
    done = ragkit("eval", "check", "mine", "--json")
    assert (done.code, done.form["errors"], done.form["samples"]) == (1, 2, 2)
    found = [(one["line"], one["rule"], one["fixable"]) for one in done.form["findings"]]
    assert found == [(1, "quote-moved", True), (2, "absent-found", False)]
    shown = ragkit("eval", "check", "mine")
    assert "line 1 a: notes.md: the quote is not at 0-10 but at" in " ".join(shown.out.split())
    assert shown.out.endswith("put quotes right that have moved, with --fix\n")
    fixed = ragkit("eval", "check", "mine", "--fix", "--json").form
    assert (fixed["mended"], [one["rule"] for one in fixed["findings"]]) == (1, ["absent-found"])
    write_suite(indexed, "good", {**sample(), "gold": []})
    good = ragkit("eval", "check", "good")
    assert (good.code, good.out) == (0, "1 sample: 0 errors, 0 warnings\n")


def test_a_quote_without_a_span_gets_one(indexed, ragkit):
    write_suite(indexed, "mine", sample(gold=[{"document": "notes.md", "quote": QUOTE}]))
    assert ragkit("eval", "check", "mine").code == 1
    done = ragkit("eval", "check", "mine", "--fix")
    assert (done.code, done.out) == (0, "1 sample: 0 errors, 0 warnings; 1 place mended\n")


def test_what_comes_with_ragkit_is_not_mended(project, ragkit):
    done = ragkit("eval", "check", "retrieval", "--fix", "--no-search")
    assert_refused(done, 2, "comes with ragkit", step="without --fix")


def test_evidence_for_what_should_be_absent_is_shown(indexed, ragkit):
    question = "What does attention weigh every token by?"
    absent = {"question": question, "kind": "unanswerable-near", "absent": ["zebra"]}
    write_suite(indexed, "mine", absent)
    found = ragkit("eval", "check", "mine", "--json").form["findings"]
    assert [one["rule"] for one in found] == ["answerable"]
    assert "relevance to the query" in found[0]["message"]
    assert ragkit("eval", "check", "mine", "--no-search", "--json").form["findings"] == []
