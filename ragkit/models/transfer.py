"""One file over HTTP: resumed where it broke off, checked, and given its name when it is whole.

It knows nothing of models. What came is kept in a file named *.part beside the target.
"""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from ragkit.errors import ModelError, RagkitError
from ragkit.files import sha256_of, sync_to_disk, translate_disk_errors

if TYPE_CHECKING:
    import httpx2

PART = ".part"
_BLOCK_BYTES = 1 << 20
_MOST_FAILURES = 4
"""In a row, without a byte in between."""
_AGAIN = "run the same command again: what came is kept"


class RemoteFile(NamedTuple):
    """A file to fetch."""

    url: str
    name: str
    """What it is called in messages."""
    size_bytes: int = 0
    """0 where it is not known."""
    sha256: str = ""
    git_sha1: str = ""
    """Of a small file on a hub, as git counts it."""


class Line(NamedTuple):
    """Over what files are fetched."""

    client: "httpx2.Client"
    headers: dict[str, str]
    """Sent along."""
    first_wait_s: float = 0.5
    """Between two attempts; doubled each time."""


class _PassingError(Exception):
    """A failure that may pass: try again."""


class _Part:
    """What has come of a file so far, and its digest."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.digest = hashlib.sha256()
        self.size = 0
        if path.exists():
            with path.open("rb") as file:
                while block := file.read(_BLOCK_BYTES):
                    self._count(block)

    def restart(self) -> None:
        """Begin anew."""
        self.path.unlink(missing_ok=True)
        self.digest = hashlib.sha256()
        self.size = 0

    def append(self, file: BinaryIO, block: bytes) -> None:
        """Write what came."""
        with translate_disk_errors(self.path):
            file.write(block)
        self._count(block)

    def _count(self, block: bytes) -> None:
        self.digest.update(block)
        self.size += len(block)


def fetch(
    remote: RemoteFile,
    target: Path,
    line: Line,
    *,
    on_size: Callable[[int], None],
) -> str:
    """Return the sha256 of a file that is at `target`, fetched where it was not.

    Args:
        remote: What to fetch.
        target: Where to; its folder is made.
        line: Over what.
        on_size: Told how many bytes of it are here, whenever that changes.

    Raises:
        ModelError: It cannot be had, or what came is not what it should be.
        StorageError: The disk is full or cannot be written.
    """
    if target.is_file():  # it was checked before it got this name
        on_size(target.stat().st_size)
        return sha256_of(target)
    with translate_disk_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        part = _Part(target.with_name(target.name + PART))
    on_size(part.size)
    _receive_all(remote, part, line, on_size=on_size)
    _check(remote, part)
    with translate_disk_errors(target):
        if not part.size:
            part.path.touch()
        sync_to_disk(part.path)
        part.path.replace(target)
    return part.digest.hexdigest()


def _receive_all(
    remote: RemoteFile,
    part: _Part,
    line: Line,
    *,
    on_size: Callable[[int], None],
) -> None:
    """Receive a file, over as many connections as it takes."""
    from httpx2 import HTTPError

    failures, furthest = 0, part.size
    while True:
        try:
            _receive(remote, part, line, on_size=on_size)
        except (_PassingError, HTTPError) as error:
            # A server that always ends early is not got further with by beginning anew.
            failures = 1 if part.size > furthest else failures + 1
            furthest = max(furthest, part.size)
            if failures > _MOST_FAILURES:
                told = str(error).partition("\n")[0] or type(error).__name__
                raise ModelError(
                    f"{remote.name} could not be fetched: {told}", hint=_AGAIN
                ) from error
            time.sleep(line.first_wait_s * 2 ** (failures - 1))
        else:
            return


def _receive(
    remote: RemoteFile,
    part: _Part,
    line: Line,
    *,
    on_size: Callable[[int], None],
) -> None:
    """Receive what is still missing over one connection."""
    if remote.size_bytes and part.size > remote.size_bytes:
        part.restart()
    if remote.size_bytes and part.size == remote.size_bytes:
        return
    wanted = {**line.headers, "accept-encoding": "identity"}
    if part.size:
        wanted["range"] = f"bytes={part.size}-"
    with line.client.stream("GET", remote.url, headers=wanted) as response:
        _accept(response, remote, part)
        with translate_disk_errors(part.path):
            file = part.path.open("ab")
        with file:
            # As it comes: gathered into larger blocks, what came before a break would be lost.
            for block in response.iter_bytes():
                part.append(file, block)
                on_size(part.size)
                if 0 < remote.size_bytes < part.size:
                    return  # which _check refuses
    if part.size < remote.size_bytes:
        raise _PassingError(f"it ended after {part.size} of {remote.size_bytes} bytes")


def _accept(response: "httpx2.Response", remote: RemoteFile, part: _Part) -> None:
    """Check what a server answers before its body is read, and begin anew where it does.

    Raises:
        ModelError: It refuses for good.
        _PassingError: It refuses for now.
    """
    status = response.status_code
    if status == 206 and response.headers.get("content-range", "").startswith(
        f"bytes {part.size}-"
    ):
        return
    if status == 200:
        if part.size:  # the server knows no ranges
            part.restart()
        return
    if status in (206, 416):  # another range than asked for, or none: what is here does not fit
        part.restart()
        raise _PassingError(f"its server answered {status}")
    if status == 429 or status >= 500:
        raise _PassingError(f"its server answered {status}")
    raise _refusal(status, remote)


def _refusal(status: int, remote: RemoteFile) -> RagkitError:
    if status in (401, 403):
        return ModelError(
            f"{remote.name} is not given to everyone: its server answered {status}",
            hint="agree to its terms there, then: hf auth login, or set HF_TOKEN",
        )
    what = "is not there" if status in (404, 410) else "could not be fetched"
    return ModelError(f"{remote.name} {what}: its server answered {status}", hint="check the name")


def _check(remote: RemoteFile, part: _Part) -> None:
    """Refuse a file that is not what it should be; keeping it would never end well."""
    wrong = ""
    if remote.size_bytes and part.size != remote.size_bytes:
        wrong = f"it has {part.size} bytes instead of {remote.size_bytes}"
    elif remote.sha256 and part.digest.hexdigest() != remote.sha256:
        wrong = "its sha256 is not the one published"
    elif remote.git_sha1 and _git_sha1(part) != remote.git_sha1:
        wrong = "its git hash is not the one published"
    if wrong:
        part.restart()
        raise ModelError(
            f"{remote.name} came damaged and was deleted: {wrong}",
            hint="run the same command again; if it stays so, the file on the server is wrong",
        )


def _git_sha1(part: _Part) -> str:
    data = part.path.read_bytes() if part.size else b""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
