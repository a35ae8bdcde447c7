"""A model's name on a hub, such as "intfloat/e5-small", to its folder on this machine.

What is in the hub's own cache is used as it is, without the network. What is not is downloaded,
with a notice; a download that breaks off goes on where it was. Code that comes with a model is
never run.
"""

import errno
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ragkit.errors import ModelError, RagkitError
from ragkit.files import disk_error
from ragkit.protocols import NoticeListener, ignore_notice

_NAME = re.compile(r"[\w][\w.-]*/[\w][\w.-]*", re.ASCII)
_WEIGHTS = (".safetensors", ".bin")
_WANTED = ["*.json", "*.txt", "*.model", "*.safetensors"]
_UNWANTED = ["onnx/*", "*/onnx/*", "openvino/*", "*/openvino/*"]


@dataclass(frozen=True, slots=True)
class Hub:
    """Where models are downloaded from and kept."""

    offline: bool = False
    """Only what is on this machine."""
    cache_dir: Path | None = None
    """The hub's cache; None for that of huggingface_hub, which all its users share."""
    endpoint: str | None = None
    """Address of the hub; None for HF_ENDPOINT, or that of huggingface_hub."""


LOCAL_ONLY = Hub(offline=True)


def is_hub_name(name: str) -> bool:
    """Return whether a name has the form owner/model.

    >>> is_hub_name("intfloat/e5-small"), is_hub_name("../models/mine"), is_hub_name("e5-small")
    (True, False, False)
    """
    return _NAME.fullmatch(name) is not None


def find_on_hub(name: str, *, hub: Hub, on_notice: NoticeListener = ignore_notice) -> Path:
    """Return the folder of a sentence-transformers model on a hub, downloaded where it is not here.

    Raises:
        ModelError: There is no such model, it is not here and the network may not be used, or the
            download broke off.
        StorageError: The disk is full.
    """
    found = _find_cached(name, hub)
    if found is not None:
        return found
    if hub.offline or _told_to_be_offline():
        raise ModelError(
            f"encoder {name!r} is neither a folder nor a model on this machine, and the network is"
            " not to be used",
            hint=f"fetch it once: RAGKIT_OFFLINE=0 ragkit doctor --encoder {name}",
        )
    return _download(name, hub, on_notice)


def _find_cached(name: str, hub: Hub) -> Path | None:
    """Return the folder of a whole model in the hub's cache."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        folder = snapshot_download(
            name,
            cache_dir=hub.cache_dir,
            allow_patterns=_WANTED,
            ignore_patterns=_UNWANTED,
            local_files_only=True,
        )
    except LocalEntryNotFoundError:
        return None
    path = Path(folder)
    weights = any(one.suffix in _WEIGHTS for one in path.rglob("*"))
    return path if weights and (path / "modules.json").is_file() else None


def _told_to_be_offline() -> bool:
    from huggingface_hub import constants

    return bool(constants.HF_HUB_OFFLINE)


def _download(name: str, hub: Hub, on_notice: NoticeListener) -> Path:
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.utils import disable_progress_bars, logging  # type: ignore[attr-defined]

    endpoint = hub.endpoint or os.environ.get("HF_ENDPOINT") or constants.ENDPOINT
    common: dict[str, Any] = {
        "cache_dir": hub.cache_dir,
        "endpoint": endpoint,
        "library_name": "ragkit",
    }
    disable_progress_bars()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        files = snapshot_download(
            name,
            allow_patterns=[*_WANTED, "*.bin"],
            ignore_patterns=_UNWANTED,
            dry_run=True,
            **common,
        )
        names = _choose_files([file.filename for file in files])
        missing = [file for file in files if file.filename in names and file.will_download]
        size_mb = sum(file.file_size or 0 for file in missing) / 1e6
        _refuse_what_is_no_encoder(name, names)
        on_notice(f"downloading {name}, {size_mb:,.1f} MB, from {endpoint} (once)")
        return Path(snapshot_download(name, allow_patterns=names, **common))
    except RagkitError:
        raise
    except Exception as error:  # its HTTP library's errors change from version to version
        raise _explain(error, name, endpoint) from error


def _choose_files(names: Sequence[str]) -> list[str]:
    """Return the files to fetch: weights in one form, the safe one where there is a choice.

    >>> _choose_files(["modules.json", "pytorch_model.bin", "model.safetensors"])
    ['modules.json', 'model.safetensors']
    """
    safe = any(name.endswith(".safetensors") for name in names)
    return [name for name in names if not (safe and name.endswith(".bin"))]


def _refuse_what_is_no_encoder(name: str, files: Sequence[str]) -> None:
    if "modules.json" not in files:
        raise ModelError(
            f"{name} on the hub is not a sentence-transformers model: it holds no modules.json",
            hint="name another with --encoder",
        )


def _explain(error: Exception, name: str, endpoint: str) -> RagkitError:
    """Return what an error of huggingface_hub means to a user."""
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

    causes: list[BaseException] = [error]
    while causes[-1].__cause__ is not None:
        causes.append(causes[-1].__cause__)
    statuses = {getattr(getattr(one, "response", None), "status_code", 0) for one in causes}
    if any(isinstance(one, GatedRepoError) for one in causes):
        return ModelError(
            f"{name} is given only to those who agreed to its terms on {endpoint}/{name}",
            hint="agree there, then: hf auth login",
        )
    if statuses & {401, 404} or any(isinstance(one, RepositoryNotFoundError) for one in causes):
        return ModelError(
            f"there is no folder {name}, and {endpoint} has no such model, or keeps it private",
            hint="check the name, or for a private model: hf auth login",
        )
    cause = causes[-1]
    if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT, errno.EACCES):
        return disk_error(Path(str(cause.filename or "the hub's cache")), cause)
    told = str(cause).partition("\n")[0] or type(cause).__name__
    return ModelError(
        f"{name} could not be downloaded from {endpoint}: {told}",
        hint="run the same command again: what came is kept",
    )
