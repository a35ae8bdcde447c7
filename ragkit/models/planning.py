"""What will be fetched for a model: its source is asked what it holds, and the files are chosen.

Only the heads of files are asked for here.
"""

import hashlib
import time
from typing import Any, NamedTuple

from ragkit.errors import ModelError
from ragkit.models.catalogue import Kind, ModelEntry
from ragkit.models.choosing import choose_files
from ragkit.models.hub import Hub, file_url, hub_headers, list_repository
from ragkit.models.sources import HubSource, Source, UrlSource, default_name
from ragkit.models.transfer import RemoteFile


class Plan(NamedTuple):
    """What will be fetched, as its source lists it."""

    name: str
    kind: Kind
    source: str
    revision: str
    licence: str
    parameters: int
    files: tuple[tuple[str, RemoteFile], ...]
    """Each with its path in the model's folder; the one to open first."""
    headers: dict[str, str]

    @property
    def size_bytes(self) -> int:
        """Of all files, as far as the source says."""
        return sum(remote.size_bytes for _, remote in self.files)

    @property
    def identity(self) -> str:
        """Equal for two plans exactly when what came for one can go on as the other."""
        parts = [
            f"{self.source} {path} {one.size_bytes} {one.sha256 or one.git_sha1 or self.revision}"
            for path, one in self.files
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def make_plan(
    source: Source, name: str, entry: ModelEntry | None, *, hub: Hub, client: Any
) -> Plan:
    """Return what of a source will be fetched; the source is asked what there is.

    Args:
        source: A repository or a URL.
        name: What to call the model; empty for what the source gives.
        entry: What the catalogue knows of it.
        hub: Which hub.
        client: Over what a URL is asked.

    Raises:
        ModelError: There is no such model, it is not for everyone, or nobody answers.
    """
    if isinstance(source, UrlSource):
        return _plan_url(source, name or default_name(source, ""), client)
    listing = list_repository(source.repo, revision=source.revision, hub=hub)
    by_path = {file.path: file for file in listing.files}
    choice = choose_files(tuple(by_path), source.part, repo=source.repo)
    files = []
    for path in choice.files:
        file = by_path[path]
        url = file_url(source.repo, path, revision=listing.revision, hub=hub)
        remote = RemoteFile(url, path, file.size_bytes, file.sha256, file.git_sha1)
        files.append((path if choice.kind == "encoder" else path.rpartition("/")[2], remote))
    return Plan(
        name=name or default_name(source, choice.part if choice.kind == "llm" else ""),
        kind=choice.kind,
        source=str(HubSource(source.repo, choice.part, source.revision)),
        revision=listing.revision,
        licence=entry.licence if entry else listing.licence,
        parameters=entry.parameters if entry else listing.parameters,
        files=tuple(files),
        headers=hub_headers(),
    )


def _plan_url(source: UrlSource, name: str, client: Any) -> Plan:
    """Return the plan for a URL, whose server is asked for the first byte to learn the size."""
    from httpx2 import HTTPError, InvalidURL

    try:
        headers = {"range": "bytes=0-0", "accept-encoding": "identity"}
        with client.stream("GET", source.url, headers=headers) as response:
            total = response.headers.get("content-range", "").rpartition("/")[2]
            length = response.headers.get("content-length", "")
            tag = response.headers.get("etag") or response.headers.get("last-modified", "")
            status = response.status_code
    except (HTTPError, InvalidURL) as error:
        told = str(error).partition("\n")[0] or type(error).__name__
        raise ModelError(f"{source} does not answer: {told}", hint="check the address") from error
    size = total if status == 206 else length if status == 200 else ""
    remote = RemoteFile(
        source.url, str(source), int(size) if size.isdecimal() else 0, source.sha256
    )
    file = f"{name}.gguf"
    # What a server does not tell from other versions of itself is not put together from parts.
    version = tag or source.sha256 or str(time.time_ns())
    return Plan(name, "llm", str(source), version, "", 0, ((file, remote),), {})
