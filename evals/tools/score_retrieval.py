"""Put retrieval collections through the index and the retriever that users get, and score them.

    python evals/tools/score_retrieval.py DIR... [--whole-documents] [--every 4] [--cache FILE]

Each DIR is in BEIR form (corpus.jsonl, queries.jsonl, plain or .gz; qrels.tsv). Every entry becomes
one document: cut by the real chunker, or whole as one passage. A document ranks as its best chunk.
Printed for the lexical, the dense and the hybrid ranking: nDCG@10, R@10 and R@100 with a 95%
bootstrap interval over queries, then the mean over the collections.
"""

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from embedding_cache import load_caching_encoder

from ragkit.evaluation.ranking import ndcg_at, recall_at
from ragkit.evaluation.runs.filling import fill_index
from ragkit.evaluation.statistics import bootstrap_mean
from ragkit.evaluation.suites import Collection, load_collection
from ragkit.index import LocalIndex
from ragkit.protocols import Encoder
from ragkit.retrieval import Retriever
from ragkit.retrieval.retriever import CANDIDATES
from ragkit.settings import Settings

HITS = CANDIDATES
"""Chunks to ask for: more would change what is fused."""
METRICS = ("nDCG@10", "R@10", "R@100")

Scores = dict[tuple[str, str], list[float]]
"""One value for each query, by ranking and metric."""


class Rankings(NamedTuple):
    """Documents, best first, for one query."""

    lexical: list[str]
    dense: list[str]
    hybrid: list[str]


def main() -> None:
    """Score each collection."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("collections", type=Path, nargs="+")
    parser.add_argument("--whole-documents", action="store_true", help="one passage a document")
    parser.add_argument("--chunk-tokens", type=int, default=Settings().chunk_tokens)
    parser.add_argument("--every", type=int, default=1, help="keep one query in so many")
    parser.add_argument("--encoder", default="", help="name or folder of another encoder")
    parser.add_argument("--precision", default="auto", help="of the encoder: auto, fp32 or int8")
    parser.add_argument("--cache", type=Path, help="file in which to keep embeddings")
    arguments = parser.parse_args()
    encoder = load_caching_encoder(
        arguments.cache, name=arguments.encoder, precision=arguments.precision
    )
    max_tokens = 0 if arguments.whole_documents else arguments.chunk_tokens
    means: dict[tuple[str, str], list[float]] = defaultdict(list)
    for folder in arguments.collections:
        collection = load_collection(folder, every=arguments.every)
        scores = score_collection(collection, encoder, max_tokens=max_tokens)
        report(collection, scores)
        for key, values in scores.items():
            means[key].append(sum(values) / len(values))
    for ranking in Rankings._fields:
        shown = (sum(means[ranking, m]) / len(means[ranking, m]) for m in METRICS)
        print(f"{'mean':14} {ranking:8}", *(f"{value:24.4f}" for value in shown))


def score_collection(collection: Collection, encoder: Encoder, *, max_tokens: int) -> Scores:
    """Return the metrics of each query."""
    scores: Scores = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        index = LocalIndex(Path(folder) / collection.name, writable=True)
        with index:
            fill_index(index, collection.documents, encoder=encoder, max_tokens=max_tokens)
            for query, rankings in rank_all(collection, index, encoder):
                grades = collection.relevant[query]
                for name, ranking in zip(Rankings._fields, rankings, strict=True):
                    found = (
                        ndcg_at(ranking, grades, depth=10),
                        recall_at(ranking, grades, depth=10),
                        recall_at(ranking, grades, depth=100),
                    )
                    for metric, value in zip(METRICS, found, strict=True):
                        if value is not None:
                            scores[name, metric].append(value)
    return scores


def rank_all(
    collection: Collection, index: LocalIndex, encoder: Encoder
) -> Iterator[tuple[str, Rankings]]:
    """Yield each query with its three rankings of documents."""
    retriever = Retriever(index, encoder)
    for query, text in collection.queries.items():
        lexical = [key for key, _ in index.search_lexical(text, top_n=HITS)]
        embedding = encoder.encode_queries([text])
        dense = [key for key, _ in index.search_dense(embedding, top_n=HITS)]
        hits = retriever.search(text, top_n=HITS)
        yield (
            query,
            Rankings(
                lexical=by_document(chunk.document for chunk in index.chunks(lexical)),
                dense=by_document(chunk.document for chunk in index.chunks(dense)),
                hybrid=by_document(hit.chunk.document for hit in hits),
            ),
        )


def by_document(documents: Iterator[str]) -> list[str]:
    """Return each document once, where its first chunk stands."""
    return list(dict.fromkeys(documents))


def report(collection: Collection, scores: Scores) -> None:
    """Print a line for each ranking."""
    print(f"\n{collection.name}: {len(collection.documents)} documents", end=", ")
    print(f"{len(collection.queries)} queries; {', '.join(METRICS)}")
    for ranking in Rankings._fields:
        shown = (str(bootstrap_mean(scores[ranking, metric])) for metric in METRICS)
        print(f"{collection.name:14} {ranking:8}", *(f"{value:>24}" for value in shown), flush=True)


if __name__ == "__main__":
    main()
