"""Which LoRA adapter a model is run with: the one that comes for it, a file that is named, or none.

It applies none; see `ragkit.llms.native`.
"""

from pathlib import Path

from ragkit.errors import ModelError
from ragkit.files import sha256_once, translate_disk_errors
from ragkit.llms import LoraAdapter
from ragkit.models.catalogue import AdapterEntry, PackagedWeights, find_entry, load_adapters
from ragkit.models.verification import verify_shipped

AUTO_ADAPTER, NO_ADAPTER = "auto", "none"


def names_file(lora: str) -> bool:
    """Return whether a value of the setting `lora` is a path: neither "auto" nor "none" nor empty.

    >>> [names_file(lora) for lora in ("auto", "none", "", "./auto")]
    [False, False, False, True]
    """
    return lora not in (AUTO_ADAPTER, NO_ADAPTER, "")


def shipped_adapter(weights_sha256: str) -> AdapterEntry | None:
    """Return the adapter that comes with ragkit for weights; None where none was made for them.

    The weights count, not what they are called: those of another model never get it, nor do the
    same in another quantisation, with which it was not measured.

    Args:
        weights_sha256: Of the file as it was published.
    """
    for adapter in load_adapters():
        model = find_entry(adapter.model, kind="llm")
        source = model.source if model else None
        if isinstance(source, PackagedWeights) and source.sha256 == weights_sha256:
            return adapter
    return None


def find_adapter(
    lora: str, *, weights_sha256: str, cache_dir: Path, scale: float = 1.0
) -> LoraAdapter | None:
    """Return the adapter to run a model with; None for none.

    Args:
        lora: "auto" for the one that comes for these weights, if any does; "none" or empty for
            none; else the path of a GGUF file.
        weights_sha256: Of the model's file as it was published.
        cache_dir: Where it is remembered what was hashed before.
        scale: How strongly it works; 1 as it was trained.

    Raises:
        ModelError: The adapter is missing, or it is the one that comes with ragkit and is damaged.
        StorageError: It cannot be read.
    """
    if names_file(lora):
        path = Path(lora).expanduser()
        if not path.is_file():
            raise ModelError(
                f"there is no LoRA adapter at {path}",
                hint="check --lora: the path of a .gguf file, auto, or none",
            )
        with translate_disk_errors(path):
            return LoraAdapter(path, sha256_once(path, cache_dir=cache_dir), scale)
    entry = shipped_adapter(weights_sha256) if lora == AUTO_ADAPTER else None
    if entry is None:
        return None
    state = verify_shipped(entry, cache_dir=cache_dir).state
    if state != "whole":
        wrong = "missing" if state == "missing" else "damaged: its sha256 is not the one published"
        raise ModelError(
            f"the adapter {entry.path} is {wrong}",
            hint="install ragkit again, or do without the adapter: --lora none",
        )
    return LoraAdapter(entry.path, entry.sha256, scale)
