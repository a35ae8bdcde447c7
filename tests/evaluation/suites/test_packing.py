"""The built-in suites and adapters come with `pip install`: a wheel holds all that they need."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("setuptools", reason="a wheel is built with setuptools")

REPOSITORY = Path(__file__).parents[3]
BUILD = "from setuptools.build_meta import build_wheel as b; b({!r})"
LOAD = """
import sys
from pathlib import Path
import ragkit
from ragkit.documents import find_documents
from ragkit.evaluation.suites import BUILT_IN, load_suite
from ragkit.files import sha256_of
from ragkit.models import load_adapters

assert Path(ragkit.__file__).is_relative_to(sys.argv[1]), ragkit.__file__
for name in BUILT_IN:
    suite = load_suite(name, evals_dir=Path("evals"))
    names = {file.name for file in find_documents(suite.corpus).files}
    assert suite.built_in and names >= {g.document for s in suite.samples for g in s.gold}
    assert suite.corpus.is_relative_to(sys.argv[1])
    print(name, len(suite.samples), len(names))
variants = Path(ragkit.__file__).parent / "evaluation/variants"
assert (variants / "instructions.toml").is_file()
assert list((variants / "examples").glob("*.toml"))
for adapter in load_adapters():
    assert adapter.path.is_relative_to(sys.argv[1])
    assert sha256_of(adapter.path) == adapter.sha256
assert (Path(ragkit.__file__).parent / "models/adapters/README.md").is_file()
"""


def run(folder, *arguments):
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env={**os.environ, "PYTHONPATH": ""},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_wheel_brings_suites_and_adapters(tmp_path):
    source = tmp_path / "source"
    ignored = shutil.ignore_patterns("__pycache__", "runs", "public", "tools")
    for name in ("ragkit", "evals"):
        shutil.copytree(REPOSITORY / name, source / name, ignore=ignored)
    for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, source)
    run(source, "-c", BUILD.format(str(tmp_path)))
    [wheel] = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
        assert not [name for name in archive.namelist() if "/src/" in name or "bundles" in name]
        template = REPOSITORY / "ragkit/evaluation/report/template"
        names = {f"ragkit/evaluation/report/template/{file.name}" for file in template.iterdir()}
        assert len(names) > 5
        assert names <= set(archive.namelist())
    script = tmp_path / "load.py"
    script.write_text(f"import sys; sys.path.insert(0, sys.argv[1])\n{LOAD}")
    printed = run(tmp_path, "-P", script, site).splitlines()
    assert printed[0] == "hallucination 340 14"
    assert len(printed) == 4
