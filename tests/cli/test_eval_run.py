"""`ragkit eval run` and `rescore`, from the command line to the folder of the run."""

import json

import pytest

from tests.evaluation.suites.test_collections import write_collection
from tests.small_project import QUESTION, UNANSWERABLE, run_process

ROW = {"kind": "closed-book", "type": "number"}
ROWS = (
    {**ROW, "id": "two", "question": "What is one and one?", "answers": ["2"]},
    {**ROW, "id": "five", "question": "What is two and 3?", "answers": ["5"]},
)


@pytest.fixture
def suite(indexed):
    folder = indexed / "evals" / "sums"
    folder.mkdir(parents=True)
    (folder / "samples.jsonl").write_text("\n".join(map(json.dumps, ROWS)))
    (folder / "suite.toml").write_text('name = "sums"\nmeasures = ["reasoning"]\n')
    return folder


def test_a_run_is_shown_and_kept(suite, ragkit):
    done = ragkit("eval", "run", "sums", "--model", "scripted:echo", "--out", "first")
    assert (done.code, done.err) == (0, "")
    assert "evals/runs/first" in done.out
    folder = suite.parent / "runs" / "first"
    lines = (folder / "items.jsonl").read_text().splitlines()
    assert len(lines) == 4 * len(ROWS)
    again = ragkit("eval", "rescore", "latest", "--json")
    assert again.form["run"] == "evals/runs/first"
    assert again.form["summary"] == json.loads((folder / "summary.json").read_text())["summary"]


def test_a_model_of_known_truth_reads_the_samples(indexed, ragkit):
    folder = indexed / "evals" / "mine"
    folder.mkdir(parents=True)
    rows = (
        {"id": "rate", "question": QUESTION, "reference": "It is 0.1.", "answers": ["0.1"]},
        {"id": "far", "question": UNANSWERABLE, "kind": "unanswerable-far"},
    )
    (folder / "samples.jsonl").write_text("\n".join(map(json.dumps, rows)))
    said = {}
    for name in ("always-right", "always-invents"):
        done = ragkit("eval", "run", "mine", "--model", f"scripted:{name}", "--json")
        assert done.code == 0, done.err
        said[name] = {
            metric["name"]: metric["value"]
            for metric in done.form["summary"]["metrics"]
            if metric["view"] == "model" and metric["group"] == "headline"
        }
    assert said == {
        "always-right": {"wrong_and_asserted": 0.0, "coverage": 0.5, "right": 1.0},
        "always-invents": {"wrong_and_asserted": 1.0, "coverage": 1.0, "right": 0.0},
    }


def test_what_cannot_be_is_said_in_a_line(suite, ragkit):
    done = ragkit("eval", "run", "sums", "--measure", "luck")
    assert done.code == 2
    assert "unknown measure 'luck'; known:" in done.err
    assert ragkit("eval", "run", "nothing").code == 2
    assert "no run of sums was left unfinished" in ragkit("eval", "run", "sums", "--resume").err
    assert "there is no run in" in ragkit("eval", "rescore", "latest").err
    assert not (suite.parent / "runs").exists()


def test_no_run_is_written_over(suite, ragkit):
    assert ragkit("eval", "run", "sums", "--out", "first").code == 0
    done = ragkit("eval", "run", "sums", "--out", "first")
    assert done.code == 2
    assert "there is something in evals/runs/first already" in done.err


def test_a_run_goes_on_with_what_it_began_with(suite, ragkit):
    begun = ("eval", "run", "sums", "--model", "scripted:echo", "--axes", "zero-shot")
    assert ragkit(*begun, "--out", "first").code == 0
    (suite.parent / "runs/first/summary.json").unlink()
    other = ragkit("eval", "run", "sums", "--resume", "--model", "scripted:abstain")
    assert other.code == 2
    assert "run first cannot go on, model.name" in other.err
    done = ragkit("eval", "run", "sums", "--resume", "--json")
    assert done.code == 0
    assert done.form["summary"]["header"]["plan"]["axes"] == ["zero-shot"]
    assert done.form["summary"]["header"]["model"]["name"] == "scripted:echo"
    assert done.form["summary"]["header"]["effort"]["prompt_tokens"] > 0


def test_ctrl_c_says_how_to_go_on(suite, indexed):
    code = (
        "import os, signal\n"
        "from ragkit.evaluation.runs.folder import ItemWriter\n"
        "append = ItemWriter.append\n"
        "def append_and_stop(self, item):\n"
        "    append(self, item)\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "ItemWriter.append = append_and_stop\n"
        "from ragkit.cli.main import main\n"
        "main(['eval', 'run', 'sums', '--out', 'first'])\n"
    )
    done = run_process(indexed, code=code)
    assert done.code == 130
    assert done.err == (
        "interrupted: 1 of 8 are done and kept\n  next: ragkit eval run sums --resume first\n"
    )
    again = run_process(indexed, "eval", "run", "sums", "--resume")
    assert again.code == 0


def test_a_published_collection_is_run_as_it_is(indexed, ragkit):
    """Its own documents are searched, and no model is loaded."""
    folder = write_collection(indexed / "published")
    done = ragkit("eval", "run", str(folder), "--out", "ranked", "--json")
    assert (done.code, done.err) == (0, "")
    told = {metric["name"]: metric for metric in done.form["summary"]["metrics"]}
    assert told["ndcg@10"]["n"] == 2
    assert told["ndcg@10"]["value"] == pytest.approx(1.0)
    assert told["hit@1/lexical"]["value"] == 1.0
    assert "model" not in done.form["summary"]["sentence"]
    assert sorted(path.name for path in folder.iterdir()) == [
        "corpus.jsonl",
        "qrels.tsv",
        "queries.jsonl",
    ]


def test_a_suite_with_documents_is_asked_over_an_index_of_its_own(project, ragkit, monkeypatch):
    monkeypatch.setenv("RAGKIT_CACHE_DIR", str(project / "cache"))
    folder = project / "evals" / "lamps"
    (folder / "corpus").mkdir(parents=True)
    (folder / "corpus/lamps.md").write_text("# Lamps\n\nThe lamp of Orvel was lit in 1712.\n")
    (folder / "suite.toml").write_text('name = "lamps"\ncorpus = "corpus"\n')
    quote = "The lamp of Orvel was lit in 1712."
    row = {"question": "When was the lamp of Orvel lit?", "answers": ["1712"]}
    row["gold"] = [{"document": "lamps.md", "start": 7, "end": 41, "quote": quote}]
    (folder / "samples.jsonl").write_text(json.dumps(row))

    def verdict(*options):
        done = ragkit("eval", "run", "lamps", "--json", "--measure", "hallucination", *options)
        assert done.code == 0, done.err
        items = (project / done.form["run"] / "items.jsonl").read_text().splitlines()
        scored = map(json.loads, items)
        (asked,) = [one for one in scored if _is_base(one["outcome"])]
        return asked["scores"]["model"]["verdict"]

    assert verdict("--model", "scripted:always-right", "--out", "1") == "correct"
    assert verdict("--model", "scripted:always-abstains", "--out", "2") == "abstained"
    assert [path.name.split("-")[0] for path in (project / "cache/suites").iterdir()] == ["lamps"]
    (folder / "corpus/lamps.md").write_text("# Lamps\n\nThe lamp of Orvel was lit in 1713.\n")
    assert verdict("--model", "scripted:copy-first-source", "--out", "3") == "wrong"
    assert not (project / "indexes").exists()


def _is_base(outcome):
    return (outcome["variant"], outcome["call"]) == ("base", "ask")
