"""A question to hits: dense and lexical rankings, fused."""

from ragkit.retrieval.fusion import fuse_ranks
from ragkit.retrieval.retriever import Retriever

__all__ = ["Retriever", "fuse_ranks"]
