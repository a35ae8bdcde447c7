"""One flipped byte of a page put right from the page's two checksums: what decay mostly does.

A page in which more is wrong is left as it is.
"""

import zlib
from pathlib import Path

import numpy as np

from ragkit.files import sync_to_disk
from ragkit.index.seal import Seal, checksums_of, find_damaged_pages

_TABLE = np.array(
    [zlib.crc32(bytes([byte])) ^ zlib.crc32(b"\0") for byte in range(256)], dtype=np.uint32
)
"""What the CRC-32 of a one-byte message differs by where the byte differs by so much."""


def mend_pages(catalog: Path, seal: Seal) -> tuple[int, ...]:
    """Put flipped bytes right in a file, one a page at most, and return the numbers of the pages.

    Raises:
        OSError: The file cannot be read or written.
    """
    mended: list[int] = []
    damaged = find_damaged_pages(catalog, seal)
    with catalog.open("r+b") as file:
        for number in damaged:
            if number > len(seal.checksums):
                continue
            start = (number - 1) * seal.page_bytes
            file.seek(start)
            page = file.read(seal.page_bytes)
            crc, adler = seal.checksums[number - 1].tolist()
            right = mend_page(page, (crc, adler)) if len(page) == seal.page_bytes else None
            if right is not None:
                file.seek(start)
                file.write(right)
                mended.append(number)
    if mended:
        sync_to_disk(catalog)
    return tuple(mended)


def mend_page(page: bytes, checksums: tuple[int, int]) -> bytes | None:
    """Return a page with one byte put right so that it has its checksums; None if none does it.

    CRC-32 is linear: the checksums of two messages differ by what only the difference decides, so
    each difference is tried at each place, from the end, in steps of one more zero byte behind it.

    Source: Peterson and Brown, Cyclic codes for error detection, 1961.

    >>> mend_page(b"mean poolimg", checksums_of(b"mean pooling"))
    b'mean pooling'
    """
    wanted = checksums[0] ^ zlib.crc32(page)
    differences = _TABLE
    for at in range(len(page) - 1, -1, -1):
        for change in np.flatnonzero(differences == wanted).tolist():
            right = page[:at] + bytes([page[at] ^ change]) + page[at + 1 :]
            if checksums_of(right) == checksums:
                return right
        differences = (differences >> np.uint32(8)) ^ _TABLE[differences & np.uint32(0xFF)]
    return None
