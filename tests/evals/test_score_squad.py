"""The tools that ask the questions of SQuAD 2.0 over five paragraphs each, and compare runs."""

import doctest
import gzip
import json
import re
import sys
from importlib import import_module
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "evals" / "tools"
NAMES = (
    "answer_modes", "answer_tables", "compare_squad", "embedding_cache", "judging", "run_files",
    "score_answers", "score_places", "score_squad", "spans", "squad_measures",
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

    def run(*more, model="copy-first-source"):
        monkeypatch.setenv("RAGKIT_ENCODER", "hashing")
        monkeypatch.setenv("RAGKIT_MODEL", f"scripted:{model}")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["score_squad.py", str(path), *more])
        tools["score_squad"].main()
        out = Path(more[more.index("--out") + 1]) if "--out" in more else "evals/runs/squad.jsonl"
        lines = (tmp_path / out).read_text().splitlines()
        return [json.loads(line) for line in lines[1:]], capsys.readouterr().out

    return run


@pytest.fixture
def compare(tools, tmp_path, monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["compare_squad.py", *arguments])
        tools["compare_squad"].main()
        return capsys.readouterr()

    return run


def cells_of(out):
    """Return the cells of each line of a table by the first of them."""
    lines = (re.split(r"\s{2,}", line.strip()) for line in out.splitlines() if "  " in line)
    return {first: cells for first, *cells in lines}


def test_questions_are_asked_over_their_own_paragraph_and_four_others(score, tools):
    outcomes, out = score("--questions", "8")
    modes = tools["score_squad"].MODES
    assert len(outcomes) == 8 * len(modes)
    assert all(outcome["id"].startswith("Warsaw:") for outcome in outcomes)  # fitted ones are not
    assert sum(bool(outcome["answers"]) for outcome in outcomes) == 4 * len(modes)
    quoted = [o for o in outcomes if o["mode"] == "quote-only" and not o["abstained"]]
    assert quoted
    assert all(outcome["shown"].startswith(outcome["first"]) for outcome in quoted)
    cells = cells_of(out)
    abstaining = {name: row[-1].split()[0] for name, row in cells.items()}
    assert abstaining == {
        "in percent": "always-abstain", "EM": "50.0", "F1": "50.0", "F1, answerable": "0.0",
        "F1, unanswerable": "100.0", "first: EM": "50.0", "first: F1": "50.0",
        "first: F1, answerable": "0.0", "held": "0.0", "abstention P": "50.0",
        "abstention R": "100.0", "abstention F1": "66.7", "over-refusal": "100.0",
        "hallucinated": "0.0", "valid citation": "-", "backed": "-",
    }  # fmt: skip
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


def test_a_completion_is_told_with_its_citations_and_backing(score):
    outcomes, out = score("--questions", "4")
    raw = [outcome for outcome in outcomes if outcome["mode"] == "raw"]
    assert {outcome["article"] for outcome in outcomes} == {"Warsaw"}
    assert all(o["cited"] is None for o in outcomes if o["mode"] != "raw")
    assert all(
        (o["cited"], o["valid"], o["sentences"], o["unbacked"]) == ([1], [1], 1, 0) for o in raw
    )
    column = cells_of(out)["in percent"].index("raw")
    assert cells_of(out)["valid citation"][column].startswith("100.0")
    made_up, out = score("--questions", "4", "--anew", model="invent")
    raw = [outcome for outcome in made_up if outcome["mode"] == "raw"]
    assert any(outcome["unbacked"] for outcome in raw)
    assert cells_of(out)["backed"][column].startswith("0.0")


def test_marks_of_citations_are_no_words_of_an_answer(tools):
    said = tools["squad_measures"].Outcome("1", "raw", "Which?", ["7"], "12 [7].", "12.", False)
    measure = tools["squad_measures"].measure
    assert not measure([said], "held").mean
    assert measure([said._replace(answers=["12"])], "EM").mean == 1
    assert measure([said], "hallucinated").mean == 1
    cited = said._replace(cited=[7, 9], valid=[7])
    assert measure([cited, cited._replace(id="2", cited=[7])], "valid citation").mean == 0.5


def test_two_runs_are_compared_question_by_question(score, compare):
    score("--questions", "8", "--out", "a.jsonl", model="invent")
    old = Path("a.jsonl")
    lines = [json.loads(line) for line in old.read_text().splitlines()]
    new_fields = ("article", "cited", "valid", "sentences", "unbacked")
    kept = [{k: v for k, v in line.items() if k not in new_fields} for line in lines]
    old.write_text("".join(json.dumps(line) + "\n" for line in kept))  # as written before
    score("--questions", "12", "--out", "b.jsonl")
    out = compare("a.jsonl", "b.jsonl", "--mode", "raw").out
    assert "raw: 8 questions, 4 answerable, articles: 1" in out
    cells = cells_of(out)
    assert cells["valid citation"][0] == "-"
    assert cells["valid citation"][2:] == ["-", "-"]
    assert cells["abstention P"] == ["-", "-", "-", "-"]
    assert cells["held"][2] == "+100.0"
    assert cells["hallucinated"][2] == "-50.0"


def test_a_share_of_other_questions_in_each_run_has_an_interval_but_no_p(tools):
    blank = tools["squad_measures"].Outcome("0", "raw", "Which?", [])
    answered = blank._replace(shown="12.", first="12.", abstained=False)
    pairs = [
        (run._replace(id=str(n), answers=answers), blank._replace(id=str(n), answers=answers))
        for n, (run, answers) in enumerate([(blank, []), (answered, []), (answered, ["12"])] * 8)
    ]
    compare = tools["compare_squad"].compare
    precision, p = compare("abstention P", pairs)
    assert precision.split()[0] == "-33.3"  # 8 of 8 became 16 of 24
    assert p == "-"
    assert compare("abstention F1", pairs)[0].split()[0] == "+13.3"  # from 2/3 to 4/5
    assert compare("over-refusal", pairs) == ("+100.0 [+100.0, +100.0]", ".008")
