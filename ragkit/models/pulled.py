"""The models that were pulled: a folder each in the cache, with a record of what it holds.

A folder appears under its name only when it is whole; see `pulling`. It fetches nothing.
"""

import glob
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ragkit.errors import ModelError
from ragkit.files import translate_disk_errors, write_text_atomically
from ragkit.models.catalogue import Kind

FILES = "files"
"""The folder inside a model's folder that holds what was pulled."""
_RECORD = "record.json"
_RECORD_VERSION = 1


@dataclass(frozen=True, slots=True)
class PulledFile:
    """A file of a pulled model."""

    path: str
    """Inside the model's folder of files, with forward slashes."""
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PulledModel:
    """What is recorded of a pulled model."""

    name: str
    """What a user calls it."""
    kind: Kind
    source: str
    """Where it came from, in the form that `models pull` takes."""
    revision: str
    """The commit in the hub's repository; empty for a URL."""
    licence: str
    """As the source states it; empty where it does not."""
    context: int
    """Tokens that it reads at once; 0 where it does not say."""
    cache_bytes: int
    """Of key-value cache that a token takes; 0 for an encoder."""
    parameters: int
    """How many numbers it is made of; 0 where that is not known."""
    pulled_at: str
    """When, in the form of ISO 8601, UTC."""
    files: tuple[PulledFile, ...]
    """The one to open first."""

    @property
    def size_bytes(self) -> int:
        """Of all its files."""
        return sum(file.size_bytes for file in self.files)


def models_folder(cache_dir: Path) -> Path:
    """Return where models are kept in a cache."""
    return cache_dir / "models"


def folder_of(name: str, *, cache_dir: Path) -> Path:
    """Return the folder of a pulled model; it need not be there.

    >>> folder_of("owner/model:Q4_K_M", cache_dir=Path("cache")).as_posix()
    'cache/models/owner--model--Q4_K_M'
    """
    safe = name.replace("/", "--").replace("\\", "--").replace(":", "--")
    return models_folder(cache_dir) / safe.lstrip(".")


def opened_path(model: PulledModel, *, cache_dir: Path) -> Path:
    """Return what a back end opens: the folder of an encoder, the (first) file of an LLM."""
    files = folder_of(model.name, cache_dir=cache_dir) / FILES
    return files if model.kind == "encoder" else files / model.files[0].path


def list_pulled(cache_dir: Path) -> tuple[PulledModel, ...]:
    """Return the models that were pulled, by name; folders without a whole record are left out."""
    records = sorted(models_folder(cache_dir).glob(f"[!.]*/{_RECORD}"))
    found = (_read_record(path) for path in records)
    return tuple(model for model in found if model is not None)


def find_pulled(name: str, *, cache_dir: Path, kind: Kind | None = None) -> PulledModel | None:
    """Return a pulled model by its name or source, whatever the letter case; None if there is none.

    A repository alone stands for what was pulled from it, where that is one model.
    """
    models = [one for one in list_pulled(cache_dir) if kind in (None, one.kind)]
    wanted = name.lower().removeprefix("hf:")
    exact = [one for one in models if wanted in (one.name.lower(), _plain_source(one))]
    parts = [one for one in models if _plain_source(one).startswith(f"{wanted}:")]
    matches = exact or parts
    return matches[0] if len(matches) == 1 or exact else None


def missing_part(model: PulledModel, *, cache_dir: Path) -> str:
    """Return which of a model's files is not there in its full size; empty where all are."""
    files = folder_of(model.name, cache_dir=cache_dir) / FILES
    for file in model.files:
        path = files / file.path
        if not path.is_file() or path.stat().st_size != file.size_bytes:
            return file.path
    return ""


def require_whole(model: PulledModel, *, cache_dir: Path) -> Path:
    """Return what a back end opens of a pulled model.

    Raises:
        ModelError: One of its files is missing or has another size.
    """
    missing = missing_part(model, cache_dir=cache_dir)
    if missing:
        raise ModelError(
            f"{model.name} is damaged: {missing} is missing or has another size",
            hint=f"ragkit models pull {model.name}",
        )
    return opened_path(model, cache_dir=cache_dir)


def remove_pulled(model: PulledModel, *, cache_dir: Path) -> None:
    """Delete a pulled model, and what was made of it for this machine's CPU.

    It is gone at once or not at all, whenever the deleting ends.

    Raises:
        StorageError: It cannot be deleted.
    """
    folder = folder_of(model.name, cache_dir=cache_dir)
    with translate_disk_errors(folder):
        gone = folder.with_name(f".{folder.name}.gone.part")
        shutil.rmtree(gone, ignore_errors=True)
        folder.replace(gone)
        shutil.rmtree(gone)
        folder.with_name(f".{folder.name}.lock").unlink(missing_ok=True)
        first = model.files[0]
        stem = PurePosixPath(first.path).stem
        for made in folder.parent.glob(f"{glob.escape(stem)}.{first.sha256[:12]}.*"):
            made.unlink()


def write_record(model: PulledModel, folder: Path) -> None:
    """Write the record of a model into its folder."""
    form = {"format_version": _RECORD_VERSION, **asdict(model)}
    write_text_atomically(folder / _RECORD, json.dumps(form, indent=1))


def _read_record(path: Path) -> PulledModel | None:
    try:
        form: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if form.pop("format_version") != _RECORD_VERSION:
            return None
        files = tuple(PulledFile(**file) for file in form.pop("files"))
        return PulledModel(files=files, **form) if files else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _plain_source(model: PulledModel) -> str:
    return model.source.lower().removeprefix("hf:")
