"""A hub's repositories: what is in them, and what its refusals mean. It downloads no weights.

What other programs keep in the hub's own cache is found there and used as it is.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ragkit.errors import ModelError, RagkitError

_WEIGHTS = (".safetensors", ".bin")


@dataclass(frozen=True, slots=True)
class Hub:
    """How models are fetched from a hub, or anywhere."""

    offline: bool = False
    """Ask nobody."""
    endpoint: str = ""
    """Address of the hub; empty for HF_ENDPOINT, or that of huggingface_hub."""
    patience_s: float = 30.0
    """How long a server may be silent before the connection is given up and made anew."""
    first_wait_s: float = 0.5
    """Between two attempts; doubled each time."""

    @property
    def address(self) -> str:
        """The address that is asked."""
        if self.endpoint:
            return self.endpoint
        from huggingface_hub import constants

        return (os.environ.get("HF_ENDPOINT") or constants.ENDPOINT).rstrip("/")


class HubFile(NamedTuple):
    """A file of a repository."""

    path: str
    size_bytes: int
    sha256: str
    """Of a large file; empty for a small one."""
    git_sha1: str
    """Of a small file, as git counts it: with a header before it."""


class HubListing(NamedTuple):
    """What a repository holds."""

    revision: str
    """The commit."""
    licence: str
    """As its card says; empty where it does not."""
    files: tuple[HubFile, ...]
    parameters: int
    """How many numbers the model is made of; 0 where the hub does not say."""


def find_in_hub_cache(name: str, *, cache_dir: Path | None = None) -> Path | None:
    """Return the folder of a whole encoder in the hub's cache; None where it is not there."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        folder = snapshot_download(name, cache_dir=cache_dir, local_files_only=True)
    except LocalEntryNotFoundError:
        return None
    path = Path(folder)
    weights = any(one.suffix in _WEIGHTS for one in path.rglob("*"))
    return path if weights and (path / "modules.json").is_file() else None


def list_repository(repo: str, *, revision: str, hub: Hub) -> HubListing:
    """Return what a repository holds.

    Raises:
        ModelError: There is none, it is not for everyone, or the hub does not answer.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    api = HfApi(endpoint=hub.address, library_name="ragkit")
    try:
        info = api.model_info(repo, revision=revision, files_metadata=True, timeout=hub.patience_s)
    except Exception as error:  # its HTTP library's errors change from version to version
        raise _explain(error, repo, hub.address) from error
    card: Any = info.card_data or {}
    named = card.get("license_name") if card.get("license") == "other" else card.get("license")
    return HubListing(
        revision=info.sha or revision,
        licence=str(named or ""),
        files=tuple(_parse_file(one) for one in info.siblings or ()),
        parameters=info.safetensors.total if info.safetensors else 0,
    )


def _parse_file(file: Any) -> HubFile:
    large = file.lfs
    return HubFile(
        path=file.rfilename,
        size_bytes=(large.size if large else file.size) or 0,
        sha256=large.sha256 if large else "",
        git_sha1="" if large else file.blob_id or "",
    )


def file_url(repo: str, path: str, *, revision: str, hub: Hub) -> str:
    """Return where a file of a repository is fetched from."""
    from huggingface_hub import hf_hub_url

    return str(hf_hub_url(repo, path, revision=revision, endpoint=hub.address))


def hub_headers() -> dict[str, str]:
    """Return what is sent to a hub: who asks, and the token of HF_TOKEN or `hf auth login`."""
    from huggingface_hub import constants, get_token

    token = None if constants.HF_HUB_DISABLE_IMPLICIT_TOKEN else get_token()
    return {"user-agent": "ragkit", **({"authorization": f"Bearer {token}"} if token else {})}


def not_allowed(name: str, *, address: str, gated: bool) -> ModelError:
    """Return the error for what is not given to this user."""
    if gated:
        return ModelError(
            f"{name} is given only to those who agreed to its terms on {address}/{name}",
            hint="agree there, then: hf auth login, or set HF_TOKEN",
        )
    return ModelError(
        f"{address} has no model {name}, or keeps it private",
        hint="check the name, or for a private model: hf auth login, or set HF_TOKEN",
    )


def _explain(error: Exception, name: str, address: str) -> RagkitError:
    """Return what an error of huggingface_hub means to a user."""
    from huggingface_hub.errors import (
        GatedRepoError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    causes: list[BaseException] = [error]
    while causes[-1].__cause__ is not None:
        causes.append(causes[-1].__cause__)
    statuses = {getattr(getattr(one, "response", None), "status_code", 0) for one in causes}
    if any(isinstance(one, RevisionNotFoundError) for one in causes):
        return ModelError(f"{name} on {address} has no such revision", hint="leave out @REVISION")
    if statuses & {401, 403, 404} or any(isinstance(o, RepositoryNotFoundError) for o in causes):
        gated = any(isinstance(one, GatedRepoError) for one in causes)
        return not_allowed(name, address=address, gated=gated)
    told = str(causes[-1]).partition("\n")[0] or type(causes[-1]).__name__
    return ModelError(
        f"{address} does not tell what {name} holds: {told}",
        hint="check the connection, then run the same command again",
    )
