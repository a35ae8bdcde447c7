"""Files of questions in each form that is read."""

import json

import pytest

from ragkit.errors import UsageError
from ragkit.training.items import read_items

LINE = {
    "id": "q1",
    "question": "When was the mill built?",
    "context": "The mill was built in 1822.",
    "title": "Mill",
    "answers": ["1822", "in 1822", "1822"],
    "answerable": True,
    "lang": "en",
}


def write(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_line_for_each_question(tmp_path):
    asked_in_vain = LINE | {"id": "q2", "question": "Who built it?", "answerable": False}
    first, second = read_items([write(tmp_path / "a.jsonl", LINE, asked_in_vain)])
    assert first.answers == ("1822", "in 1822")
    assert (first.document, first.language, first.elsewhere) == ("Mill", "en", False)
    assert second.answers == ()


def test_a_question_that_comes_back_is_kept_once(tmp_path):
    path = write(tmp_path / "a.jsonl", LINE, LINE | {"id": "other"})
    assert len(read_items([path, path])) == 1


def test_squad_as_published(tmp_path):
    asked = {"id": "q1", "question": "When?", "is_impossible": False, "answers": [{"text": "1822"}]}
    paragraph = {"context": "Built in 1822.", "qas": [asked]}
    table = {"data": [{"title": "Mill", "paragraphs": [paragraph]}]}
    path = tmp_path / "squad.json"
    path.write_text(json.dumps(table), encoding="utf-8")
    (item,) = read_items([path])
    assert (item.question, item.answers, item.document) == ("When?", ("1822",), "Mill")


def test_samples_of_a_suite(tmp_path):
    place = {"document": "mill.md", "start": 0, "end": 27, "quote": "The mill was built in 1822."}
    answerable = {
        "id": "s1", "kind": "answerable", "question": "When was the mill built?",
        "answers": ["1822"], "reference": "It was built in 1822.", "gold": [place],
    }  # fmt: skip
    near = {"id": "s2", "kind": "unanswerable-near", "question": "Who built the mill?"}
    book = {"id": "s3", "kind": "closed-book", "question": "Who?", "answers": ["Ada"]}
    draft = answerable | {"id": "s4", "question": "When was it lit?", "draft": True}
    rows = (answerable, near, book, draft)
    first, second = read_items([write(tmp_path / "samples.jsonl", *rows)])
    assert (first.document, first.context) == ("mill.md", "")
    assert first.quotes == ("The mill was built in 1822.",)
    assert first.reference == "It was built in 1822."
    assert (second.id, second.answers, second.quotes) == ("s2", (), ())


def test_what_cannot_be_read_is_told_with_its_place(tmp_path):
    with pytest.raises(UsageError, match=r"a\.jsonl:2 has no usable `context`"):
        read_items([write(tmp_path / "a.jsonl", LINE, {"question": "When?", "answers": []})])
    with pytest.raises(UsageError, match="no question to train on"):
        read_items([write(tmp_path / "empty.jsonl")])
