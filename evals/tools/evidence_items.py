"""Questions with their ranked evidence, answerable and not, to fit and to measure on.

From questions in SQuAD 2.0 form (question, context, title, answers, answerable), or from passages
that were written for training, an index is made of four fifths of the paragraphs. That gives
answerable questions, near unanswerable ones (their own), middle ones (their paragraph was left out)
and far ones (their article was). From a suite over the project's corpus, the kinds that its items
name. The reader looks at all of them. What is slow is kept in a file.
"""

import gzip
import hashlib
import json
import pickle
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from training_items import written_in

from ragkit import models
from ragkit.chunking import chunk_document, passage_text
from ragkit.encoders import load_encoder
from ragkit.evidence.matching import QuestionTerms, weigh_terms
from ragkit.evidence.ranking import Ranked, rank_candidates
from ragkit.evidence.selection import candidates_of
from ragkit.index import LocalIndex
from ragkit.protocols import DocumentChange, Encoder, Index, Reader
from ragkit.records import Block, Document
from ragkit.retrieval import Retriever
from ragkit.settings import Settings

KINDS = ("answerable", "near", "middle", "far")
FOLDS = 5
LEAST_TITLES = 20
"""A set with more articles loses some of them whole, to ask about what is not there at all."""


class Item(NamedTuple):
    """A question, of which kind it is, and what answers it."""

    collection: str
    kind: str
    group: str
    """Its article or item; a fold holds a group whole."""
    question: str
    answers: tuple[str, ...]
    context: str = ""
    gold: tuple[tuple[str, int, int], ...] = ()
    """Documents and spans that answer, where they are marked."""


class Measured(NamedTuple):
    """An item with its ranked evidence."""

    item: Item
    terms: QuestionTerms
    ranked: tuple[Ranked, ...]

    @property
    def answering(self) -> tuple[bool, ...]:
        """Which of the ranked units answer: they touch a gold span, or hold an accepted answer."""
        return tuple(_answers(one, self.item) for one in self.ranked)


def _answers(ranked: Ranked, item: Item) -> bool:
    sentence, document = ranked.candidate.unit.sentence, ranked.candidate.hit.chunk.document
    if item.gold:
        return any(
            document == path and start < sentence.end and sentence.start < end
            for path, start, end in item.gold
        )
    text = " ".join(sentence.text.casefold().split())
    return any(answer.casefold() in text for answer in item.answers)


def load_measured(
    files: Sequence[Path], suites: Sequence[Path], *, counts: Mapping[str, int], cache: Path
) -> list[Measured]:
    """Return the items of all sets with their ranked evidence, from the cache if it is there."""
    measured: list[Measured] = []
    for source in (*files, *suites):
        reader = open_reader()
        read_by = reader.sha256[:8] if reader else "unread"
        kept = cache / f"{source.name.partition('.')[0]}-{read_by}.pickle"
        if not kept.exists():
            cache.mkdir(parents=True, exist_ok=True)
            found = list(measure_suite(source) if source.is_dir() else measure_file(source, counts))
            kept.write_bytes(pickle.dumps(found))
        measured += pickle.loads(kept.read_bytes())  # noqa: S301 - written by this tool
    return measured


def fold_of(item: Item) -> int:
    """Return to which fold an item belongs, by its group."""
    return hashlib.sha256(item.group.encode()).digest()[0] % FOLDS


def open_encoder() -> Encoder:
    """Return the encoder that is set for this project."""
    settings = Settings()
    return load_encoder(
        models.find_encoder(settings.encoder), name=settings.encoder, cache_dir=settings.cache_path
    )


@cache
def open_reader() -> Reader | None:
    """Return the reader that comes for that encoder."""
    settings = Settings()
    return models.open_reader("auto", encoder=settings.encoder, cache_dir=settings.cache_path)


def measure_suite(folder: Path) -> Iterator[Measured]:
    """Yield the items of a suite over the index of the project around it."""
    encoder = open_encoder()
    lines = (folder / "samples.jsonl").read_text("utf-8").splitlines()
    with LocalIndex(folder.parent.parent / "indexes" / "default") as index:
        for row in map(json.loads, lines):
            gold = tuple((g["document"], g["start"], g["end"]) for g in row["gold"])
            kind = kind_of_sample(row)
            answers = tuple(row["answers"])
            item = Item(folder.name, kind, row["id"], row["question"], answers, gold=gold)
            yield measure(item, index, encoder, open_reader())


def measure_file(path: Path, counts: Mapping[str, int]) -> Iterator[Measured]:
    """Yield up to so many items of each kind of a file: in SQuAD 2.0 form, or written passages."""
    rows = list(read_rows(path))
    name = path.name.partition(".")[0]
    for row in rows:  # some sets name no article
        row["title"] = row["title"] or hashlib.sha256(row["context"].encode()).hexdigest()[:8]
    encoder = open_encoder()
    with tempfile.TemporaryDirectory() as folder:
        index = LocalIndex(Path(folder) / "index", writable=True)
        for item in sample(build_index(name, rows, index, encoder), counts):
            yield measure(item, index, encoder, open_reader())
        index.close()


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the questions of a file, in SQuAD 2.0 form."""
    if path.suffix == ".jsonl":
        yield from written_in(path)
        return
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def measure(item: Item, index: Index, encoder: Encoder, reader: Reader | None = None) -> Measured:
    """Return an item with its evidence, ranked as `ragkit ask` does."""
    hits = Retriever(index, encoder).search(item.question, top_n=Settings().top_n)
    terms = weigh_terms(item.question, index)
    candidates = candidates_of(hits, index)
    ranked = rank_candidates(item.question, candidates, terms, encoder, reader)
    return Measured(item, terms, ranked)


def build_index(
    name: str, rows: Sequence[dict[str, Any]], index: LocalIndex, encoder: Encoder
) -> list[Item]:
    """Index some articles but a fifth of their paragraphs; return the items by kind."""
    numbers = random.Random(0)
    titles = sorted({row["title"] for row in rows})
    share = 0.8 if len(titles) > LEAST_TITLES else 1.0
    indexed = set(numbers.sample(titles, round(len(titles) * share)))
    contexts = sorted({(row["title"], row["context"]) for row in rows if row["title"] in indexed})
    left_out = set(numbers.sample(contexts, len(contexts) // 5))
    paragraphs = defaultdict(list)
    for title, context in contexts:
        if (title, context) not in left_out:
            paragraphs[title].append(context)
    index.set_encoder(encoder)
    index.apply(list(changes(paragraphs, encoder)))
    items = []
    for row in rows:
        kind = kind_of(row, indexed, left_out)
        if kind:
            answers = tuple(row["answers"])
            items.append(Item(name, kind, row["title"], row["question"], answers, row["context"]))
    return items


def kind_of_sample(row: dict[str, Any]) -> str:
    """Return the kind of a sample of a suite: far ones that are about AI, too, are middle ones.

    >>> kind_of_sample({"kind": "unanswerable-far", "group": "neighbouring topic"})
    'middle'
    """
    if row.get("group") == "neighbouring topic":
        return "middle"
    return str(row["kind"].removeprefix("unanswerable-"))


def kind_of(row: dict[str, Any], indexed: set[str], left_out: set[tuple[str, str]]) -> str | None:
    """Return which kind of question a row is in this setting; None to leave it out."""
    if not row["answerable"]:
        there = row["title"] in indexed and (row["title"], row["context"]) not in left_out
        return "near" if there else None
    if row["title"] not in indexed:
        return "far"
    return "middle" if (row["title"], row["context"]) in left_out else "answerable"


def changes(paragraphs: Mapping[str, list[str]], encoder: Encoder) -> Iterator[DocumentChange]:
    """Yield each article as a document."""
    for title, texts in paragraphs.items():
        text = "\n\n".join(texts)
        starts = np.cumsum([0, *(len(part) + 2 for part in texts)])
        blocks = tuple(
            Block("paragraph", int(start), int(start) + len(part))
            for start, part in zip(starts, texts, strict=False)
        )
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        name = title.replace("_", " ")
        document = Document(f"{title}.txt", "txt", name, text, sha256, (), blocks)
        chunks = chunk_document(document, encoder=encoder, max_tokens=Settings().chunk_tokens)
        passages = tuple(passage_text(chunk) for chunk in chunks)
        embeddings = encoder.encode_passages(passages)
        yield DocumentChange(document, len(text), 0, "", chunks, passages, embeddings)


def sample(items: Sequence[Item], counts: Mapping[str, int]) -> list[Item]:
    """Return up to so many items of each kind."""
    numbers = random.Random(1)
    chosen = []
    for kind in KINDS:
        members = [item for item in items if item.kind == kind]
        chosen += numbers.sample(members, min(counts[kind], len(members)))
    return chosen
