"""The passages that were written to train on are well formed, and no suite holds any of them."""

import json
from collections import Counter
from pathlib import Path

import pytest

EVALS = Path(__file__).parents[2] / "evals"
FILES = sorted((EVALS / "training").glob("*.jsonl"))


def passages_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_answers_stands_in_the_text(path):
    for passage in passages_of(path):
        assert set(passage) == {"document", "text", "questions"}
        text = " ".join(passage["text"].split())
        for asked in passage["questions"]:
            assert asked["q"].strip()
            if "span" in asked:
                assert " ".join(asked["span"].split()) in text, asked
                assert set(asked) <= {"q", "span", "answer"}
            else:
                assert asked["none"] in ("attribute", "swap", "premise"), asked
                assert set(asked) == {"q", "none"}


def test_each_file_has_as_many_as_its_readme_says():
    kinds = Counter()
    for path in FILES:
        for passage in passages_of(path):
            kinds["passages"] += 1
            kinds.update("answered" if "span" in asked else "not" for asked in passage["questions"])
    assert kinds == {"passages": 1280, "answered": 7792, "not": 6528}


def test_no_suite_asks_what_was_trained_on():
    trained = {
        asked["q"].lower()
        for path in FILES
        for passage in passages_of(path)
        for asked in passage["questions"]
    }
    for path in EVALS.glob("**/samples.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert json.loads(line)["question"].lower() not in trained
