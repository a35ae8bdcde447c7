"""The tool that asks the questions of suites: a tiny project, and rules in place of a model."""

import json
import sys
from importlib import import_module
from pathlib import Path

import pytest

from ragkit.documents import read_document
from tests.small_project import QUESTION, UNANSWERABLE, write_project

TOOLS = Path(__file__).parents[2] / "evals" / "tools"
NAMES = ("score_answers", "answer_modes", "answer_tables", "judging", "spans")
GOLD = "The original Transformer used a dropout rate of 0.1."
ITEMS = [
    {
        "id": "t1",
        "kind": "answerable",
        "question": QUESTION,
        "answers": ["0.1"],
        "gold": [{"document": "notes.md", "quote": GOLD}],
    },
    {"id": "t2", "kind": "unanswerable-far", "question": UNANSWERABLE, "answers": [], "gold": []},
    {
        "id": "t3",
        "kind": "false-premise",
        "question": "Why did the original Transformer use no dropout rate?",
        "answers": [],
        "gold": [{"document": "notes.md", "quote": GOLD}],
    },
]


@pytest.fixture
def tools(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOLS))
    yield {name: import_module(name) for name in NAMES}
    for name in NAMES:
        sys.modules.pop(name, None)


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("RAGKIT_ENCODER", "hashing")
    folder = write_project(tmp_path)
    text = read_document(folder / "corpus" / "notes.md", name="notes.md").text
    suite = folder / "evals" / "tiny"
    suite.mkdir(parents=True)
    place = {"start": text.index(GOLD), "end": text.index(GOLD) + len(GOLD)}
    lines = [{**item, "gold": [{**gold, **place} for gold in item["gold"]]} for item in ITEMS]
    (suite / "samples.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


@pytest.fixture
def score(tools, project, monkeypatch, capsys):
    def run(model, *more):
        monkeypatch.setenv("RAGKIT_MODEL", f"scripted:{model}")
        monkeypatch.chdir(project)
        given = ["--suite", "evals/tiny", "--corpus", "corpus", *more]
        monkeypatch.setattr(sys, "argv", ["score_answers.py", *given])
        tools["score_answers"].main()
        lines = (project / "evals" / "runs" / "answers.jsonl").read_text().splitlines()
        outcomes = [json.loads(line) for line in lines[1:]]
        return {(o["id"], o["mode"]): o for o in outcomes}, capsys.readouterr().out

    return run


def test_what_a_model_invents_is_shown_raw_and_naively_only(score):
    outcomes, out = score("invent")
    assert set(outcomes) == {
        (item["id"], mode)
        for item in ITEMS
        for mode in ("default", "strict", "raw", "quote-only", "naive")
    }
    for mode in ("default", "strict", "quote-only"):
        assert outcomes["t1", mode]["by"] == "quoted"
        assert outcomes["t1", mode]["answered"]
        assert outcomes["t1", mode]["covered"]
        assert outcomes["t1", mode]["unbacked"] == 0
        assert outcomes["t2", mode]["abstained"]
    for mode in ("raw", "naive"):
        assert "Geneva" in outcomes["t1", mode]["shown"]
        assert not outcomes["t1", mode]["answered"]
        assert outcomes["t1", mode]["unbacked"] == outcomes["t1", mode]["sentences"] == 1
        assert not outcomes["t2", mode]["abstained"]
    assert outcomes["t1", "default"]["selected"]
    assert outcomes["t2", "default"]["answered"] is outcomes["t2", "default"]["covered"] is None
    assert outcomes["t1", "quote-only"]["prompt_tokens"] is None
    assert "3 questions, 1 answerable, 1 false-premise, 1 unanswerable-far" in out


def test_a_model_that_declines_is_counted_as_abstaining(score):
    outcomes, out = score("abstain")
    assert outcomes["t1", "raw"]["abstained"]
    assert outcomes["t1", "naive"]["abstained"]
    assert not outcomes["t1", "quote-only"]["abstained"]
    row = next(line.split("  ") for line in out.splitlines() if line.startswith("naive"))
    assert [cell.strip() for cell in row if cell][1] == ".00 [.00, .79]"


def test_an_interrupted_run_goes_on(score, project):
    whole, _ = score("copy-first-source")
    out = project / "evals" / "runs" / "answers.jsonl"
    lines = out.read_text().splitlines(keepends=True)
    out.write_text("".join(lines[:4]) + lines[4][:20])  # killed while it wrote
    kept = [json.loads(line)["seconds"] for line in lines[1:4]]
    again, _ = score("copy-first-source")
    assert [outcome["seconds"] for outcome in list(again.values())[:3]] == kept
    assert len(again) == len(out.read_text().splitlines()) - 1 == len(whole)
    assert {key: o["shown"] for key, o in again.items()} == {
        key: o["shown"] for key, o in whole.items()
    }


def test_only_the_modes_that_are_wanted_are_asked(score):
    outcomes, out = score("abstain", "--mode", "quote-only", "--mode", "default")
    assert {mode for _, mode in outcomes} == {"quote-only", "default"}
    assert "naive" not in out


def test_outcomes_of_another_model_are_not_mixed_in(score):
    score("invent")
    with pytest.raises(SystemExit, match="another run \\(model\\)"):
        score("abstain")
    outcomes, _ = score("abstain", "--anew", "--limit", "1")
    assert {item for item, _ in outcomes} == {"t1"}


def outcome(tools, kind, **values):
    fields = {
        "suite": "s", "id": "1", "kind": kind, "mode": "default", "strategy": "zero-shot",
        "question": "?", "wanted": [], "shown": "", "quotes": [], "by": "quoted", "answered": None,
        "covered": None, "selected": None, "abstained": False, "sentences": 2, "unbacked": 0,
        "marked": 0, "seconds": 1.0, "prompt_tokens": None, "completion_tokens": None,
        "sufficiency": None,
    }  # fmt: skip
    return tools["answer_tables"].Outcome(**{**fields, **values})


def test_columns_count_what_they_say(tools):
    outcomes = [
        outcome(tools, "answerable", answered=True, covered=False),
        outcome(tools, "answerable", answered=False, covered=True, unbacked=1),
        outcome(tools, "answerable", covered=True, seconds=3.0),
        outcome(tools, "answerable", answered=False, abstained=True, sentences=0),
        outcome(tools, "unanswerable-near", abstained=True, sentences=0),
        outcome(tools, "unanswerable-far", by="generated", prompt_tokens=10, completion_tokens=4),
        outcome(tools, "false-premise", abstained=True, sentences=0),
    ]
    row = tools["answer_tables"].row_of("way", outcomes)
    assert dict(zip(tools["answer_tables"].COLUMNS, row, strict=True)) == {
        "way": "way",
        "right": ".50 [.15, .85]",
        "covered": ".50",
        "wrong": ".25",
        "unbacked": "0.125 of 8",
        "generated": "1/4",
        "precision": ".50",
        "recall": ".50 [.09, .91]",
        "over-refusal": ".25 [.05, .70]",
        "s": "1.00",
        "tokens": "10+4",
    }
    kinds = tools["answer_tables"].count_kinds(outcomes)
    assert tools["answer_tables"].kinds_row("way", outcomes, kinds) == (
        "way", "1/4", "1/1", "0/1", "1/1",
    )  # fmt: skip


def test_a_premise_is_declined_by_what_the_documents_say_instead(tools):
    assert outcome(tools, "false-premise", covered=True).declined
    assert not outcome(tools, "false-premise", covered=False).declined
    assert not outcome(tools, "answerable", covered=True).declined
