r"""Ask the questions of suites and count how often the first hits hold a place that answers.

    python evals/tools/score_places.py evals/course evals/course-natural --corpus corpus
    python evals/tools/score_places.py evals/public/cs231n-d2l --corpus DATA/docs \
        --under cs231n d2l

The documents are read, cut and indexed as `ragkit ingest` would; a hit holds a place if at least
half of its characters lie in it. Printed with a 95% bootstrap interval for the lexical, the dense
and the hybrid ranking: the share of answerable questions with such a hit first and among five.
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from embedding_cache import load_caching_encoder
from spans import Question, QuestionSet, load_suite

from ragkit.documents import find_documents
from ragkit.evaluation.gold import holds_any
from ragkit.evaluation.runs.filling import fill_index
from ragkit.evaluation.statistics import bootstrap_mean
from ragkit.index import LocalIndex
from ragkit.protocols import Encoder
from ragkit.records import Chunk
from ragkit.retrieval import Retriever
from ragkit.settings import Settings

DEPTHS = (1, 5)
RANKINGS = ("lexical", "dense", "hybrid")


def main() -> None:
    """Score each suite."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("suites", type=Path, nargs="+")
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--under", nargs="*", default=[], help="only these folders of the corpus")
    parser.add_argument("--chunk-tokens", type=int, default=Settings().chunk_tokens)
    parser.add_argument("--precision", default="auto", help="of the encoder: auto, fp32 or int8")
    parser.add_argument("--cache", type=Path, help="file in which to keep embeddings")
    arguments = parser.parse_args()
    encoder = load_caching_encoder(arguments.cache, precision=arguments.precision)
    names = [
        f"{folder}/{file.name}"
        for folder in arguments.under
        for file in find_documents(arguments.corpus / folder).files
    ]
    with tempfile.TemporaryDirectory() as folder:
        for suite in arguments.suites:
            asked = load_suite(suite, arguments.corpus, extra=names)
            with LocalIndex(Path(folder) / suite.name, writable=True) as index:
                tokens = arguments.chunk_tokens
                fill_index(index, asked.documents, encoder=encoder, max_tokens=tokens)
                report(asked, index, encoder)


def report(asked: QuestionSet, index: LocalIndex, encoder: Encoder) -> None:
    """Print a line for each ranking."""
    answerable = [question for question in asked.questions if question.gold]
    print(f"\n{asked.name}: {len(answerable)} answerable questions, ", end="")
    print(f"{len(asked.documents)} documents, {index.chunk_count()} chunks")
    found = [rank(question, index, encoder) for question in answerable]
    for place, name in enumerate(RANKINGS):
        shown = []
        for depth in DEPTHS:
            held = [
                float(any(holds(chunk, question) for chunk in rankings[place][:depth]))
                for question, rankings in zip(answerable, found, strict=True)
            ]
            shown.append(f"hit@{depth} {bootstrap_mean(held)}")
        print(f"{asked.name:16} {name:8}", *shown)


def rank(
    question: Question, index: LocalIndex, encoder: Encoder
) -> tuple[Sequence[Chunk], Sequence[Chunk], Sequence[Chunk]]:
    """Return the first chunks of the lexical, the dense and the hybrid ranking."""
    most = max(DEPTHS)
    lexical = index.search_lexical(question.text, top_n=most)
    dense = index.search_dense(encoder.encode_queries([question.text]), top_n=most)
    hits = Retriever(index, encoder).search(question.text, top_n=most)
    return (
        index.chunks([key for key, _ in lexical]),
        index.chunks([key for key, _ in dense]),
        [hit.chunk for hit in hits],
    )


def holds(chunk: Chunk, question: Question) -> bool:
    """Say whether a chunk holds a place that answers a question."""
    return holds_any(chunk, question.gold)


if __name__ == "__main__":
    main()
