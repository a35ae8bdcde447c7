"""Documents that are no files into an index, as `ragkit ingest` would put them there."""

import hashlib
from collections.abc import Sequence

from ragkit.chunking import chunk_document, passage_text
from ragkit.index import LocalIndex
from ragkit.protocols import (
    DocumentChange,
    Encoder,
    Progress,
    ProgressListener,
    ignore_progress,
)
from ragkit.records import Chunk, Document

_BATCH = 256
"""Documents that are stored at once: what was stored by then need not be encoded again."""


def fill_index(
    index: LocalIndex,
    documents: Sequence[Document],
    *,
    encoder: Encoder,
    max_tokens: int,
    on_progress: ProgressListener = ignore_progress,
) -> None:
    """Put documents into an index; those that it holds already stay as they are.

    Args:
        index: Open for writing.
        documents: Those without text are left out.
        encoder: Encodes the chunks.
        max_tokens: Largest chunk; 0 for one chunk a document.
        on_progress: Told how many documents are stored.
    """
    index.set_encoder(encoder)
    stored = {document.path for document in index.documents()}
    wanted = [one for one in documents if one.blocks and one.path not in stored]
    for done in range(0, len(wanted), _BATCH):
        on_progress(Progress("encoding", done, len(wanted)))
        batch = wanted[done : done + _BATCH]
        _store(index, batch, encoder=encoder, max_tokens=max_tokens)


def chunks_of(document: Document, *, encoder: Encoder, max_tokens: int) -> tuple[Chunk, ...]:
    """Return the chunks of a document; `max_tokens` 0 for the whole of it as one."""
    if not max_tokens:
        return (_whole(document),)
    return chunk_document(document, encoder=encoder, max_tokens=max_tokens)


def _store(
    index: LocalIndex, documents: Sequence[Document], *, encoder: Encoder, max_tokens: int
) -> None:
    cut = [chunks_of(one, encoder=encoder, max_tokens=max_tokens) for one in documents]
    passages = [passage_text(chunk) for chunks in cut for chunk in chunks]
    rows = encoder.encode_passages(passages)
    recipe = f"entries in chunks of {max_tokens} tokens" if max_tokens else "whole entries"
    changes, at = [], 0
    for document, chunks in zip(documents, cut, strict=True):
        part = slice(at, at + len(chunks))
        at += len(chunks)
        stored = (chunks, tuple(passages[part]), rows[part])
        changes.append(DocumentChange(document, len(document.text), 0, recipe, *stored))
    index.apply(changes)


def _whole(document: Document) -> Chunk:
    """Return a document as one chunk, as long as it may be."""
    text = document.text
    identity = hashlib.sha256(document.sha256.encode()).hexdigest()[:16]
    heading = document.blocks[0]
    path = (text[heading.start : heading.end],) if heading.kind == "heading" else ()
    return Chunk(identity, document.path, text, 0, len(text), title=document.title, heading=path)
