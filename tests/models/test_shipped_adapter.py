"""The LoRA adapters that come with ragkit: that they are whole, described, and used where they fit.

The tests of what is shipped run over the catalogue's adapters. How one is put into the package, and
all that follows from that, is tried out in a copy of the package, with an adapter made on the spot.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from ragkit.errors import ModelError
from ragkit.files import sha256_of
from ragkit.llms import LlmOptions
from ragkit.models import (
    AdapterEntry,
    PackagedWeights,
    find_entry,
    find_llm,
    load_adapters,
    load_readers,
    open_llm,
)
from ragkit.models.adapting import find_adapter
from ragkit.training.export import read_adapter_base, save_adapter
from ragkit.training.records import Recipe
from tests.llms.small_lora import query_matrices, write_lora
from tests.small_project import QUESTION, Done, write_project

ROOT = Path(__file__).parents[2]
NAME = "smollm2-135m-instruct"
SHIPPED = "smollm2-135m-grounded"
MOST_BYTES = 20_000_000

adapters = pytest.mark.parametrize("entry", load_adapters(), ids=lambda entry: entry.name)


# --- what is shipped ------------------------------------------------------------------------------


def facts_of(card: str) -> dict[str, str]:
    """Return the facts of a card by their names."""
    table = card.partition("<!-- facts -->")[2].partition("<!-- end of facts -->")[0]
    return dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", table, re.MULTILINE))


def check_described(entry, package):
    """Check that file, catalogue and card say the same; return the card."""
    file = package / "models" / entry.file
    assert sha256_of(file) == entry.sha256
    assert file.stat().st_size == entry.size_bytes <= MOST_BYTES
    card = (package / "models" / entry.card).read_text("utf-8")
    facts = facts_of(card)
    assert facts["sha256"] == f"`{entry.sha256}`"
    assert facts["size"] == f"{entry.size_bytes:,} bytes"
    assert facts["file"] == f"`{file.name}`"
    assert facts["rank, alpha"].startswith(f"{entry.rank}, ")
    assert facts["licence"] == entry.licence
    model = find_entry(entry.model, kind="llm")
    assert isinstance(model.source, PackagedWeights)
    assert f"{model.name}, " in facts["made for"]
    assert model.source.sha256 in facts["made for"]
    return card


@adapters
def test_the_shipped_file_is_the_one_that_catalogue_and_card_describe(entry):
    card = check_described(entry, ROOT / "ragkit")
    parts = re.split(r"^## (.+)$", card, flags=re.MULTILINE)
    told = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert list(told) == [
        "What it is", "Data and licences", "Recipe", "Numbers", "Limits", "How to make it again",
    ]  # fmt: skip
    assert [title for title, text in told.items() if len(text.split()) < 20] == []


@adapters
@pytest.mark.model
def test_it_is_what_the_model_speaks_with_by_default(entry, cache_dir):
    for name in (entry.model, str(find_llm(entry.model))):
        llm = open_llm(name, cache_dir=cache_dir, options=LlmOptions(context_window=256))
        llm.close()
        assert llm.info.adapter == f"{entry.path.stem} {entry.sha256}"


def test_no_other_weights_get_an_adapter(cache_dir):
    assert find_adapter("auto", weights_sha256="0" * 64, cache_dir=cache_dir) is None


@pytest.mark.parametrize("lora", ["none", ""])
def test_none_means_none(lora, cache_dir):
    sha256 = find_entry(NAME).source.sha256
    assert find_adapter(lora, weights_sha256=sha256, cache_dir=cache_dir) is None


def test_a_path_that_leads_nowhere_is_said(tmp_path, cache_dir):
    with pytest.raises(ModelError, match="there is no LoRA adapter at") as raised:
        find_adapter(str(tmp_path / "auto.gguf"), weights_sha256="", cache_dir=cache_dir)
    assert raised.value.hint.endswith("the path of a .gguf file, auto, or none")


# --- shipping one ---------------------------------------------------------------------------------


SEVERAL = """
import contextlib, io, json, sys
from ragkit.cli.main import main
for arguments in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = ended.code
    print(json.dumps([code or 0, " ".join(out.getvalue().split()), err.getvalue()]))
"""


class Copy(NamedTuple):
    """A copy of the package without adapters, and a project to use it in."""

    package: Path
    project: Path
    cache: Path

    def run(self, *arguments):
        settings = {
            "RAGKIT_ENCODER": "hashing",
            "RAGKIT_STRATEGY": "zero-shot",
            "RAGKIT_MAX_NEW_TOKENS": "8",
            "RAGKIT_CACHE_DIR": str(self.cache),
            "PYTHONPATH": str(self.package.parent),
        }
        return subprocess.run(
            [sys.executable, *map(str, arguments)], cwd=self.project, check=False, timeout=600,
            env={**os.environ, **settings}, capture_output=True, text=True,
        )  # fmt: skip

    def ship(self, adapter, *options):
        return self.run(ROOT / "evals/tools/ship_adapter.py", adapter, *options)

    def ragkit(self, *commands):
        """Return exit code, output and errors of each command."""
        done = self.run("-c", SEVERAL, json.dumps([command.split("|") for command in commands]))
        assert done.returncode == 0, done.stderr
        return [Done(*json.loads(line)) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def copy(tmp_path_factory, cache_dir):
    folder = tmp_path_factory.mktemp("copied")
    ignored = shutil.ignore_patterns("__pycache__", "*.gguf")
    shutil.copytree(ROOT / "ragkit", folder / "ragkit", ignore=ignored)
    copied = Copy(folder / "ragkit", write_project(folder / "project"), cache_dir)
    catalogue = copied.package / "models/catalogue.toml"
    text = catalogue.read_text("utf-8")
    catalogue.write_text(text.partition("[[adapter]]")[0], encoding="utf-8")
    return copied


@pytest.fixture(scope="module")
def adapter(tmp_path_factory):
    """One that changes what is said past all doubt."""
    folder = tmp_path_factory.mktemp("made")
    matrices = query_matrices(scale=3.0, rank=2, layers=range(30))
    return write_lora(folder / "any name.gguf", matrices)


@pytest.fixture(scope="module")
def shipped(copy, adapter):
    done = copy.ship(adapter, "--licence", "MIT")
    assert (done.returncode, done.stderr) == (0, "")
    return copy


def trained(path, **other_base):
    """Write an adapter as `ragkit train` does, with the notes that it keeps."""
    base = replace(read_adapter_base(find_llm(NAME)), **other_base)
    layer = "base_model.model.model.layers.3.self_attn.o_proj.lora_{}.weight"
    weights = {
        layer.format("A"): np.ones((4, 576), np.float32),
        layer.format("B"): np.zeros((576, 4), np.float32),
    }
    notes = {"data": "40 | made up"}
    save_adapter(path, weights, base=base, recipe=Recipe(rank=4), name="mine", notes=notes)


def doctor_says(done, name="adapter"):
    return next(check for check in done.form["checks"] if check["name"] == name)


@pytest.mark.model
def test_what_is_shipped_is_used_and_shown(shipped, adapter):
    ask = f"ask|{QUESTION}|--json"
    ingest, auto, off, named, screen, doctor, without, listed, verified = shipped.ragkit(
        "ingest", ask, f"{ask}|--lora|none", f"{ask}|--lora|{adapter}", f"ask|{QUESTION}",
        "doctor|--json", "models|list", "models|list|--json", "models|verify|--json",
    )  # fmt: skip
    assert ingest.code == 0
    sha256 = sha256_of(adapter)
    assert auto.form["model"]["adapter"] == {"name": SHIPPED, "sha256": sha256}
    assert off.form["model"] == {**auto.form["model"], "adapter": None}
    assert named.form["model"]["adapter"] == {"name": "any name", "sha256": sha256}
    assert auto.form["completion"] == named.form["completion"] != off.form["completion"]
    assert f" {NAME} + {SHIPPED}, zero-shot " in screen.out
    size = f"{adapter.stat().st_size / 1000:.0f} kB"
    assert doctor_says(doctor) == {
        "name": "adapter",
        "good": True,
        "found": f"{SHIPPED}, rank 2, {size}, as it was shipped",
        "hint": "",
    }
    assert f"{SHIPPED} is the LoRA adapter of {NAME}, applied by default." in without.out
    rows = {row["name"]: row["adapter"] for row in listed.form["models"]}
    assert {name for name, found in rows.items() if found} == {NAME}
    states = {row["name"]: row["state"] for row in verified.form["models"]}
    readers = {one.name: "whole" for one in load_readers()}
    assert states == {"all-MiniLM-L6-v2": "whole", NAME: "whole", SHIPPED: "whole", **readers}


@pytest.mark.model
def test_one_that_is_damaged_or_missing_is_said_with_what_to_do(shipped):
    path = shipped.package / f"models/adapters/{SHIPPED}.gguf"
    whole = path.read_bytes()
    doctor, verify, ask = "doctor|--json", f"models|verify|{NAME}|--json", f"ask|{QUESTION}|--json"
    try:
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        damaged = shipped.ragkit("ingest", ask, f"{ask}|--lora|none", doctor, verify)
        path.unlink()
        missing = shipped.ragkit("ingest", ask, f"{ask}|--lora|none", doctor, verify)
    finally:
        path.write_bytes(whole)
    for (_, asked, off, looked, verified), state in ((damaged, "damaged"), (missing, "missing")):
        assert (asked.code, asked.out) == (1, "")
        assert f"the adapter {path} is {state}" in " ".join(asked.err.split())
        assert "or do without the adapter: --lora none" in asked.err
        assert off.code == 0
        assert not doctor_says(looked)["good"]
        assert state in doctor_says(looked)["found"]
        assert doctor_says(looked, "model")["good"]
        assert [row["state"] for row in verified.form["models"]] == ["whole", state]
        assert verified.code == 1


@pytest.mark.model
def test_shipping_again_replaces_what_was_there(shipped, adapter):
    catalogue = shipped.package / "models/catalogue.toml"
    tables = tomllib.loads(catalogue.read_text("utf-8"))
    (row,) = tables["adapter"]
    entry = AdapterEntry(**row)
    assert (entry.rank, entry.model, entry.path.name) == (2, NAME, f"{SHIPPED}.gguf")
    card = check_described(entry, shipped.package)
    assert facts_of(card)["matrices"] == "30 pairs, F32: attn_q (30)"
    before = catalogue.read_bytes()
    assert shipped.ship(adapter, "--licence", "MIT").returncode == 0
    assert catalogue.read_bytes() == before
    assert (
        tables["model"]
        == tomllib.loads((ROOT / "ragkit/models/catalogue.toml").read_text("utf-8"))["model"]
    )


@pytest.mark.model
def test_the_card_tells_what_the_training_wrote_into_the_file(shipped, adapter, tmp_path):
    trained(tmp_path / "mine.gguf")
    assert shipped.ship(tmp_path / "mine.gguf").returncode == 0
    try:
        facts = facts_of((shipped.package / "models/adapters/README.md").read_text("utf-8"))
        assert facts["rank, alpha"] == "4, 32"
        assert facts["matrices"] == "1 pairs, F16: attn_output (1)"
        assert facts["licence"] == find_entry(NAME).licence == "Apache-2.0"
        assert facts["data"] == "40 / made up"
        assert json.loads(facts["recipe"])["rank"] == 4
    finally:
        assert shipped.ship(adapter, "--licence", "MIT").returncode == 0


@pytest.mark.model
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.write_bytes(b"GGUF"), "cannot be read as GGUF"),
        (lambda path: write_lora(path, query_matrices(), kind="dora"), "is no LoRA adapter"),
        (lambda path: write_lora(path, query_matrices()), "names no licence"),
        (lambda path: trained(path, sha256="0" * 64), "was trained for weights of the sha256 0000"),
        (lambda path: trained(path, layers=99, architecture="qwen2"), "arch mismatch"),
        (lambda path: write_lora(path, query_matrices(rank=5000)), "the most is 20,000,000"),
    ],
)
def test_what_cannot_be_used_is_not_shipped(copy, tmp_path, make, reason):
    def state():
        models = copy.package / "models"
        return {
            path.name: path.read_bytes() for path in models.rglob("*.*") if path.suffix != ".pyc"
        }

    make(tmp_path / "wrong.gguf")
    before = state()
    done = copy.ship(tmp_path / "wrong.gguf")
    assert done.returncode == 1
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
    assert state() == before
