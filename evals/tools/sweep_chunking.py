"""Cut documents in many ways and see how well retrieval finds the places that answer.

    python evals/tools/sweep_chunking.py --data DATA --out runs.jsonl --cache FILE

For every chunk size, overlap and use of the heading prefix, on every set of questions with gold
places: a hit holds a gold place if at least half of its characters lie in the chunk. Printed and
kept: hit@1, hit@5, nDCG@10, and whether a gold place lies in the first hits that together have at
most 512 or 1,024 tokens, which is fair to small chunks. What `--out` holds is not measured again.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from embedding_cache import load_caching_encoder
from spans import Question, QuestionSet, load_squad, load_suite

from ragkit.chunking import chunk_document, passage_text
from ragkit.evaluation.gold import holds_any
from ragkit.evaluation.ranking import ndcg_at
from ragkit.index import LocalIndex
from ragkit.protocols import DocumentChange, Encoder, ScoredKey
from ragkit.records import Chunk
from ragkit.retrieval import Ranking, fuse_scores
from ragkit.retrieval.retriever import CANDIDATES

REPOSITORY = Path(__file__).parents[2]
SIZES = (64, 96, 128, 160, 200, 256)
OVERLAPS = (0, 1, 2)
PREFIXES = ("both", "lexical", "embedded", "none")
"""Where title and headings go: the lexical fields, the embedded text, both or neither."""
METRICS = ("hit@1", "hit@5", "nDCG@10", "in 512", "in 1024")


class Setting(NamedTuple):
    """One way to cut and to index."""

    size: int
    overlap: int
    prefix: str


class Cut(NamedTuple):
    """A set cut in one way, in two indexes with the same keys."""

    chunks: dict[int, Chunk]
    tokens: dict[int, int]
    headed: LocalIndex
    """With title and headings, embedded and as lexical fields."""
    bare: LocalIndex | None
    """Without; None where only the prefix "both" is measured."""


def main() -> None:
    """Measure what is missing, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, help="folder with qa/ and docs/ of public data")
    parser.add_argument("--out", type=Path, required=True, help="JSON lines, added to")
    parser.add_argument("--cache", type=Path, help="file in which to keep embeddings")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--overlaps", type=int, nargs="+", default=OVERLAPS)
    parser.add_argument("--prefixes", nargs="+", choices=PREFIXES, default=PREFIXES)
    parser.add_argument("--sets", nargs="+", help="only these")
    arguments = parser.parse_args()
    encoder = load_caching_encoder(arguments.cache)
    done = {(row["set"], *row["setting"]) for row in load_rows(arguments.out)}
    for questions in load_sets(arguments.data):
        if arguments.sets and questions.name not in arguments.sets:
            continue
        for size in arguments.sizes:
            for overlap in arguments.overlaps:
                settings = [Setting(size, overlap, prefix) for prefix in arguments.prefixes]
                settings = [
                    setting for setting in settings if (questions.name, *setting) not in done
                ]
                if not settings:
                    continue
                for row in measure(questions, settings, encoder):
                    with arguments.out.open("a", encoding="utf-8") as out:
                        out.write(json.dumps(row) + "\n")
    report(load_rows(arguments.out))


def load_rows(path: Path) -> list[dict[str, Any]]:
    """Return what was measured so far."""
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def load_sets(data: Path | None) -> Iterator[QuestionSet]:
    """Yield the repository's suites, and with the public data what is drawn from it."""
    for name in ("course", "course-natural"):
        yield load_suite(REPOSITORY / "evals" / name, REPOSITORY / "corpus")
    if data is None:
        return
    public = REPOSITORY / "evals" / "public" / "cs231n-d2l"
    if public.is_dir():
        extra = (public / "distractors.txt").read_text(encoding="utf-8").split()
        yield load_suite(public, data / "docs", extra=extra)
    qa = data / "qa"
    yield load_squad(qa / "squad2.jsonl.gz", documents=6, questions=200)
    yield load_squad(qa / "covid-qa.jsonl.gz", documents=6, questions=120, by="context")
    yield load_squad(qa / "policyqa.jsonl.gz", documents=5, questions=150)


def measure(
    questions: QuestionSet, settings: Sequence[Setting], encoder: Encoder
) -> Iterator[dict[str, Any]]:
    """Yield a row for each setting; they share size and overlap."""
    asked = [question for question in questions.questions if question.gold]
    with tempfile.TemporaryDirectory() as folder:
        cut = cut_set(questions, settings, encoder, Path(folder))
        for setting in settings:
            found = [
                score(question, rank(question, setting, cut, encoder), cut) for question in asked
            ]
            means = [sum(values) / len(found) for values in zip(*found, strict=True)]
            row = {"set": questions.name, "setting": setting, "n": len(found)}
            row |= {"chunks": len(cut.chunks), "tokens": sum(cut.tokens.values())}
            row |= dict(zip(METRICS, means, strict=True))
            print(row, flush=True)
            yield row
        for index in (cut.headed, cut.bare):
            if index:
                index.close()


def cut_set(
    questions: QuestionSet, settings: Sequence[Setting], encoder: Encoder, folder: Path
) -> Cut:
    """Return a set cut and indexed; the indexes lie in a folder."""
    size, overlap, _ = settings[0]
    cut = [
        chunk_document(document, encoder=encoder, max_tokens=size, overlap_sentences=overlap)
        for document in questions.documents
    ]
    headed = LocalIndex(folder / "headed", writable=True)
    only_headed = all(setting.prefix == "both" for setting in settings)
    bare = None if only_headed else LocalIndex(folder / "bare", writable=True)
    for index in (headed, bare):
        if index is None:
            continue
        changes = []
        for document, chunks in zip(questions.documents, cut, strict=True):
            stored = document if index is headed else replace(document, title="")
            kept = chunks if index is headed else tuple(map(without_heading, chunks))
            passages = tuple(map(passage_text, kept))
            rows = encoder.encode_passages(passages)
            changes.append(DocumentChange(stored, 0, 0, "sweep", kept, passages, rows))
        index.set_encoder(encoder)
        index.apply(changes)
    total = sum(map(len, cut))
    chunks = dict(zip(range(1, total + 1), headed.chunks(range(1, total + 1)), strict=True))
    tokens = {key: len(encoder.token_spans(chunk.text)) for key, chunk in chunks.items()}
    return Cut(chunks, tokens, headed, bare)


def without_heading(chunk: Chunk) -> Chunk:
    """Return a chunk that does not say where it stands."""
    return replace(chunk, title="", heading=())


def rank(question: Question, setting: Setting, cut: Cut, encoder: Encoder) -> list[int]:
    """Return the keys of chunks, best first, as the retriever would."""
    bare = cut.bare or cut.headed
    for_meaning = cut.headed if setting.prefix in ("both", "embedded") else bare
    for_words = cut.headed if setting.prefix in ("both", "lexical") else bare
    embedding = encoder.encode_queries([question.text])
    dense: Sequence[ScoredKey] = for_meaning.search_dense(embedding, top_n=CANDIDATES)
    lexical: Sequence[ScoredKey] = for_words.search_lexical(question.text, top_n=CANDIDATES)
    return [key for key, _ in fuse_scores(Ranking(dense), Ranking(lexical, floor=0.0))]


def score(question: Question, ranking: Sequence[int], cut: Cut) -> tuple[float, ...]:
    """Return the metrics of one question, in the order of `METRICS`."""
    holds = {key: holds_any(chunk, question.gold) for key, chunk in cut.chunks.items()}
    grades = {str(key): 1 for key, held in holds.items() if held}
    within = []
    for budget in (512, 1024):
        used, found = 0, False
        for key in ranking:
            used += cut.tokens[key]
            if used > budget:
                break
            found = found or holds[key]
        within.append(float(found))
    return (
        float(any(holds[key] for key in ranking[:1])),
        float(any(holds[key] for key in ranking[:5])),
        ndcg_at([str(key) for key in ranking], grades, depth=10) or 0.0,
        *within,
    )


def report(rows: Sequence[dict[str, Any]]) -> None:
    """Print the mean over sets for each setting, and nDCG@10 on each set."""
    names = list(dict.fromkeys(row["set"] for row in rows))
    print(
        f"\n{'size overlap prefix':22}", *(f"{name:>9}" for name in METRICS), end="   nDCG@10 on "
    )
    print(*(f"{name[:9]:>9}" for name in names))
    for setting in dict.fromkeys(tuple(row["setting"]) for row in rows):
        found = {row["set"]: row for row in rows if tuple(row["setting"]) == setting}
        if len(found) < len(names):
            continue
        means = (sum(row[metric] for row in found.values()) / len(found) for metric in METRICS)
        print(
            f"{setting[0]:4} {setting[1]:7} {setting[2]:9}",
            *(f"{mean:9.3f}" for mean in means),
            end="   " + " " * 11,
        )
        print(*(f"{found[name]['nDCG@10']:9.3f}" for name in names))


if __name__ == "__main__":
    main()
