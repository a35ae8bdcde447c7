"""Dense search, first half: which chunks may be closest to a query, from a small form of all.

Up to `EXACT_CHUNKS` the form is the embeddings themselves; beyond, a bit for each of their numbers:
whether it lies above the middle. FAISS compares it with a query. What is proposed is then scored
from the catalog, so that no form, however damaged, shows a wrong score or a chunk that is gone.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ragkit.index.embeddings import KeyedEmbeddings
from ragkit.index.runs import KeyRuns, Keys
from ragkit.records import Embeddings

EXACT_CHUNKS = 50_000
"""Most chunks whose embeddings are compared as they are.

Source: one core, 384 dimensions, median of 30 queries: 1.1 ms at 20,000 chunks, 6.9 at 50,000, 17
at 100,000, 134 at 1,000,000; with bits 0.3 ms at 50,000 and 3.5 at 1,000,000, and 9 ms more for
reading the 800 embeddings to score."""

_SPARE_EXACT = 16
_SPARE_BITS = 400
_BITS_FACTOR = 2
"""How many chunks are proposed for `top_n`, so that the best are among them.

Source: docs/design.md, "A million chunks"; recall@10 and @50 of bits at 1,000,000 chunks."""


class Vectors(NamedTuple):
    """Chunks and their small form."""

    runs: KeyRuns
    """The keys of the chunks, in the order of the rows."""
    codes: npt.NDArray[Any]
    """Shape (n, dim) float32, or (n, ceil(dim / 8)) uint8."""
    centre: Embeddings
    """The middle of the embeddings, shape (dim,)."""

    @property
    def is_exact(self) -> bool:
        """Whether the form is the embeddings themselves."""
        return self.codes.dtype == np.float32

    def propose(self, query: Embeddings, *, top_n: int, within: KeyRuns | None = None) -> Keys:
        """Return the keys of somewhat more chunks than the `top_n` closest to a query.

        Args:
            query: Shape (1, dim).
            top_n: As many as will be shown, or all there are.
            within: Among these chunks only.
        """
        count = count_proposed(top_n, is_exact=self.is_exact)
        positions = None if within is None else self._positions(within)
        rows = self.codes if positions is None else _rows_at(self.codes, positions)
        if len(rows) <= count:
            return self.runs.keys() if positions is None else self.runs.keys_at(positions)
        found = self._closest(query, rows, count)
        return np.sort(self.runs.keys_at(found if positions is None else positions[found]))

    def _positions(self, within: KeyRuns) -> Keys:
        keys = within.keys()
        return self.runs.positions_of(keys[self.runs.hold(keys)])

    def _closest(self, query: Embeddings, rows: npt.NDArray[Any], count: int) -> Keys:
        import faiss

        if self.is_exact:
            _, found = faiss.knn(query, rows, count, metric=faiss.METRIC_INNER_PRODUCT)
        else:
            _, found = faiss.knn_hamming(_bits_of(query, self.centre), rows, count, variant="hc")
        positions: Keys = found[0].astype(np.int64)
        return positions[positions >= 0]


def count_proposed(top_n: int, *, is_exact: bool) -> int:
    """Return how many chunks to propose so that the closest `top_n` are among them.

    >>> count_proposed(50, is_exact=False), count_proposed(50, is_exact=True)
    (500, 66)
    """
    return top_n + _SPARE_EXACT if is_exact else _BITS_FACTOR * top_n + _SPARE_BITS


def make_vectors(
    runs: KeyRuns,
    batches: Iterable[KeyedEmbeddings],
    *,
    centre: Embeddings,
    old: Vectors | None = None,
    exact_chunks: int = EXACT_CHUNKS,
) -> Vectors:
    """Return the form of some chunks, of which some may be kept from an older one.

    Args:
        runs: The chunks that it is to hold.
        batches: The embeddings of all that `old` does not hold.
        centre: The middle of the embeddings, shape (dim,).
        old: Of the same kind and centre.
        exact_chunks: Most chunks to keep as they are.
    """
    dim = len(centre)
    exact = len(runs) <= exact_chunks
    shape = (len(runs), dim if exact else (dim + 7) // 8)
    codes = np.zeros(shape, dtype=np.float32 if exact else np.uint8)
    if old is not None:
        keys = old.runs.keys()
        kept = runs.hold(keys)
        codes[runs.positions_of(keys[kept])] = old.codes if kept.all() else old.codes[kept]
    for keys, rows in batches:
        codes[runs.positions_of(keys)] = rows if exact else _bits_of(rows, centre)
    return Vectors(runs, codes, centre)


def _bits_of(rows: Embeddings, centre: Embeddings) -> npt.NDArray[np.uint8]:
    return np.packbits(rows > centre, axis=1)


def _rows_at(codes: npt.NDArray[Any], positions: Keys) -> npt.NDArray[Any]:
    """Return some rows; those that stand together are not copied."""
    if len(positions) and positions[-1] - positions[0] + 1 == len(positions):
        return codes[positions[0] : positions[-1] + 1]
    return codes[positions]
