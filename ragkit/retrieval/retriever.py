"""Hybrid search over an index: what is close in meaning and what shares the telling words."""

from collections.abc import Sequence

from ragkit.protocols import ALL_DOCUMENTS, Encoder, Index, ScoredKey
from ragkit.records import DocumentFilter, Hit, Ranks
from ragkit.retrieval.fusion import Ranking, fuse_scores
from ragkit.retrieval.repeats import Repeats

CANDIDATES = 200
"""Places of each ranking that are fused. Source: see `fuse_scores`."""


class Retriever:
    """Finds the chunks of an index that fit a query.

    Args:
        index: What is searched.
        encoder: The one whose embeddings the index holds.
    """

    def __init__(self, index: Index, encoder: Encoder) -> None:
        self._index = index
        self._encoder = encoder

    def search(
        self, query: str, *, top_n: int, within: DocumentFilter = ALL_DOCUMENTS
    ) -> tuple[Hit, ...]:
        """Return up to `top_n` hits, best first; what two documents both say once."""
        depth = max(CANDIDATES, top_n)
        embedding = self._encoder.encode_queries([query])
        with self._index.snapshot():
            dense = self._index.search_dense(embedding, top_n=depth, within=within)
            lexical = self._index.search_lexical(query, top_n=depth, within=within)
            return self._hits_of(dense, lexical, top_n=top_n)

    def _hits_of(
        self, dense: Sequence[ScoredKey], lexical: Sequence[ScoredKey], *, top_n: int
    ) -> tuple[Hit, ...]:
        """Fuse two rankings of one state of the index."""
        dense_ranks = {key: rank for rank, (key, _) in enumerate(dense, start=1)}
        lexical_ranks = {key: rank for rank, (key, _) in enumerate(lexical, start=1)}
        cosines = dict(dense)
        hits: list[Hit] = []
        shown = Repeats()
        # A chunk that shares no word with the query has a lexical score of 0.
        for key, score in fuse_scores(Ranking(dense), Ranking(lexical, floor=0.0)):
            chunk = self._index.chunks([key])[0]
            if shown.holds(chunk):
                continue
            shown.add(chunk)
            ranks = Ranks(dense=dense_ranks.get(key), lexical=lexical_ranks.get(key))
            hits.append(Hit(chunk, score, len(hits) + 1, ranks, cosines.get(key)))
            if len(hits) == top_n:
                break
        return tuple(hits)
