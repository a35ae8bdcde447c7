"""Whether the weights on this machine are the ones that were published."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

from ragkit.files import sha256_of, sha256_once, translate_disk_errors
from ragkit.models.catalogue import (
    AdapterEntry,
    PackagedWeights,
    ReaderEntry,
    find_entry,
    load_adapters,
    load_catalogue,
    load_readers,
    unknown_model,
)
from ragkit.models.finding import known_names, locate, weights_path
from ragkit.models.pulled import (
    FILES,
    PulledModel,
    find_pulled,
    folder_of,
    list_pulled,
    missing_part,
    opened_path,
)

State = Literal["whole", "damaged", "missing"]


class Verification(NamedTuple):
    """The state of one model's weights, or of an adapter or a reader."""

    name: str
    state: State
    path: str
    """The file that was hashed, or the one that is wrong; empty where all of it is missing."""


def verify_model(name: str, *, cache_dir: Path, afresh: bool = False) -> Verification:
    """Return whether a model has, byte for byte, the files that were published.

    Args:
        name: In the catalogue, or of a pulled model.
        cache_dir: Where pulled models are.
        afresh: Read every byte again, though a file of this size and time was read before.

    Raises:
        UsageError: An unknown name.
    """
    hash_of = sha256_of if afresh else partial(sha256_once, cache_dir=cache_dir)
    pulled = find_pulled(name, cache_dir=cache_dir)
    if pulled is not None:
        return _verify_pulled(pulled, cache_dir, hash_of)
    entry = find_entry(name)
    if entry is None:
        raise unknown_model(name, known_names(cache_dir=cache_dir))
    located = locate(entry, cache_dir=cache_dir)
    file = weights_path(entry, located.path) if located else None
    if located is None or file is None or not file.is_file():
        return Verification(entry.name, "missing", "")
    whole = hash_of(file) == located.sha256
    return Verification(entry.name, "whole" if whole else "damaged", str(file))


def verify_shipped(
    entry: AdapterEntry | ReaderEntry, *, cache_dir: Path, afresh: bool = False
) -> Verification:
    """Return whether a file that comes with ragkit is, byte for byte, the one that was shipped.

    Args:
        entry: Of the catalogue.
        cache_dir: Where it is remembered what was read before.
        afresh: Read every byte again.

    Raises:
        StorageError: It cannot be read.
    """
    path = entry.path
    if not path.is_file():
        return Verification(entry.name, "missing", "")
    with translate_disk_errors(path):
        digest = sha256_of(path) if afresh else sha256_once(path, cache_dir=cache_dir)
    return Verification(entry.name, "whole" if digest == entry.sha256 else "damaged", str(path))


def verify_all_of(name: str, *, cache_dir: Path) -> tuple[Verification, ...]:
    """Return the state of a model and of what comes with ragkit for it, every byte read again.

    Args:
        name: Of a model, as `verify_model` takes it, or of an adapter or a reader.
        cache_dir: Where pulled models are.

    Raises:
        UsageError: An unknown name.
    """
    adapters = [one for one in load_adapters() if name.lower() in (one.name, one.model)]
    readers = [one for one in load_readers() if name.lower() in (one.name, one.encoder.lower())]
    shipped: list[AdapterEntry | ReaderEntry] = [*adapters, *readers]
    checks = (verify_shipped(one, cache_dir=cache_dir, afresh=True) for one in shipped)
    if any(one.name == name.lower() for one in shipped):
        return tuple(checks)
    return (verify_model(name, cache_dir=cache_dir, afresh=True), *checks)


def names_to_verify(cache_dir: Path) -> tuple[str, ...]:
    """Return the models that should be here: the bundled ones, and those that were pulled."""
    bundled = [one.name for one in load_catalogue() if isinstance(one.source, PackagedWeights)]
    return (*bundled, *(one.name for one in list_pulled(cache_dir)))


def _verify_pulled(
    model: PulledModel, cache_dir: Path, hash_of: Callable[[Path], str]
) -> Verification:
    files = folder_of(model.name, cache_dir=cache_dir) / FILES
    wrong = missing_part(model, cache_dir=cache_dir) or next(
        (file.path for file in model.files if hash_of(files / file.path) != file.sha256),
        "",
    )
    path = files / wrong if wrong else opened_path(model, cache_dir=cache_dir)
    return Verification(model.name, "damaged" if wrong else "whole", str(path))
