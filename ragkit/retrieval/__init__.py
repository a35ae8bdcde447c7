"""A question to hits: dense and lexical rankings, fused."""

from ragkit.retrieval.fusion import Ranking, fuse_scores
from ragkit.retrieval.retriever import Retriever

__all__ = ["Ranking", "Retriever", "fuse_scores"]
