"""The tool that asks the questions of SQuAD 2.0 over five paragraphs each."""

import doctest
import gzip
import json
import sys
from importlib import import_module
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "evals" / "tools"
NAMES = (
    "answer_modes", "answer_tables", "embedding_cache", "judging", "run_files", "score_answers",
    "score_places", "score_squad", "spans",
)  # fmt: skip
CITIES = ["Oslo", "Rome", "Lima", "Cairo", "Quito", "Minsk", "Tunis"]


@pytest.fixture
def tools(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOLS))
    yield {name: import_module(name) for name in NAMES}
    for name in NAMES:
        sys.modules.pop(name, None)


@pytest.mark.parametrize("name", NAMES)
def test_examples_in_docstrings_hold(tools, name):
    assert doctest.testmod(tools[name]).failed == 0


def rows_of(title):
    for number, city in enumerate(CITIES):
        context = f"The mayor of {city} opened bridge number {number + 10} with a short speech."
        shared = {"context": context, "title": title, "lang": "en"}
        yield {
            **shared,
            "id": f"{title}:{city}:yes",
            "question": f"Which bridge number did the mayor of {city} open?",
            "answers": [str(number + 10)],
            "answerable": True,
        }
        yield {
            **shared,
            "id": f"{title}:{city}:no",
            "question": f"Who painted the zebra of {city}?",
            "answers": [],
            "answerable": False,
        }


@pytest.fixture
def score(tools, tmp_path, monkeypatch, capsys):
    path = tmp_path / "squad.jsonl.gz"
    rows = [row for title in ("Normans", "Warsaw") for row in rows_of(title)]
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))

    def run(*more):
        monkeypatch.setenv("RAGKIT_ENCODER", "hashing")
        monkeypatch.setenv("RAGKIT_MODEL", "scripted:copy-first-source")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["score_squad.py", str(path), *more])
        tools["score_squad"].main()
        lines = (tmp_path / "evals" / "runs" / "squad.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines[1:]], capsys.readouterr().out

    return run


def test_questions_are_asked_over_their_own_paragraph_and_four_others(score, tools):
    outcomes, out = score("--questions", "8")
    modes = tools["score_squad"].MODES
    assert len(outcomes) == 8 * len(modes)
    assert all(outcome["id"].startswith("Warsaw:") for outcome in outcomes)  # fitted ones are not
    assert sum(bool(outcome["answers"]) for outcome in outcomes) == 4 * len(modes)
    quoted = [o for o in outcomes if o["mode"] == "quote-only" and not o["abstained"]]
    assert quoted
    assert all(outcome["shown"].startswith(outcome["first"]) for outcome in quoted)
    rows = {line.split("  ")[0]: line.split() for line in out.splitlines()}
    assert rows["always-abstain"][1:] == [
        "50.0", "50.0", "0.0", "100.0", "50.0", "50.0", "0.0", ".00", "[.00,", ".49]",
        "50.0", "100.0", "66.7", "1.00", "[.51,", "1.00]",
    ]  # fmt: skip
    again, same = score("--questions", "8")
    assert again == outcomes
    assert same == out


def test_distractors_are_of_the_same_article(tools, tmp_path):
    from ragkit.encoders import HashingEncoder
    from ragkit.index import LocalIndex
    from ragkit.retrieval import Retriever

    encoder, squad = HashingEncoder(), tools["score_squad"]
    rows = [row for title in ("Normans", "Warsaw") for row in rows_of(title)]
    with LocalIndex(tmp_path, writable=True) as index:
        names = squad.index_paragraphs(rows, index, encoder, 200)
        drawn = squad.draw(rows, 10)
        questions = list(squad.questions_of(drawn, names, Retriever(index, encoder)))
    assert drawn == squad.draw(list(reversed(rows)), 10)
    for row, question in zip(drawn, questions, strict=True):
        own, *others = question.documents
        assert own == names[row["title"], row["context"]]
        assert len(set(others) - {own}) == squad.DISTRACTORS
        assert all(name.startswith(f"{row['title']}/") for name in question.documents)
