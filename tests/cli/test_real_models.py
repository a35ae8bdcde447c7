"""The real encoder and the real model, from a folder of documents to an answer."""

import pytest

from ragkit.models import load_adapters
from tests.small_project import QUESTION, run_process, run_ragkit, write_project

pytestmark = pytest.mark.model

TORCH_FREE = """
import sys
from ragkit.cli.main import main
try:
    main(sys.argv[1:])
finally:
    heavy = {"torch", "sentence_transformers", "transformers", "onnx"} & set(sys.modules)
    print("imported:", *sorted(heavy), file=sys.stderr)
"""


@pytest.fixture
def indexed(tmp_path, minilm_folder, monkeypatch, capfd):
    """A project with an index of the real encoder; its graph is in the cache from then on."""
    monkeypatch.setenv("RAGKIT_MAX_NEW_TOKENS", "24")
    monkeypatch.setenv("RAGKIT_STRATEGY", "zero-shot")  # the quickest
    folder = write_project(tmp_path)
    monkeypatch.chdir(folder)
    assert run_ragkit(capfd, "ingest").code == 0
    return folder


def test_from_documents_to_an_answer(indexed, capfd):
    again = run_ragkit(capfd, "ingest", "--json").form
    assert (again["unchanged"], again["encoded_chunks"]) == (3, 0)
    found = run_ragkit(capfd, "search", "When do I have to hand in my exercises?", "--json").form
    assert found["hits"][0]["document"] == "week1/syllabus.txt"
    done = run_ragkit(capfd, "ask", QUESTION, "--json")
    form = done.form
    assert (done.code, form["model"]["name"]) == (0, "smollm2-135m-instruct")
    assert form["mode"] in ("generated", "quoted")
    assert "0.1" in form["answer"]
    assert form["sources"][0]["document"] == "notes.md"
    assert form["usage"]["prompt_tokens"] == form["prompt"]["tokens"]
    assert len(form["model"]["sha256"]) == 64
    shipped = [{"name": one.path.stem, "sha256": one.sha256} for one in load_adapters()]
    assert form["model"]["adapter"] in (shipped or [None])
    assert run_ragkit(capfd, "ask", QUESTION, "--json").form["completion"] == form["completion"]


@pytest.mark.parametrize("verb", ["search", "ask"])
def test_the_quick_path_imports_no_torch(indexed, verb):
    tiny = {"RAGKIT_ENCODER": "all-MiniLM-L6-v2", "RAGKIT_MODEL": "smollm2-135m-instruct"}
    done = run_process(indexed, verb, QUESTION, code=TORCH_FREE, variables=tiny)
    assert done.code == 0, done.err
    assert "notes.md" in done.out
    assert done.err.splitlines()[-1] == "imported:"


def test_an_index_goes_on_in_the_precision_it_was_built_in(indexed, capfd):
    assert run_ragkit(capfd, "ingest", "--rebuild", "--encoder-precision", "int8").code == 0
    assert run_ragkit(capfd, "search", QUESTION).code == 0
    assert run_ragkit(capfd, "ingest").code == 0
    refused = run_ragkit(capfd, "search", QUESTION, "--encoder-precision", "fp32")
    assert refused.code == 1
    assert "in int8, which is run in fp32 now" in refused.err
    assert "search with --encoder-precision int8, or run: ragkit ingest --rebuild" in refused.err
    assert run_ragkit(capfd, "ingest", "--encoder-precision", "fp32").code == 1
    assert run_ragkit(capfd, "ingest", "--rebuild", "--encoder-precision", "fp32").code == 0
    assert run_ragkit(capfd, "search", QUESTION).code == 0
