"""Writing files that are whole or absent, hashing them once, and naming what the disk refused.

It knows nothing of what is in the files.
"""

import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ragkit.errors import RagkitError, StorageError

_HASH_BLOCK_BYTES = 1 << 20
_FULL_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


PART_FILES = ".*.part"
"""Names of what `write_atomically` has not finished."""


def write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file beside `path`, sync it, and rename it into place.

    A reader sees the old file or the new one, never a part. An error leaves nothing behind.

    Raises:
        StorageError: The disk is full or the folder cannot be written.
    """
    with translate_disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        os.close(handle)
        part = Path(name)
        try:
            write(part)
            part.chmod(0o666 & ~_umask())
            sync_to_disk(part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        sync_to_disk(path.parent)


def write_text_atomically(path: Path, text: str) -> None:
    """Write a whole text file or nothing; see `write_atomically`."""
    write_atomically(path, lambda part: _write_text(part, text))


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def sync_to_disk(path: Path) -> None:
    """Wait until a file, or which files a folder holds, would outlast a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def translate_disk_errors(path: Path) -> Iterator[None]:
    """Turn an OSError about `path` into a StorageError that says what to do."""
    try:
        yield
    except OSError as error:
        raise disk_error(path, error) from error


def disk_error(path: Path, error: OSError) -> RagkitError:
    """Return the StorageError that an OSError about `path` means to a user."""
    if error.errno in _FULL_DISK:
        hint = "free some space, then run the same command again: what was saved is kept"
        return StorageError(f"no space left to write {path}", hint=hint)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError(
            f"not allowed to use {path}", hint=f"check its permissions: ls -ld {path}"
        )
    return StorageError(f"cannot use {path}: {error.strerror or error}")


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_HASH_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def sha256_once(path: Path, *, cache_dir: Path) -> str:
    """Return the sha256 of a large file, remembered by its path, size and time of change.

    Hashing the weights of a model takes a tenth of a second per 100 MB, too long for every start.
    Where the cache cannot be written, it takes that long every time.
    """
    stat = path.stat()
    key = hashlib.sha256(f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}".encode()).hexdigest()
    memory = cache_dir / "hashes" / f"{key[:32]}.json"
    try:
        return bytes.fromhex(json.loads(memory.read_text(encoding="utf-8"))["sha256"]).hex()
    except (OSError, ValueError, KeyError, TypeError):
        digest = sha256_of(path)
        with suppress(StorageError):
            write_text_atomically(memory, json.dumps({"sha256": digest}))
        return digest
