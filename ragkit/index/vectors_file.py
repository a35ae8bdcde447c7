"""The vectors on disk: their rows as they are in memory, so that opening maps them, reading none.

What describes the rows has a checksum of its own, which opening checks; the trailer says which
state of which catalog the file was made of. A flipped bit in a row can only propose another chunk.
"""

import struct
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ragkit.files import write_atomically
from ragkit.index.runs import KeyRuns
from ragkit.index.trailer import Stamp, append_trailer, has_right_checksum, read_trailer
from ragkit.index.vectors import Vectors

_HEAD = struct.Struct("<8sQQQQI")
"""Magic, rows, bytes of a row, dimensions, runs; a checksum of the centre, the runs and this."""
_EXACT, _BITS = b"RGKTf32\0", b"RGKTbit\0"


class StoredVectors(NamedTuple):
    """The vectors of a file, and the state of the catalog that they were made of."""

    vectors: Vectors
    stamp: Stamp


def save_vectors(vectors: Vectors, path: Path, stamp: Stamp) -> None:
    """Write the file whole or not at all: rows, centre, runs, head, trailer."""

    def write(part: Path) -> None:
        runs = np.stack([vectors.runs.starts, vectors.runs.ends]).astype("<i8").tobytes()
        about = vectors.centre.astype("<f4").tobytes() + runs
        magic = _EXACT if vectors.is_exact else _BITS
        rows, row_bytes = len(vectors.codes), vectors.codes.itemsize * vectors.codes.shape[1]
        counts = (rows, row_bytes, len(vectors.centre), len(vectors.runs.starts))
        head = _HEAD.pack(magic, *counts, 0)[:-4]
        with part.open("wb") as file:
            vectors.codes.tofile(file)
            file.write(about + head + struct.pack("<I", zlib.crc32(about + head)))
        append_trailer(part, stamp)

    write_atomically(path, write)


def load_vectors(path: Path, identity: str) -> StoredVectors | None:
    """Return what a file holds, or None where it is missing, damaged, or of another catalog.

    What it holds may be of an earlier state.
    """
    trailer = read_trailer(path)
    if trailer is None or trailer.identity != identity:
        return None
    try:
        with path.open("rb") as file:
            file.seek(trailer.data_bytes - _HEAD.size)
            head = file.read(_HEAD.size)
            magic, rows, row_bytes, dim, runs, checksum = _HEAD.unpack(head)
            about_bytes = 4 * dim + 16 * runs
            if rows * row_bytes + about_bytes + _HEAD.size != trailer.data_bytes:
                return None
            file.seek(rows * row_bytes)
            about = file.read(about_bytes)
    except (OSError, struct.error, ValueError):
        return None
    if zlib.crc32(about + head[:-4]) != checksum or magic not in (_EXACT, _BITS):
        return None
    starts, ends = np.frombuffer(about, dtype="<i8", offset=4 * dim).reshape(2, runs)
    kind, width = ("<f4", row_bytes // 4) if magic == _EXACT else ("u1", row_bytes)
    codes = (
        np.memmap(path, dtype=kind, mode="r", shape=(rows, width))
        if rows
        else np.zeros((0, width), dtype=kind)
    )
    centre = np.frombuffer(about, dtype="<f4", count=dim)
    vectors = Vectors(KeyRuns(starts, ends), np.asarray(codes), centre)
    return StoredVectors(vectors, Stamp(trailer.identity, trailer.generation))


def is_intact(path: Path) -> bool:
    """Say whether a file is, bit by bit, as it was written; all of it is read."""
    trailer = read_trailer(path)
    try:
        return trailer is not None and has_right_checksum(path, trailer)
    except OSError:
        return False


def is_current(path: Path, stamp: Stamp) -> bool:
    """Say whether a file was made of this state of the catalog and is as long as it was made."""
    trailer = read_trailer(path)
    return trailer is not None and trailer.is_of(stamp)
