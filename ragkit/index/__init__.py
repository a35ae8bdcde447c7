"""Documents, chunks and embeddings on disk: the first implementation of `ragkit.protocols.Index`.

SQLite holds the truth (`catalog`), FAISS what is derived from it (`vectors`); `LocalIndex` joins
them. Nothing outside this package knows which databases these are.
"""

from ragkit.index.about import IndexInfo
from ragkit.index.export import export_index
from ragkit.index.inspection import IndexCheck
from ragkit.index.local import (
    LocalIndex,
    check_encoder,
    has_index,
    list_indexes,
    missing_index,
)
from ragkit.index.narrowing import check_filter
from ragkit.index.removal import remove_index
from ragkit.index.repair import Repair, repair_index
from ragkit.index.verification import Verification, verify_index

__all__ = [
    "IndexCheck",
    "IndexInfo",
    "LocalIndex",
    "Repair",
    "Verification",
    "check_encoder",
    "check_filter",
    "export_index",
    "has_index",
    "list_indexes",
    "missing_index",
    "remove_index",
    "repair_index",
    "verify_index",
]
