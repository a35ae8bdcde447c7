"""Outcomes on disk: a header that says what they depend on, then a line each, as soon as known."""

import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ragkit
from ragkit.ask import AskOptions
from ragkit.index import LocalIndex
from ragkit.records import ModelInfo

FORMAT_VERSION = 1


def describe_run(options: AskOptions, index: LocalIndex, model: ModelInfo) -> dict[str, Any]:
    """Return what outcomes depend on, but for the question and the way to ask it."""
    code = hashlib.sha256()
    for folder in (Path(ragkit.__file__).parent, Path(__file__).parent):
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".toml"):
                code.update(path.read_bytes())
    return {
        "format_version": FORMAT_VERSION,
        "model": model.name,
        "weights": model.sha256,
        "adapter": model.adapter,
        "encoder": index.encoder_fingerprint,
        "chunks": index.chunk_count(),
        "options": repr(options),
        "code": code.hexdigest(),
    }


def open_run(path: Path, header: Mapping[str, Any], *, anew: bool) -> list[dict[str, Any]]:
    """Return the outcomes that a file holds; make it, with its header, where there is none.

    A last line that was torn is left out, and cut off so that the next one starts a line. The
    program ends where the file is of another run.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    text = path.read_text(encoding="utf-8") if path.exists() and not anew else ""
    found, outcomes = read_run(text)
    other = [key for key, value in header.items() if found.get(key) != value]
    if found and other:
        differs = ", ".join(other)
        sys.exit(f"{path} is of another run ({differs}): give another --out, or --anew")
    whole = text[: text.rfind("\n") + 1]
    path.write_text(whole or json.dumps(header) + "\n", encoding="utf-8")
    return outcomes


def read_run(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    r"""Return the header and the outcomes of a file, without a last line that was torn.

    >>> read_run('{"model": "m"}\n{"id": "1"}\n{"id": "2')
    ({'model': 'm'}, [{'id': '1'}])
    """
    header, *outcomes = text.split("\n")[:-1] or ["{}"]
    return json.loads(header), [json.loads(line) for line in outcomes]


def add_outcome(path: Path, outcome: Mapping[str, Any]) -> None:
    """Add an outcome to a file, complete before the next question is asked."""
    with path.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(outcome, ensure_ascii=False) + "\n")


def tell(notice: str) -> None:
    """Print something to stderr."""
    print(notice, file=sys.stderr, flush=True)
