"""The question sets: every gold quote stands where it says, every id once."""

import json
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from ragkit.documents import read_document
from ragkit.evaluation.scoring import holds_answer

REPOSITORY = Path(__file__).parents[2]
SUITES = sorted(
    path
    for path in (REPOSITORY / "evals").glob("*/suite.toml")
    if "corpus" not in tomllib.loads(path.read_text(encoding="utf-8"))
)
"""Those over the documents of this repository; test_fixture.py looks at the others."""
PUBLIC = REPOSITORY / "evals" / "public" / "cs231n-d2l"
ANSWERABLE_LEAST, UNANSWERABLE_LEAST = 30, 10


@cache
def document(name):
    return read_document(REPOSITORY / "corpus" / name, name=name)


def samples_of(suite):
    table = tomllib.loads(suite.read_text(encoding="utf-8"))
    lines = (suite.parent / table["samples"]).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def suites(function):
    return pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.parent.name)(function)


@suites
def test_gold_stands_where_it_says(suite):
    for item in samples_of(suite):
        for gold in item["gold"]:
            found = document(gold["document"])
            assert found.text[gold["start"] : gold["end"]] == gold["quote"], item["id"]
            if gold["page"] is not None:
                page = found.pages[gold["page"] - 1]
                assert page.start <= gold["start"] <= page.end, item["id"]


@suites
def test_items_are_well_formed(suite):
    items = samples_of(suite)
    ids = [item["id"] for item in items]
    assert len(set(ids)) == len(ids)
    answerable = [item for item in items if item["kind"] == "answerable"]
    assert len(answerable) >= ANSWERABLE_LEAST
    assert len(items) - len(answerable) >= UNANSWERABLE_LEAST
    for item in items:
        assert item["question"].strip().endswith(("?", ".")), item["id"]
        assert bool(item["answers"]) == (item["kind"] == "answerable"), item["id"]
        assert bool(item["gold"]) == (item["kind"] in ("answerable", "false-premise")), item["id"]


def test_there_are_suites():
    assert {suite.parent.name for suite in SUITES} >= {"course", "course-natural", "calibration"}


def gold_places(suite):
    return {
        (gold["document"], position)
        for item in samples_of(suite)
        for gold in item["gold"]
        for position in range(gold["start"], gold["end"])
    }


def test_what_is_calibrated_with_is_not_reported():
    calibration = gold_places(REPOSITORY / "evals" / "calibration" / "suite.toml")
    assert calibration
    for name in ("course", "course-natural"):
        assert not calibration & gold_places(REPOSITORY / "evals" / name / "suite.toml"), name


@suites
def test_an_accepted_answer_stands_in_gold(suite):
    for item in samples_of(suite):
        if item["answers"]:
            quotes = [gold["quote"] for gold in item["gold"]]
            assert any(holds_answer(item["answers"], quote) for quote in quotes), item["id"]


def test_no_question_is_asked_twice():
    questions = [item["question"].lower() for suite in SUITES for item in samples_of(suite)]
    assert len(set(questions)) == len(questions)


def test_public_items_hold_no_text_of_the_documents():
    lines = (PUBLIC / "samples.jsonl").read_text(encoding="utf-8").splitlines()
    items = [json.loads(line) for line in lines]
    assert len({item["id"] for item in items}) == len(items) >= 80
    for item in items:
        answerable = item["kind"] == "answerable"
        assert bool(item["gold"]) == (answerable or item["kind"] == "false-premise"), item["id"]
        assert answerable or not item["answers"], item["id"]
        assert all(len(answer.split()) <= 5 for answer in item["answers"]), item["id"]
        for gold in item["gold"]:
            assert set(gold) == {"document", "start", "end", "words", "sha256"}, item["id"]


def test_a_quote_is_left_out_once_it_is_found(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("# Heat\n\nWater boils at 100 degrees.\n")
    quote = {"document": "a.md", "quote": "boils  at 100 degrees"}
    samples = tmp_path / "samples.jsonl"
    samples.write_text(json.dumps({"id": "1", "gold": [quote]}) + "\n")
    locate_gold(samples, tmp_path / "docs", "--hash")
    hashed = samples.read_text()
    assert "boils" not in hashed
    [gold] = json.loads(hashed)["gold"]
    assert gold["words"] == 4
    assert gold["end"] - gold["start"] == len("boils at 100 degrees")
    locate_gold(samples, tmp_path / "docs", "--hash")
    assert samples.read_text() == hashed


def locate_gold(*arguments):
    tool = REPOSITORY / "evals" / "tools" / "locate_gold.py"
    subprocess.run([sys.executable, tool, *arguments], check=True)
