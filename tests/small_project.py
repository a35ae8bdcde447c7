"""A small project folder for tests, and the command line run in it without a new process."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from ragkit.cli.main import main

COURSE = {
    "notes.md": (
        "# Dropout\n\nThe original Transformer used a dropout rate of 0.1.\n\n"
        "# Pooling\n\nMean pooling averages the token embeddings of a text.\n"
    ),
    "week1/lecture.html": (
        "<html><head><title>Attention</title></head><body><h1>Attention</h1>"
        "<p>Attention weighs every token by its relevance to the query.</p></body></html>"
    ),
    "week1/syllabus.txt": "Homework is due on Friday at noon.\n",
}
QUESTION = "What dropout rate did the original Transformer use?"
ANSWER = "The original Transformer used a dropout rate of 0.1."
UNANSWERABLE = "Which zebra won the election in Paraguay?"
TINY_MODELS = {"RAGKIT_ENCODER": "hashing", "RAGKIT_MODEL": "scripted:copy-first-source"}


def write_project(folder: Path, documents: Mapping[str, str] = COURSE) -> Path:
    """Write a project with these documents in its corpus and return its folder."""
    for name, text in documents.items():
        path = folder / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def form(self) -> Any:
        """The one JSON object on stdout."""
        (line,) = self.out.splitlines()
        return json.loads(line)

    @property
    def forms(self) -> list[Any]:
        """A JSON object for each line of stdout."""
        return [json.loads(line) for line in self.out.splitlines()]

    def lines(self, start: str) -> list[str]:
        """Return the lines of stderr that begin so, without it."""
        found = (line.strip() for line in self.err.splitlines())
        return [line.removeprefix(start) for line in found if line.startswith(start)]


def run_ragkit(capfd, *arguments: str | Path) -> Done:
    """Run the command line in this process."""
    capfd.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    out, err = capfd.readouterr()
    return Done(int(ended.value.code or 0), out, err)


def run_process(
    folder: Path,
    *arguments: str,
    code: str = "",
    variables: Mapping[str, str] = MappingProxyType(TINY_MODELS),
) -> Done:
    """Run the command line, or Python code that calls `main`, in a process of its own."""
    start = ["-c", code] if code else ["-m", "ragkit"]
    done = subprocess.run(
        [sys.executable, *start, *arguments],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def assert_refused(done: Done, code: int, message: str, *, step: str = "") -> None:
    """Check that a command ended with one clear line, the next step, and nothing on stdout."""
    assert "Traceback" not in done.err, done.err
    assert done.code == code, done.err
    (error,) = done.lines("error: ")
    (next_step,) = done.lines("next: ")
    assert message in error
    assert step in next_step
    assert next_step
    assert done.out == ""
