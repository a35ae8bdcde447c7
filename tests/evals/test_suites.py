"""The question sets over corpus/: every gold quote stands where it says, every id once."""

import json
import tomllib
from functools import cache
from pathlib import Path

import pytest

from ragkit.documents import read_document

REPOSITORY = Path(__file__).parents[2]
SUITES = sorted((REPOSITORY / "evals").glob("*/suite.toml"))
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


def test_no_question_is_asked_twice():
    questions = [item["question"].lower() for suite in SUITES for item in samples_of(suite)]
    assert len(set(questions)) == len(questions)
