"""Documents, chunks and embeddings on disk: the first implementation of `ragkit.protocols.Index`.

SQLite holds the truth (`catalog`), FAISS what is derived from it (`vectors`); `LocalIndex` joins
them. Nothing outside this package knows which databases these are.
"""

from ragkit.index.local import (
    IndexInfo,
    LocalIndex,
    check_encoder,
    has_index,
    list_indexes,
    missing_index,
)
from ragkit.index.narrowing import check_filter

__all__ = [
    "IndexInfo",
    "LocalIndex",
    "check_encoder",
    "check_filter",
    "has_index",
    "list_indexes",
    "missing_index",
]
