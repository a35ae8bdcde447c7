"""Dense search: a FAISS index derived from the catalog, in a file that can always be made anew.

The file is FAISS's own, followed by a trailer that says which state of which catalog it was made
of. FAISS ignores what follows its data, so any FAISS reads it; we refuse it where the trailer is
missing (torn) or names another state (stale).
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ragkit.files import write_atomically
from ragkit.index.trailer import Stamp, append_trailer, read_trailer
from ragkit.protocols import ScoredKey
from ragkit.records import Embeddings


class FaissVectors:
    """Exact inner-product search over unit embeddings.

    Args:
        keys: The chunks' keys, shape (n,).
        embeddings: Their unit embeddings, shape (n, dim).
    """

    def __init__(self, keys: npt.NDArray[np.int64], embeddings: Embeddings) -> None:
        import faiss

        self._index: Any = faiss.IndexIDMap(faiss.IndexFlatIP(embeddings.shape[1]))
        if len(keys):
            self._index.add_with_ids(np.ascontiguousarray(embeddings), keys)

    def save(self, path: Path, stamp: Stamp) -> None:
        """Write the file whole or not at all."""
        import faiss

        def write(part: Path) -> None:
            part.write_bytes(faiss.serialize_index(self._index).tobytes())
            append_trailer(part, stamp)

        write_atomically(path, write)

    def search(
        self, query: Embeddings, *, top_n: int, keys: npt.NDArray[np.int64] | None = None
    ) -> tuple[ScoredKey, ...]:
        """Return the keys of greatest inner product with one query, shape (1, dim), best first.

        Args:
            query: Shape (1, dim).
            top_n: Most keys to return.
            keys: Search among these only, shape (n,).
        """
        import faiss

        wanted = min(top_n, self._index.ntotal if keys is None else len(keys))
        if wanted <= 0:
            return ()
        only: Any = None
        if keys is not None:
            only = faiss.SearchParameters()
            only.sel = faiss.IDSelectorBatch(keys)
        scores, found = self._index.search(np.ascontiguousarray(query), wanted, params=only)
        order = np.lexsort((found[0], -scores[0]))
        return tuple(
            ScoredKey(int(found[0][at]), float(scores[0][at])) for at in order if found[0][at] >= 0
        )


def load_vectors(path: Path, stamp: Stamp) -> FaissVectors | None:
    """Return the vectors of a file, or None where it is missing, torn, or of another state."""
    if not is_current(path, stamp):
        return None
    import faiss

    try:
        index = faiss.read_index(str(path))
    except (RuntimeError, AssertionError, MemoryError):
        return None
    vectors = FaissVectors.__new__(FaissVectors)
    vectors._index = index  # noqa: SLF001
    return vectors


def is_current(path: Path, stamp: Stamp) -> bool:
    """Say whether a file was made of this state of the catalog and is as long as it was made."""
    trailer = read_trailer(path)
    return trailer is not None and trailer.is_of(stamp)
