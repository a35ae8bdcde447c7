"""What stands behind the data of a derived file: which state it was made of, and a checksum of it.

Opening a file reads the trailer alone, however large the data are; `has_right_checksum` reads all.
It does not know what the data are.
"""

import struct
import zlib
from pathlib import Path
from typing import NamedTuple

_TRAILER = struct.Struct("<8s32sQQII")
"""Magic with format version, identity, generation, size and checksum of the data, and a checksum
of the trailer up to there."""
_OWN_CHECKSUM = struct.Struct("<I")
_MAGIC = b"RGKTVEC2"
_READ_BYTES = 1 << 20


class Stamp(NamedTuple):
    """Which state of which catalog something was derived from."""

    identity: str
    generation: int


class Trailer(NamedTuple):
    """What is known of a derived file without reading its data."""

    identity: str
    generation: int
    data_bytes: int
    checksum: int
    """CRC-32 of the data."""

    def is_of(self, stamp: Stamp) -> bool:
        """Say whether the file was made of this state."""
        return (self.identity, self.generation) == (stamp.identity, stamp.generation)


def append_trailer(path: Path, stamp: Stamp) -> None:
    """Add the trailer to a file that holds the data alone; the file is read once for it."""
    checksum, data_bytes = 0, 0
    with path.open("r+b") as file:
        while block := file.read(_READ_BYTES):
            checksum = zlib.crc32(block, checksum)
            data_bytes += len(block)
        values = (_MAGIC, stamp.identity.encode(), stamp.generation, data_bytes, checksum)
        head = _TRAILER.pack(*values, 0)[: -_OWN_CHECKSUM.size]
        file.write(head + _OWN_CHECKSUM.pack(zlib.crc32(head)))


def read_trailer(path: Path) -> Trailer | None:
    """Return a file's trailer; None where the file is missing, torn, or its trailer is damaged."""
    try:
        size_bytes = path.stat().st_size
        with path.open("rb") as file:
            file.seek(max(0, size_bytes - _TRAILER.size))
            packed = file.read()
        magic, identity, generation, data_bytes, checksum, own = _TRAILER.unpack(packed)
    except (OSError, struct.error):
        return None
    whole = own == zlib.crc32(packed[: -_OWN_CHECKSUM.size])
    if not whole or magic != _MAGIC or data_bytes != size_bytes - _TRAILER.size:
        return None
    return Trailer(identity.decode(), generation, data_bytes, checksum)


def has_right_checksum(path: Path, trailer: Trailer) -> bool:
    """Say whether the data are, bit by bit, those that were written.

    Raises:
        OSError: The file cannot be read.
    """
    checksum, left = 0, trailer.data_bytes
    with path.open("rb") as file:
        while left and (block := file.read(min(left, _READ_BYTES))):
            checksum = zlib.crc32(block, checksum)
            left -= len(block)
    return not left and checksum == trailer.checksum
