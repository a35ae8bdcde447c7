"""Retrieval collections in BEIR form, read and put through ragkit's own chunker and index."""

import csv
import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from ragkit.chunking import chunk_document, passage_text
from ragkit.documents.build import build_document
from ragkit.documents.draft import Draft, RawBlock
from ragkit.index import LocalIndex
from ragkit.protocols import DocumentChange, Encoder
from ragkit.records import Chunk, Document


class Collection(NamedTuple):
    """Documents, the queries put to them, and which documents are relevant to which query."""

    name: str
    documents: tuple[Document, ...]
    queries: dict[str, str]
    relevant: dict[str, dict[str, int]]
    """Query id -> document id -> grade, above 0 only; queries without any are left out."""


def load_collection(folder: Path, *, every: int = 1) -> Collection:
    """Return the collection in a folder: corpus.jsonl and queries.jsonl (or .gz), qrels.tsv.

    Args:
        folder: Where it lies.
        every: Keep each such query, counted in the file's order from the first.
    """
    documents = tuple(document_of(row) for row in _rows(folder, "corpus.jsonl"))
    relevant = _judgements(folder / "qrels.tsv")
    rows = list(_rows(folder, "queries.jsonl"))[::every]
    queries = {row["_id"]: row["text"] for row in rows if row["_id"] in relevant}
    kept = {query: relevant[query] for query in queries}
    return Collection(folder.name, documents, queries, kept)


def _rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    plain = folder / name
    if plain.is_file():
        text = plain.read_text(encoding="utf-8")
    else:
        text = gzip.decompress((folder / f"{name}.gz").read_bytes()).decode("utf-8")
    yield from (json.loads(line) for line in text.splitlines() if line.strip())


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    relevant: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if int(row["score"]) > 0:
                relevant.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    return relevant


def document_of(row: dict[str, Any]) -> Document:
    """Return an entry as the Markdown reader would: its title is a heading above its paragraphs."""
    title, text = str(row.get("title") or "").strip(), str(row["text"])
    blocks = [RawBlock("heading", title, 1)] if title else []
    blocks += [RawBlock("paragraph", part) for part in text.split("\n\n") if part.strip()]
    sha256 = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()
    draft = Draft(tuple(blocks), title=title)
    document = build_document(draft, name=row["_id"], kind="plain", sha256=sha256)
    return document if title else replace(document, title="")


def whole(document: Document) -> tuple[Chunk, ...]:
    """Return a document as one chunk, as long as it may be."""
    text = document.text
    identity = hashlib.sha256(document.sha256.encode()).hexdigest()[:16]
    heading = document.blocks[0]
    has_heading = heading.kind == "heading"
    path = (text[heading.start : heading.end],) if has_heading else ()
    return (Chunk(identity, document.path, text, 0, len(text), title=document.title, heading=path),)


def chunks_of(
    documents: Sequence[Document], *, encoder: Encoder, max_tokens: int
) -> list[tuple[Chunk, ...]]:
    """Return the chunks of each document; `max_tokens` 0 for whole documents."""
    if not max_tokens:
        return [whole(document) for document in documents if document.blocks]
    return [
        chunk_document(document, encoder=encoder, max_tokens=max_tokens) for document in documents
    ]


def fill_index(
    index: LocalIndex, documents: Sequence[Document], *, encoder: Encoder, max_tokens: int
) -> None:
    """Put documents into an index as `ragkit ingest` would.

    Args:
        index: Open for writing, and empty.
        documents: Of the collection.
        encoder: Encodes the chunks.
        max_tokens: Largest chunk; 0 for one chunk a document.
    """
    kept = [document for document in documents if document.blocks]
    cut = chunks_of(kept, encoder=encoder, max_tokens=max_tokens)
    passages = [passage_text(chunk) for chunks in cut for chunk in chunks]
    rows = encoder.encode_passages(passages)
    index.set_encoder(encoder)
    changes, at = [], 0
    for document, chunks in zip(kept, cut, strict=True):
        part = slice(at, at + len(chunks))
        at += len(chunks)
        stored = (chunks, tuple(passages[part]), rows[part])
        changes.append(DocumentChange(document, len(document.text), 0, "measuring", *stored))
    index.apply(changes)
