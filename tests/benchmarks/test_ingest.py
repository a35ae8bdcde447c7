"""Ingest: 10,000 documents of which none has changed, and documents a second from file to index.

Run with: make bench. To reach: a second ingest of 10,000 unchanged documents in at most 2 s from a
cold process, in which no document is opened.
"""

import os
import subprocess
import sys

import pytest

from tests.small_project import TINY_MODELS, write_project

DOCUMENTS = 10_000
PARAGRAPH = (
    "The animal of note {} sleeps in the sun until somebody comes along, and then it eats {} apples"
    " before it goes back to where it came from.\n\n"
)

pytestmark = pytest.mark.benchmark(min_rounds=3, warmup=False)


def run_ingest(project, **variables):
    done = subprocess.run(
        [sys.executable, "-m", "ragkit", "ingest", "--quiet"],
        cwd=project,
        env={**os.environ, **TINY_MODELS, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A project of 10,000 ingested documents in 100 folders."""
    return write_project(
        tmp_path_factory.mktemp("many"),
        {
            f"week {number // 100}/note {number}.md": f"# Note {number}\n\n"
            + PARAGRAPH.format(number, number % 7)
            for number in range(DOCUMENTS)
        },
    )


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """A project of 40 documents with about 12 chunks each."""
    return write_project(
        tmp_path_factory.mktemp("few"),
        {
            f"{number}.md": "".join(
                f"# Part {part}\n\n" + PARAGRAPH.format(number, part) * 4 for part in range(12)
            )
            for number in range(40)
        },
    )


@pytest.mark.benchmark(group="ingest of 10,000 unchanged documents, cold")
def test_nothing_changed(benchmark, many, cache_dir):
    run_ingest(many, RAGKIT_CACHE_DIR=str(cache_dir))
    told = benchmark(run_ingest, many, RAGKIT_CACHE_DIR=str(cache_dir))
    assert told == f"0 new, 0 changed, {DOCUMENTS} unchanged, 0 removed, 0 failed\n"
    assert benchmark.stats["median"] <= 2.0


@pytest.mark.model
@pytest.mark.parametrize("encoder", ["hashing", "all-MiniLM-L6-v2"])
@pytest.mark.benchmark(group="ingest of 40 documents with 480 chunks, cold")
def test_all_is_new(benchmark, few, cache_dir, encoder):
    def begin_anew():
        for file in (few / "indexes").glob("**/*"):
            file.unlink(missing_ok=True) if file.is_file() else None
        return (few,), {"RAGKIT_CACHE_DIR": str(cache_dir), "RAGKIT_ENCODER": encoder}

    begin_anew()
    run_ingest(few, RAGKIT_CACHE_DIR=str(cache_dir), RAGKIT_ENCODER=encoder)  # prepares the encoder
    told = benchmark.pedantic(run_ingest, setup=begin_anew, rounds=3)
    assert told.startswith("40 new")
