"""What each verb prints for people and for machines, and the code that it ends with."""

import os
from pathlib import Path

import click
import pytest

from ragkit.cli.main import VERBS, cli
from tests.json_forms import PLACE, typed
from tests.small_project import ANSWER, COURSE, QUESTION, UNANSWERABLE, run_process, write_project

GOLDEN = Path(__file__).parent / "golden"


def flat(text):
    """Return a text on one line: where lines break is up to the terminal."""
    return " ".join(text.split())


# --- ingest ---------------------------------------------------------------------------------------


def test_ingest(project, ragkit):
    first, again = ragkit("ingest"), ragkit("ingest")
    assert (first.code, first.out) == (0, "3 new, 0 changed, 0 unchanged, 0 removed, 0 failed\n")
    assert (again.code, again.out) == (0, "0 new, 0 changed, 3 unchanged, 0 removed, 0 failed\n")
    assert "3 chunks encoded" in first.err
    assert "0 chunks encoded" in again.err


def test_ingest_json(project, ragkit):
    (project / "corpus/broken.pdf").write_bytes(b"%PDF-1.7")
    (project / "corpus/data.xyz").write_bytes(b"x")
    (project / "corpus/copy.md").write_text(COURSE["notes.md"])
    done = ragkit("ingest", "--json", "--quiet")
    form = done.form
    assert done.code == 1
    timings = form.pop("timings_s")
    assert timings["total"] > 0
    assert form.pop("failures")[0].keys() == {"document", "reason", "hint", "kept"}
    assert form == {
        "format_version": 1,
        "new": 4,
        "changed": 0,
        "renamed": 0,
        "unchanged": 0,
        "removed": 0,
        "failed": 1,
        "dry_run": False,
        "chunks": 4,
        "encoded_chunks": 3,  # the copy is not encoded again
        "changes": {
            "new": ["copy.md", *sorted(COURSE)],
            "changed": [],
            "renamed": [],
            "removed": [],
            "kept": [],
        },
        "skipped": [{"document": "data.xyz", "reason": "unsupported type"}],
        "warnings": ["notes.md: the same file as copy.md; it is answered from once"],
        "duplicates": [{"document": "notes.md", "original": "copy.md", "share": 1.0}],
    }


# --- search ---------------------------------------------------------------------------------------


def test_search(indexed, ragkit):
    done = ragkit("search", "dropout rate of the Transformer", "--top-n", "2")
    assert (done.code, done.err) == (0, "")
    first, second = (line for line in done.out.splitlines() if not line.startswith("    "))
    assert first.split()[:2] == ["1", "notes.md"]
    assert second.split()[0] == "2"
    assert ANSWER in flat(done.out)
    assert "rank" not in done.out
    assert "dense rank 1 (cosine 0." in ragkit("search", "dropout rate", "--explain").out


def test_search_json(indexed, ragkit):
    done = ragkit("search", "dropout rate", "--json", "--top-n", "3")
    form = done.form
    assert form.keys() == {"format_version", "query", "filter", "hits", "timings_s"}
    assert (form["format_version"], form["query"], len(form["hits"])) == (1, "dropout rate", 3)
    assert form["timings_s"].keys() == {"load", "retrieve", "total"}
    assert [hit["rank"] for hit in form["hits"]] == [1, 2, 3]
    best = form["hits"][0]
    assert typed(best, PLACE | {"rank": int, "score": float, "ranks": dict})
    assert best["ranks"] == {"dense": 1, "lexical": 1}
    assert (best["document"], best["heading"]) == ("notes.md", "Dropout")
    assert ragkit("search", "dropout rate", "--json", "--top-n", "3").form["hits"] == form["hits"]


# --- the others -----------------------------------------------------------------------------------


def test_index_info_and_list(indexed, ragkit):
    ragkit("ingest", "--index", "second", "--quiet")
    info = ragkit("index", "info", "--json").form
    assert (info["name"], info["documents"], info["chunks"]) == ("default", 3, 3)
    assert (info["encoder_name"], info["listed"], info["vectors_current"]) == (
        "hashing",
        None,
        True,
    )
    listed = ragkit("index", "info", "--documents", "--json").form["listed"]
    assert [document["document"] for document in listed] == sorted(COURSE)
    assert listed[1] == {
        "document": "week1/lecture.html", "title": "Attention", "pages": 0, "chunks": 1,
        "language": "en", "warnings": "",
    }  # fmt: skip
    shown = ragkit("index", "info", "--documents").out
    assert "week1/lecture.html" in shown
    assert "hashing" in shown
    indexes = ragkit("index", "list", "--json").form["indexes"]
    assert [row["index"] for row in indexes] == ["default", "second"]
    assert "second" in ragkit("index", "list").out


def test_no_index_to_list(project, ragkit):
    done = ragkit("index", "list")
    assert (done.code, done.out) == (0, "")
    assert "make one with: ragkit ingest" in done.err
    assert ragkit("index", "list", "--json").form["indexes"] == []


def test_prompt_list_and_show(indexed, ragkit):
    names = [row["name"] for row in ragkit("prompt", "list", "--json").form["strategies"]]
    shown = ragkit("prompt", "list").out
    assert {"zero-shot", "few-shot"} <= set(names)
    assert all(name in shown for name in names)
    for name in names:
        done = ragkit("prompt", "show", QUESTION, "--json", "--strategy", name)
        form = done.form
        assert (done.code, form["strategy"]) == (0, name)
        assert form["tokens"] == sum(form["ledger"].values()) == len(form["text"].split())
        assert form["messages"][-1]["role"] in ("user", "assistant")
        assert QUESTION in form["text"]
        assert ANSWER in flat(form["text"])
    shown = ragkit("prompt", "show", QUESTION).out
    assert "tokens" in shown
    assert "of 4096 tokens" in flat(shown)


def test_doctor(indexed, ragkit):
    done = ragkit("doctor", "--json")
    found = {check["name"]: check for check in done.form["checks"]}
    assert {"python", "machine", "encoder", "model", "index", "faiss-cpu"} <= found.keys()
    assert all(check.keys() == {"name", "good", "found", "hint"} for check in found.values())
    assert found["index"]["found"] == "default: 3 documents, 3 chunks, as it was sealed"
    assert done.code == 0, done.out
    assert "everything is in order" in ragkit("doctor").out


@pytest.mark.parametrize(
    ("arguments", "bad", "step"),
    [
        (("--index", "none"), "index", "--index"),
        (("--encoder", "none"), "encoder", ""),
    ],
)
def test_doctor_finds_what_is_wrong(indexed, ragkit, arguments, bad, step):
    done = ragkit("doctor", *arguments)
    assert done.code == 1
    (wrong,) = (line for line in done.out.splitlines() if line.startswith(f"✗ {bad}"))
    assert wrong
    assert step in done.out.partition("next: ")[2]
    assert "checks failed" in done.out


QUIET = [
    ("ingest",), ("search", "x"), ("ask", QUESTION), ("ask", UNANSWERABLE), ("index", "info"),
    ("index", "list"), ("prompt", "list"), ("prompt", "show", "x"), ("models", "list"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", QUIET)
def test_quiet(indexed, ragkit, arguments):
    write_project(indexed, {"new.xyz": "x", "new.md": "A new document."})
    done = ragkit(*arguments, "-q")
    assert done.err == ""
    assert done.out
    assert ragkit(*arguments, "--json", "--quiet").form["format_version"] == 1


def test_from_another_folder(indexed, ragkit, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert ragkit("ingest", "--project", "project").out.startswith("0 new, 0 changed, 3 unchanged")
    assert ragkit("ask", QUESTION, "--project", "project").code == 0


def test_debug_shows_where_an_error_arose(project, ragkit):
    done = run_process(project, "ask", QUESTION, "--debug")
    assert done.code == 1
    assert "Traceback" in done.err
    assert "UnusableIndexError" in done.err


# --- help -----------------------------------------------------------------------------------------


def all_commands():
    """Yield the words of every command: (), ("ask",), ("index", "info"), ..."""
    yield ()
    for verb in VERBS:
        yield (verb,)
        command = cli.get_command(click.Context(cli), verb)
        if isinstance(command, click.Group):
            yield from ((verb, name) for name in command.commands)


@pytest.mark.parametrize("words", all_commands(), ids=" ".join)
def test_help(project, ragkit, words):
    """Update with: UPDATE_GOLDEN=1 pytest tests/cli/test_verbs.py."""
    done = ragkit(*words, "--help")
    assert (done.code, done.err) == (0, "")
    golden = GOLDEN / f"{'-'.join(('ragkit', *words))}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(done.out, encoding="utf-8")
    assert done.out == golden.read_text(encoding="utf-8")


def test_every_golden_file_is_of_a_command():
    names = {f"{'-'.join(('ragkit', *words))}.txt" for words in all_commands()}
    assert names == {path.name for path in GOLDEN.iterdir()}


def test_short_help_no_arguments_and_version(project, ragkit):
    assert ragkit("-h").out == ragkit().out == ragkit("--help").out
    assert ragkit("--version").out.startswith("ragkit 0.")
