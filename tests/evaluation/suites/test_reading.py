"""Suites are read with every mistake named by its line, and written as they were read."""

import json
from pathlib import Path

import pytest

from ragkit.errors import UsageError
from ragkit.evaluation.suites import (
    KINDS,
    find_suites,
    form_of_sample,
    load_suite,
    parse_sample,
    read_suite,
    save_samples,
)

EVALS = Path(__file__).parents[3] / "evals"
SMALL = {"question": "When is the exam?", "answers": ["14 May"]}


def write_suite(folder, *rows, settings=""):
    folder.mkdir(parents=True, exist_ok=True)
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / "samples.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if settings:
        (folder / "suite.toml").write_text(settings, encoding="utf-8")
    return folder


def test_the_least_that_a_suite_needs(tmp_path):
    write_suite(tmp_path / "evals" / "mine", SMALL, "", {"question": "Who?", "kind": "leak"})
    suite = load_suite("mine", evals_dir=tmp_path / "evals")
    assert (suite.name, suite.title, suite.corpus, suite.built_in) == ("mine", "mine", None, False)
    assert [sample.kind for sample in suite.samples] == ["answerable", "leak"]
    assert len({sample.id for sample in suite.samples}) == 2
    assert load_suite(tmp_path / "evals" / "mine", evals_dir=tmp_path / "none").samples
    file = tmp_path / "evals" / "mine" / "samples.jsonl"
    assert load_suite(file, evals_dir=tmp_path / "none") == load_suite(
        file.parent, evals_dir=tmp_path / "none"
    )


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{", "is no JSON"),
        ([1], "a sample is a JSON object, not [1]"),
        ({**SMALL, "answer": "14 May"}, "unknown field 'answer' in a sample"),
        ({"answers": ["14 May"]}, "a sample without a question"),
        ({"question": "When?"}, "a sample without answers needs a kind: answerable,"),
        ({**SMALL, "kind": "unanswerable"}, "'kind' is one of answerable, unanswerable-near"),
        ({**SMALL, "kind": "leak"}, "has no right answers, yet 'answers' is set"),
        ({"question": "When?", "kind": "answerable"}, "without answers, reference or gold"),
        ({**SMALL, "answers": [14]}, "'answers' is a list of texts, not [14]"),
        ({**SMALL, "kind": "noisy"}, "needs 'distractors' and 'gold'"),
        ({**SMALL, "kind": "conflicting"}, "needs 'sides'"),
        ({**SMALL, "size": "big"}, "'size' is one of smoke, default, full"),
        ({**SMALL, "distractors": True}, "'distractors' is a whole number from 0"),
        ({**SMALL, "gold": [{"document": "a.md"}]}, "each have document, start, end, quote"),
        (
            {**SMALL, "gold": [{"document": "a.md", "start": 5, "end": 5, "quote": "x"}]},
            "each end behind their start",
        ),
        (
            {**SMALL, "gold": [{"document": "a", "start": 0, "end": 5, "quote": "x", "no": 1}]},
            "unknown field 'no' in a place",
        ),
        ({**SMALL, "twin": {"original": "a"}}, "'twin' is a twin: original, swapped, and swap"),
        (SMALL, "stands at"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_mistake_is_told_with_its_file_and_line(tmp_path, row, told):
    folder = write_suite(tmp_path / "mine", SMALL, "", row)
    with pytest.raises(UsageError) as caught:
        read_suite(folder)
    assert caught.value.message.startswith(f"{folder / 'samples.jsonl'}:3")
    assert told in caught.value.message
    assert caught.value.hint


def test_unknown_fields_are_answered_with_the_known_ones(tmp_path):
    with pytest.raises(UsageError) as caught:
        parse_sample({**SMALL, "answer": 1}, place="a:1")
    assert "answers" in caught.value.hint
    assert "within" in caught.value.hint


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("name =", "is no TOML"),
        ('titel = "x"', "unknown field 'titel' in a suite"),
        ('measures = ["honesty"]', "unknown measure honesty"),
        ("measures = []", "unknown measure none"),
        ('version = "1"', "'version' is a whole number"),
        ("format_version = 9", "has format 9"),
        ('corpus = "nowhere"', "there is no folder"),
    ],
)
def test_a_mistake_in_the_settings_is_told(tmp_path, settings, told):
    folder = write_suite(tmp_path / "mine", SMALL, settings=settings)
    with pytest.raises(UsageError) as caught:
        read_suite(folder)
    assert str(folder / "suite.toml") in caught.value.message
    assert told in caught.value.message


def test_drafts_are_left_out_until_they_are_wanted(tmp_path):
    draft = {**SMALL, "id": "d", "draft": True}
    folder = write_suite(tmp_path / "mine", SMALL, draft)
    assert len(read_suite(folder).samples) == 1
    assert len(read_suite(folder, drafts=True).samples) == 2
    only = write_suite(tmp_path / "only", draft)
    with pytest.raises(UsageError, match="all 1 samples"):
        read_suite(only)


def test_an_unknown_suite_is_answered_with_the_known_ones(tmp_path):
    write_suite(tmp_path / "mine", SMALL)
    with pytest.raises(UsageError, match=r"unknown suite 'mien'; known: .*hallucination.*mine"):
        load_suite("mien", evals_dir=tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"holds no samples\.jsonl"):
        load_suite(tmp_path / "empty", evals_dir=tmp_path)
    write_suite(tmp_path / "void")
    with pytest.raises(UsageError, match="holds no samples"):
        load_suite("void", evals_dir=tmp_path)


def test_the_hash_is_of_what_is_asked(tmp_path):
    one = read_suite(write_suite(tmp_path / "a", SMALL))
    spaced = read_suite(write_suite(tmp_path / "b", json.dumps(SMALL, indent=None) + "   "))
    other = read_suite(write_suite(tmp_path / "c", {**SMALL, "answers": ["15 May"]}))
    titled = read_suite(write_suite(tmp_path / "d", SMALL, settings='title = "x"'))
    assert one.sha256 == spaced.sha256 == titled.sha256
    assert one.sha256 != other.sha256


def test_the_suites_of_a_project_come_before_those_of_the_same_name(tmp_path):
    mine = write_suite(tmp_path / "retrieval", SMALL)
    broken = write_suite(tmp_path / "broken", "{")
    found = {one.name: one for one in find_suites(tmp_path)}
    assert (found["retrieval"].folder, found["retrieval"].built_in) == (mine, False)
    assert found["broken"].folder == broken
    assert "is no JSON" in found["broken"].error


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in EVALS.glob("*/samples.jsonl")), ids=lambda f: f.name
)
def test_the_suites_here_are_read_and_written_without_loss(folder, tmp_path):
    suite = read_suite(folder)
    save_samples(tmp_path / "samples.jsonl", suite.samples)
    again = read_suite(tmp_path)
    assert again.samples == suite.samples
    assert {sample.kind for sample in suite.samples} <= set(KINDS)
    for sample in suite.samples:
        assert parse_sample(form_of_sample(sample), place="") == sample
