"""Dense search, second half: brings the vectors up to date and scores what they propose.

The vectors are derived: kept in a file, mapped, and made anew or brought up to date from the
catalog's embeddings, of which only those of added chunks are read.
"""

from pathlib import Path

import numpy as np

from ragkit.index.catalog import Catalog
from ragkit.index.runs import KeyRuns, Keys, runs_of
from ragkit.index.trailer import Stamp
from ragkit.index.vectors import EXACT_CHUNKS, Vectors, count_proposed, make_vectors
from ragkit.index.vectors_file import is_current, is_intact, load_vectors, save_vectors
from ragkit.protocols import ALL_DOCUMENTS, ScoredKey
from ragkit.records import DocumentFilter, Embeddings

_CENTRE_CHUNKS = 4096
"""Chunks whose mean is taken for the middle of all."""


class DenseSearch:
    """The chunks closest to a query, exactly scored.

    Args:
        catalog: Holds the embeddings.
        path: The file of vectors derived from them; it need not exist.
        exact_chunks: Most chunks whose embeddings are compared as they are.
    """

    def __init__(self, catalog: Catalog, path: Path, *, exact_chunks: int = EXACT_CHUNKS) -> None:
        self._catalog = catalog
        self._path = path
        self._exact_chunks = exact_chunks
        self._vectors: Vectors | None = None
        self._stamp: Stamp | None = None
        self.is_newer_than_file = False
        """Whether the vectors had to be brought up to date and were not saved since."""

    def search(
        self, query: Embeddings, *, top_n: int, within: DocumentFilter = ALL_DOCUMENTS
    ) -> tuple[ScoredKey, ...]:
        """Return the chunks of greatest cosine with one query (shape (1, dim)), best first."""
        query = np.ascontiguousarray(query)
        with self._catalog.snapshot():
            keys = self._propose(query, top_n, within)
            keys, rows = self._catalog.read_embeddings(keys, dim=query.shape[1])
        # Row by row, so that equal embeddings have equal scores wherever they stand.
        scores = (rows * query[0]).sum(axis=1)
        best = np.lexsort((keys, -scores))[:top_n]
        return tuple(ScoredKey(int(keys[at]), float(scores[at])) for at in best)

    def _propose(self, query: Embeddings, top_n: int, within: DocumentFilter) -> Keys:
        among = self._catalog.find_runs(within) if within else None
        if among is not None and len(among) <= count_proposed(top_n, is_exact=False):
            return among.keys()  # so few that each is scored
        vectors = self._current()
        if vectors.codes.size and len(vectors.centre) != query.shape[1]:
            raise ValueError(f"a query of {query.shape[1]} dimensions, not {len(vectors.centre)}")
        return vectors.propose(query, top_n=top_n, within=among)

    def is_saved(self) -> bool:
        """Say whether the file is of the catalog's state."""
        return is_current(self._path, self._catalog.stamp())

    def save(self) -> None:
        """Make the file equal to the catalog, unless it is already."""
        with self._catalog.snapshot():
            stamp = self._catalog.stamp()
            if not is_current(self._path, stamp):
                save_vectors(self._current(), self._path, stamp)
            self.is_newer_than_file = False

    def _current(self) -> Vectors:
        """Return the vectors of the catalog's state; the caller holds a snapshot of it."""
        stamp = self._catalog.stamp()
        if self._vectors is None or self._stamp != stamp:
            stored = load_vectors(self._path, stamp.identity)
            self.is_newer_than_file = not stored or stored.stamp != stamp
            if stored and not self.is_newer_than_file:
                self._vectors = stored.vectors
            else:
                # What is kept of an older file is written again: a flipped bit must not be.
                older = stored.vectors if stored and is_intact(self._path) else self._vectors
                self._vectors = self._updated(older)
            self._stamp = stamp
        return self._vectors

    def _updated(self, old: Vectors | None) -> Vectors:
        runs = self._catalog.find_runs()
        dim = self._catalog.embedding_dim()
        exact = len(runs) <= self._exact_chunks
        if old is not None and (old.is_exact != exact or len(old.centre) != dim):
            old = None
        if old is not None and old.runs.same_as(runs):
            return old
        keys = runs.keys()
        missing = runs if old is None else runs_of(keys[~old.runs.hold(keys)])
        return make_vectors(
            runs,
            self._catalog.iterate_embeddings(missing, dim=dim),
            centre=self._centre(runs, dim) if old is None else old.centre,
            old=old,
            exact_chunks=self._exact_chunks,
        )

    def _centre(self, runs: KeyRuns, dim: int) -> Embeddings:
        keys = runs.keys()
        some = keys[:: max(1, len(keys) // _CENTRE_CHUNKS)]
        _, rows = self._catalog.read_embeddings(some, dim=dim)
        return rows.mean(axis=0) if len(rows) else np.zeros(dim, dtype=np.float32)
