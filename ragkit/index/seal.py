"""A checksum of every page of a catalog, by which a flipped bit anywhere in the file is found.

The seal is broken (removed) before a writer's first change and made again when the writer has
closed in order, so where there is one, the file has to agree with it. Checksums are taken of what
was written, from the write-ahead log after each commit: a page that nobody wrote keeps the checksum
that it had, so its decay is not sealed in by the next writer, and sealing costs in proportion to
the change. Only what no log has shown, as after a kill, is read from the file itself.

It knows pages, not what is in them.
"""

import json
import struct
import zlib
from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from ragkit.errors import StorageError
from ragkit.files import sync_to_disk, translate_disk_errors, write_atomically

SEAL_FORMAT_VERSION = 1
_DIGEST_BYTES = 16
_PAGES_A_READ = 256
_WAL_HEADER = struct.Struct(">8xI4xII8x")
"""Page size and two salts. Source: sqlite.org/fileformat2.html, section 4.1."""
_FRAME_HEADER = struct.Struct(">I4xII8x")
"""Page number and the salts of the log that the frame belongs to."""

_Salts = tuple[int, int]
Checksums = npt.NDArray[np.uint32]
"""Of each page CRC-32 and Adler-32, shape (pages, 2). Together they tell which byte was flipped."""


class Seal(NamedTuple):
    """What a whole catalog looks like."""

    page_bytes: int
    checksums: Checksums
    facts: Mapping[str, str]
    """The values kept beside the catalog's tables."""


def seal_path(catalog: Path) -> Path:
    """Return where the seal of a catalog lies."""
    return catalog.with_suffix(".seal")


def checksums_of(page: bytes | memoryview) -> tuple[int, int]:
    """Return the two checksums of a page.

    >>> checksums_of(b"page")
    (336246304, 68813214)
    """
    return zlib.crc32(page), zlib.adler32(page)


def save_seal(path: Path, seal: Seal) -> None:
    """Write a seal whole or not at all. Raises: StorageError."""
    head = {
        "format_version": SEAL_FORMAT_VERSION,
        "page_bytes": seal.page_bytes,
        "pages": len(seal.checksums),
        "facts": dict(seal.facts),
    }
    data = json.dumps(head).encode() + b"\n" + seal.checksums.astype("<u4").tobytes()
    digest = blake2b(data, digest_size=_DIGEST_BYTES).digest()
    write_atomically(path, lambda part: _write(part, data + digest))


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def load_seal(path: Path) -> Seal | None:
    """Return the seal of a file; None where it is missing or damaged."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    data, digest = data[:-_DIGEST_BYTES], data[-_DIGEST_BYTES:]
    if blake2b(data, digest_size=_DIGEST_BYTES).digest() != digest:
        return None
    line, _, packed = data.partition(b"\n")
    head = json.loads(line)
    if head["format_version"] != SEAL_FORMAT_VERSION:
        return None
    checksums = np.frombuffer(packed, dtype="<u4").reshape(-1, 2).astype(np.uint32)
    return Seal(int(head["page_bytes"]), checksums, head["facts"])


def find_damaged_pages(catalog: Path, seal: Seal) -> tuple[int, ...]:
    """Return the numbers, from 1, of pages that are not as they were sealed, missing ones included.

    No connection of this process may be open: to close a file lets go of SQLite's locks on it.

    Raises:
        OSError: The catalog cannot be read.
    """
    found: list[int] = []
    expected = seal.checksums
    with catalog.open("rb") as file:
        for first in range(0, len(expected), _PAGES_A_READ):
            wanted = expected[first : first + _PAGES_A_READ]
            block = memoryview(file.read(len(wanted) * seal.page_bytes))
            for number, sums in enumerate(wanted.tolist()):
                page = block[number * seal.page_bytes : (number + 1) * seal.page_bytes]
                if checksums_of(page) != tuple(sums) or len(page) < seal.page_bytes:
                    found.append(first + number + 1)
        if file.read(1):
            found.append(len(expected) + 1)
    return tuple(found)


class SealKeeper:
    """Keeps the checksums of a catalog in step with what its one writer changes.

    Args:
        catalog: The SQLite file, before the writer opens it.
    """

    def __init__(self, catalog: Path) -> None:
        self._catalog = catalog
        self._log = catalog.with_name(f"{catalog.name}-wal")
        self._seal = seal_path(catalog)
        self._before = load_seal(self._seal) if _has_content(catalog) else None
        if self._before is None:
            self._seal.unlink(missing_ok=True)
        self._is_sealed = self._before is not None
        self._seen: dict[int, tuple[int, int] | None] = {}
        """Checksums of the pages that the log showed; None for one that may have been undone."""
        self._salts: _Salts | None = None
        """Of the log that was seen last; each time it begins anew they are others."""
        self._frames = 0
        """How much of that log has been seen."""
        self._doubted: _Salts | None = None
        """Of a log that may hold what was never committed."""
        self.doubt()  # what a killed writer left

    def break_seal(self) -> None:
        """Remove the seal, durably, before a change."""
        if self._is_sealed:
            with translate_disk_errors(self._seal):
                self._seal.unlink(missing_ok=True)
                sync_to_disk(self._seal.parent)
            self._is_sealed = False

    def doubt(self) -> None:
        """Say that a change was undone, which may have left its pages in the log."""
        with suppress(FileNotFoundError), self._log.open("rb") as log:
            _, self._doubted = _read_wal_header(log)

    def follow(self) -> None:
        """Take the checksums of what a commit has just added to the log."""
        # SQLite holds no lock on the log itself, so this process may open and close it.
        with suppress(FileNotFoundError), self._log.open("rb") as log:
            page_bytes, salts = _read_wal_header(log)
            if salts:
                self._read_frames(log, page_bytes, salts)

    def _read_frames(self, log: BinaryIO, page_bytes: int, salts: _Salts) -> None:
        if salts != self._salts:
            self._salts, self._frames = salts, 0
        is_doubtful = salts == self._doubted
        frame_bytes = _FRAME_HEADER.size + page_bytes
        log.seek(_WAL_HEADER.size + self._frames * frame_bytes)
        frames = 0
        while len(frame := log.read(frame_bytes)) == frame_bytes:
            number, *frame_salts = _FRAME_HEADER.unpack(frame[: _FRAME_HEADER.size])
            if tuple(frame_salts) != salts:
                break
            page = memoryview(frame)[_FRAME_HEADER.size :]
            self._seen[number] = None if is_doubtful else checksums_of(page)
            frames += 1
        if not is_doubtful:  # else a frame seen now may be written over by the next commit
            self._frames += frames

    def seal(self, page_bytes: int, facts: Mapping[str, str]) -> None:
        """Seal the catalog, whose log was folded into it and whose connection is closed.

        Where the disk is full it stays without a seal, which the next writer makes.
        """
        if self._is_sealed:
            return
        with suppress(OSError, StorageError):
            seal = Seal(page_bytes, self._collect(page_bytes), facts)
            save_seal(self._seal, seal)
            self._is_sealed = True

    def _collect(self, page_bytes: int) -> Checksums:
        """Return the checksums of all pages, read from the file where the log did not show them."""
        pages = self._catalog.stat().st_size // page_bytes
        known = np.zeros(pages, dtype=bool)
        checksums = np.zeros((pages, 2), dtype=np.uint32)
        if self._before is not None:
            kept = min(pages, len(self._before.checksums))
            checksums[:kept] = self._before.checksums[:kept]
            known[:kept] = True
        for number, sums in self._seen.items():
            if number <= pages:
                checksums[number - 1] = sums or (0, 0)
                known[number - 1] = sums is not None
        unknown = np.flatnonzero(~known).tolist()
        if unknown:
            with self._catalog.open("rb") as file:
                for at in unknown:
                    file.seek(at * page_bytes)
                    checksums[at] = checksums_of(file.read(page_bytes))
        return checksums


def _read_wal_header(log: BinaryIO) -> tuple[int, _Salts | None]:
    """Return the page size and the salts of a log; no salts where it is empty."""
    header = log.read(_WAL_HEADER.size)
    if len(header) < _WAL_HEADER.size:
        return 0, None
    page_bytes, *salts = _WAL_HEADER.unpack(header)
    return page_bytes, (salts[0], salts[1])


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False
