"""Fit the weights of `ragkit.evidence.sufficiency` on questions in SQuAD 2.0 form.

    python evals/tools/calibrate_sufficiency.py squad2.jsonl.gz [--questions 400]

Each line of the file holds question, context, title, answers and answerable. Half of the articles
become an index; a quarter of their paragraphs are left out of it. That gives answerable questions,
near unanswerable ones (SQuAD's own), middle ones (their paragraph was left out) and far ones (their
article was). A logistic regression is fitted on even articles and reported on odd ones.
"""

import argparse
import gzip
import hashlib
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ragkit.chunking import chunk_document, passage_text
from ragkit.encoders import load_encoder
from ragkit.evidence import select_evidence
from ragkit.index import LocalIndex
from ragkit.models import find_encoder
from ragkit.protocols import DocumentChange, Encoder
from ragkit.records import Block, Document, Evidence
from ragkit.retrieval import Retriever
from ragkit.settings import Settings

KINDS = ("answerable", "near", "middle", "far")


class Item(NamedTuple):
    """A question, of which kind it is, and what answers it."""

    kind: str
    title: str
    question: str
    answers: tuple[str, ...]


class Measured(NamedTuple):
    """An item with the features of its evidence."""

    item: Item
    evidence: Evidence


def main() -> None:
    """Measure, fit, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--questions", type=int, default=400, help="of each kind")
    arguments = parser.parse_args()
    settings = Settings()
    encoder = load_encoder(
        find_encoder(settings.encoder), name=settings.encoder, cache_dir=settings.cache_path
    )
    rows = load_rows(arguments.file)
    with tempfile.TemporaryDirectory() as folder:
        index = LocalIndex(Path(folder) / "squad", writable=True)
        items = build_index(rows, index, encoder)
        measured = list(measure(sample(items, arguments.questions), index, encoder))
        index.close()
    report_selection(measured)
    fit(measured)


def load_rows(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a gzip JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def build_index(rows: Sequence[dict[str, Any]], index: LocalIndex, encoder: Encoder) -> list[Item]:
    """Index half of the articles but a quarter of their paragraphs; return the items by kind."""
    random_numbers = random.Random(0)
    titles = sorted({row["title"] for row in rows})
    indexed = set(random_numbers.sample(titles, len(titles) // 2))
    contexts = sorted({(row["title"], row["context"]) for row in rows if row["title"] in indexed})
    left_out = set(random_numbers.sample(contexts, len(contexts) // 4))
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
            items.append(Item(kind, row["title"], row["question"], tuple(row["answers"])))
    return items


def kind_of(row: dict[str, Any], indexed: set[str], left_out: set[tuple[str, str]]) -> str | None:
    """Return which kind of question a row is in this setting; None to leave it out."""
    if not row["answerable"]:
        there = row["title"] in indexed and (row["title"], row["context"]) not in left_out
        return "near" if there else None
    if row["title"] not in indexed:
        return "far"
    return "middle" if (row["title"], row["context"]) in left_out else "answerable"


def changes(paragraphs: dict[str, list[str]], encoder: Encoder) -> Iterator[DocumentChange]:
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


def sample(items: Sequence[Item], count: int) -> list[Item]:
    """Return up to `count` items of each kind."""
    random_numbers = random.Random(1)
    chosen = []
    for kind in KINDS:
        members = [item for item in items if item.kind == kind]
        chosen += random_numbers.sample(members, min(count, len(members)))
    return chosen


def measure(items: Sequence[Item], index: LocalIndex, encoder: Encoder) -> Iterator[Measured]:
    """Yield each item with its evidence, gathered as `ragkit ask` does."""
    retriever = Retriever(index, encoder)
    for item in items:
        hits = retriever.search(item.question, top_n=Settings().top_n)
        evidence = select_evidence(item.question, hits, index=index, encoder=encoder)
        yield Measured(item, evidence)


def report_selection(measured: Sequence[Measured]) -> None:
    """Print how often the best sentences hold an accepted answer."""
    answerable = [m for m in measured if m.item.kind == "answerable"]
    for depth in (1, 2, 3, 6):
        held = [holds_answer(m, depth) for m in answerable]
        print(f"answer within the best {depth} sentences: {np.mean(held):.3f} (n={len(held)})")


def holds_answer(measured: Measured, depth: int) -> bool:
    """Say whether one of the best sentences holds an accepted answer."""
    text = " ".join(s.sentence.text.casefold() for s in measured.evidence.sentences[:depth])
    return any(answer.casefold() in text for answer in measured.item.answers)


def fit(measured: Sequence[Measured]) -> None:
    """Print the weights, and what they do on the other articles at a few operating points."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    names = list(measured[0].evidence.sufficiency.features)
    matrix = np.array([[m.evidence.sufficiency.features[n] for n in names] for m in measured])
    label = np.array([m.item.kind == "answerable" for m in measured])
    kinds = np.array([m.item.kind for m in measured])
    even = np.array([hashlib.sha256(m.item.title.encode()).digest()[0] % 2 == 0 for m in measured])
    model = LogisticRegression(C=10.0, class_weight="balanced").fit(matrix[even], label[even])
    print("bias", round(float(model.intercept_[0]), 3))
    for name, weight in zip(names, model.coef_[0], strict=True):
        alone = roc_auc_score(label, matrix[:, names.index(name)])
        print(f"  {name:18} weight {weight:7.3f}   AUROC alone {alone:.3f}")
    held_out = model.predict_proba(matrix)[:, 1]
    for kind in KINDS[1:]:
        rows = ~even & np.isin(kinds, ["answerable", kind])
        auroc = roc_auc_score(label[rows], held_out[rows])
        print(f"AUROC held out, answerable against {kind}: {auroc:.3f}")
    for threshold in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6):
        shares = {k: float(np.mean(held_out[~even & (kinds == k)] < threshold)) for k in KINDS}
        print(
            f"abstained below {threshold:.2f}: "
            + ", ".join(f"{k} {v:.2f}" for k, v in shares.items())
        )


if __name__ == "__main__":
    main()
