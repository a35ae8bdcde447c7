"""`ragkit eval list`: the suites that can be named, whole and broken."""

import json


def write_suite(project, name, *rows):
    folder = project / "evals" / name
    folder.mkdir(parents=True)
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
