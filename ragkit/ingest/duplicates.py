"""Documents that hold the same: byte for byte, or nearly the same words.

A signature of 256 bytes stands for the words of a document, so that a new one is compared with
10,000 others in milliseconds; what looks alike is then compared word for word. It only tells what
it finds: no document is left out for it.
"""

import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ragkit.protocols import Index
from ragkit.records import StoredDocument
from ragkit.words import words_of

_SHINGLE_WORDS = 4
"""Source: Manning, Raghavan and Schütze 2008, Introduction to Information Retrieval, 19.6."""
_LEAST_SHINGLES = 20
"""Shorter texts, such as exercise sheets with one task, are alike without being copies."""
_BINS = 128
_PART_BYTES = 16
_MOST_ALIKE = 50
"""Of a thousand copies of one template it is enough to compare with some."""
_NEAR = 0.9
"""Share of all shingles of two documents that both hold, from which they are told."""
_WORTH_A_LOOK = 0.7
"""Estimated share from which it is counted. With 20 shingles its standard error is 0.07."""

Shingles = npt.NDArray[np.uint64]
Signature = npt.NDArray[np.uint16]
"""For each bin the least hash of a shingle that fell into it; 0 where none did. Shape (128,)."""


class Duplicate(NamedTuple):
    """A document that holds what another one holds."""

    path: str
    original: str
    share: float
    """1.0 for the same bytes, else the share of their shingles that both hold."""

    @property
    def line(self) -> str:
        """What to tell a user.

        >>> Duplicate("v2.pdf", "v1.pdf", 0.968).line
        'v2.pdf: 96% the same as v1.pdf'
        """
        if self.share == 1:
            return f"{self.path}: the same file as {self.original}; it is answered from once"
        return f"{self.path}: {int(self.share * 100)}% the same as {self.original}"


def signature_of(text: str) -> bytes:
    """Return what stands for the words of a text: 256 bytes, or none for a short one.

    Source: Li, Owen and Zhang 2012, "One permutation hashing".

    >>> len(signature_of("to be or not to be " * 9)), signature_of("too short")
    (0, b'')
    """
    hashes = _shingles_of(text)
    if len(hashes) < _LEAST_SHINGLES:
        return b""
    signature = np.full(_BINS, 0xFFFF, dtype=np.uint16)
    bins = (hashes >> np.uint64(57)).astype(np.intp)
    values = (hashes >> np.uint64(41)).astype(np.uint16)
    np.minimum.at(signature, bins, np.minimum(values, 0xFFFD))
    return (signature + np.uint16(1)).astype("<u2").tobytes()


def _shingles_of(text: str) -> Shingles:
    """Return a hash of every run of words, each once, in order of size."""
    words = words_of(text)
    hashes = np.array([zlib.crc32(word.encode()) for word in words], dtype=np.uint64)
    count = len(words) - _SHINGLE_WORDS + 1
    if count < 1:
        return hashes[:0]
    mixed = np.zeros(count, dtype=np.uint64)
    for offset in range(_SHINGLE_WORDS):
        mixed = _mix(mixed + hashes[offset : offset + count])
    return np.unique(mixed)


def _mix(values: Shingles) -> Shingles:
    """Scatter numbers over all 64 bits. Source: splitmix64 (Steele, Lea and Flood 2014)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _resemblance(first: str, second: str) -> float:
    """Return the share of the shingles of two texts that both hold."""
    one, other = _shingles_of(first), _shingles_of(second)
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / max(1, len(one) + len(other) - common)


def find_duplicates(index: Index, added: Collection[str]) -> tuple[Duplicate, ...]:
    """Return which of the documents just added hold what others hold, in the order of paths.

    Args:
        index: Holds them.
        added: Their paths. Of two that were added the later one is the duplicate.
    """
    if not added:
        return ()
    stored = {document.path: document for document in index.documents()}
    exact = dict(_same_bytes(stored, added))
    near = _near_duplicates(index, [path for path in sorted(added) if path not in exact], stored)
    found = [Duplicate(path, original, 1.0) for path, original in exact.items()]
    return tuple(sorted([*found, *near]))


def _same_bytes(
    stored: Mapping[str, StoredDocument], added: Collection[str]
) -> Iterator[tuple[str, str]]:
    first: dict[str, str] = {}
    # Those that were there before come first, then in the order of paths.
    for path in sorted(stored, key=lambda path: (path in added, path)):
        original = first.setdefault(stored[path].sha256, path)
        if original != path and path in added:
            yield path, original


def _near_duplicates(
    index: Index, added: Sequence[str], stored: Mapping[str, StoredDocument]
) -> Iterator[Duplicate]:
    signatures = index.signatures()
    new = set(added)
    paths = sorted(signatures, key=lambda path: (path in new, path))
    rows = np.frombuffer(b"".join(signatures[path] for path in paths), dtype="<u2")
    matrix = rows.reshape(len(paths), _BINS)
    alike = _Buckets()
    for place, path in enumerate(paths):
        candidates = alike.add(place, signatures[path], wanted=path in new)
        if not candidates:
            continue
        likest, share = _likest(matrix[candidates], matrix[place])
        original = paths[candidates[likest]]
        if share < _WORTH_A_LOOK or stored[original].sha256 == stored[path].sha256:
            continue
        share = _resemblance(index.document(path).text, index.document(original).text)
        if share >= _NEAR:
            yield Duplicate(path, original, min(share, 0.999))


class _Buckets:
    """Documents by parts of their signatures; those that are alike share a part.

    Two with nine tenths in common share none of 16 parts of 8 bins with a probability of
    (1 - 0.9 ** 8) ** 16 = 0.0001.
    """

    def __init__(self) -> None:
        self._places: dict[tuple[int, bytes], list[int]] = {}

    def add(self, place: int, signature: bytes, *, wanted: bool) -> list[int]:
        """Add a document, and return those before it that share a part, where they are wanted."""
        found: set[int] = set()
        for start in range(0, len(signature), _PART_BYTES):
            part = signature[start : start + _PART_BYTES]
            if not any(part):
                continue
            places = self._places.setdefault((start, part), [])
            if wanted:
                found.update(places)
            if len(places) < _MOST_ALIKE:
                places.append(place)
        return sorted(found)


def _likest(matrix: npt.NDArray[np.uint16], signature: Signature) -> tuple[int, float]:
    """Return the row that is most like a signature, and the estimated share of shingles."""
    used = (matrix > 0) | (signature > 0)
    same = ((matrix == signature) & used).sum(axis=1)
    shares = same / np.maximum(1, used.sum(axis=1))
    best = int(np.argmax(shares))
    return best, float(shares[best])
