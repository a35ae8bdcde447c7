"""Which weights are known by name, what is known of them, and where they can be had.

It looks for nothing on this machine; see `finding`.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal

from ragkit.errors import UsageError

Kind = Literal["encoder", "llm"]

_CATALOGUE = Path(__file__).with_name("catalogue.toml")
_SIMILAR = 0.4
"""How like a known name a wrong one must be to be taken for a slip, 0 to 1."""


@dataclass(frozen=True, slots=True)
class PackagedWeights:
    """Weights that a Python package brings."""

    package: str
    module: str
    """Under which name that package is imported; it is only located, never imported."""
    path: str
    """The folder or file to open, inside the module."""
    weights: str
    """The file whose sha256 is known: inside `path` where that is a folder, else `path` itself."""
    sha256: str


@dataclass(frozen=True, slots=True)
class HubWeights:
    """Weights in a repository on a hub; their sha256 is in its listing."""

    repo: str
    file: str = ""
    """The GGUF file, the first of them where there are several; empty for an encoder."""


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model that the catalogue knows; the fields are explained in catalogue.toml."""

    name: str
    kind: Kind
    description: str
    licence: str
    languages: tuple[str, ...]
    parameters: int
    size_bytes: int
    context: int
    source: PackagedWeights | HubWeights
    dim: int = 0
    cache_bytes: int = 0
    verified: bool = False


@dataclass(frozen=True, slots=True)
class AdapterEntry:
    """A LoRA adapter that comes with ragkit; the fields are explained in catalogue.toml."""

    name: str
    model: str
    """The name in the catalogue of the model that it was trained for."""
    file: str
    sha256: str
    size_bytes: int
    rank: int
    licence: str
    card: str

    @property
    def path(self) -> Path:
        """Where the file should be."""
        return _CATALOGUE.parent / self.file


@dataclass(frozen=True, slots=True)
class ReaderEntry:
    """A reader that comes with ragkit; the fields are explained in catalogue.toml."""

    name: str
    encoder: str
    """The name in the catalogue of the encoder whose embeddings of tokens it reads."""
    file: str
    sha256: str
    size_bytes: int
    licence: str
    card: str

    @property
    def path(self) -> Path:
        """Where the file should be."""
        return _CATALOGUE.parent / self.file


@cache
def load_catalogue() -> tuple[ModelEntry, ...]:
    """Return the models known by name."""
    return tuple(_parse_entry(row) for row in _read_tables()["model"])


@cache
def load_adapters() -> tuple[AdapterEntry, ...]:
    """Return the LoRA adapters that come with ragkit."""
    return tuple(AdapterEntry(**row) for row in _read_tables().get("adapter", ()))


@cache
def load_readers() -> tuple[ReaderEntry, ...]:
    """Return the readers that come with ragkit."""
    return tuple(ReaderEntry(**row) for row in _read_tables().get("reader", ()))


def _read_tables() -> dict[str, Any]:
    return tomllib.loads(_CATALOGUE.read_text(encoding="utf-8"))


def _parse_entry(row: dict[str, Any]) -> ModelEntry:
    kind = PackagedWeights if "package" in row else HubWeights
    source = kind(**{name: row.pop(name) for name in kind.__slots__ if name in row})
    return ModelEntry(**row | {"languages": tuple(row["languages"])}, source=source)


def find_entry(name: str, *, kind: Kind | None = None) -> ModelEntry | None:
    """Return the catalogue's entry of a name, whatever its letter case; None for another.

    >>> find_entry("SmolLM2-135M-Instruct").context
    8192
    """
    entries = (one for one in load_catalogue() if kind in (None, one.kind))
    return next((one for one in entries if one.name.lower() == name.lower()), None)


def unknown_model(name: str, known: Iterable[str], *, what: str = "model") -> UsageError:
    """Return the error for a name that no model has, with those most like it.

    >>> unknown_model("qwen3-4", ["qwen3-0.6b", "qwen3-4b", "gemma-3-1b-it"]).message
    "unknown model 'qwen3-4'; like it: qwen3-4b, qwen3-0.6b"
    """
    lower = {one.lower(): one for one in known}
    wanted = name.lower()
    longer = [one for one in lower if one.startswith(wanted)]
    close = dict.fromkeys([*longer, *get_close_matches(wanted, lower, n=3, cutoff=_SIMILAR)])
    like = f"; like it: {', '.join(lower[one] for one in list(close)[:3])}" if close else ""
    return UsageError(
        f"unknown {what} {name!r}{like}",
        hint="see the names: ragkit models list",
    )
