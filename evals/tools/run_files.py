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
    lines = text[: text.rfind("\n") + 1].splitlines()
    if lines:
        found = json.loads(lines[0])
        other = [key for key, value in header.items() if found.get(key) != value]
        if other:
            differs = ", ".join(other)
            sys.exit(f"{path} is of another run ({differs}): give another --out, or --anew")
    path.write_text("\n".join([*(lines or [json.dumps(header)]), ""]), encoding="utf-8")
    return [json.loads(line) for line in lines[1:]]


def add_outcome(path: Path, outcome: Mapping[str, Any]) -> None:
    """Add an outcome to a file, complete before the next question is asked."""
    with path.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(outcome, ensure_ascii=False) + "\n")


def tell(notice: str) -> None:
    """Print something to stderr."""
    print(notice, file=sys.stderr, flush=True)
