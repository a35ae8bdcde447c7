"""Documents to chunks, embeddings and one transaction, a few documents at a time.

What is encoded already is not encoded again: an embedding is looked up by its passage first. How
documents fall into batches changes nothing of what is stored.

Files are read ahead in processes of their own. The rest is done in turn, since threads would win
little: of 18.6 s for 363 chunks of a course (16 Markdown files, int8, 2 cores), encoding took 17.5,
cutting 0.9 and committing 0.2.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ragkit.chunking import chunk_document, passage_text
from ragkit.ingest.duplicates import signature_of
from ragkit.protocols import DocumentChange, Encoder, Index, Progress, ProgressListener
from ragkit.records import Chunk, Document, Embeddings

_COMMIT_CHUNKS = 64
"""Chunks to gather before they are encoded and committed together."""
_ENCODE_CHUNKS = 32
"""Chunks to encode between two reports of progress."""


class Source(NamedTuple):
    """A document to store, and what to remember of its file."""

    document: Document
    size_bytes: int
    mtime_ns: int
    recipe: str
    succeeds: str = ""
    """A document of another path to remove when this one is stored."""


class Cut(NamedTuple):
    """A document cut into chunks, before they are encoded."""

    source: Source
    chunks: tuple[Chunk, ...]
    passages: tuple[str, ...]


def cut_in_batches(
    sources: Iterable[Source], *, encoder: Encoder, chunk_tokens: int
) -> Iterator[tuple[Cut, ...]]:
    """Cut documents and yield whole ones together when there is enough to encode and commit."""
    batch: list[Cut] = []
    count = 0
    for source in sources:
        chunks = chunk_document(source.document, encoder=encoder, max_tokens=chunk_tokens)
        batch.append(Cut(source, chunks, tuple(passage_text(chunk) for chunk in chunks)))
        count += len(chunks)
        if count >= _COMMIT_CHUNKS:
            yield tuple(batch)
            batch, count = [], 0
    if batch:
        yield tuple(batch)


class Writer:
    """Encodes batches into an index.

    Args:
        index: Open for writing; it holds embeddings of this encoder only.
        encoder: Encodes what the index does not hold.
        expected: Documents that are to come.
        on_progress: Told how many chunks are encoded and how many documents are stored.
    """

    def __init__(
        self, index: Index, encoder: Encoder, *, expected: int, on_progress: ProgressListener
    ) -> None:
        self._index = index
        self._encoder = encoder
        self._on_progress = on_progress
        self.expected = expected
        self.encoded = 0
        self.stored: list[str] = []
        """Paths of the documents that were committed."""

    def write(self, batch: Sequence[Cut]) -> None:
        """Encode and commit a batch; when interrupted, commit what is encoded of it."""
        embeddings = dict(
            self._index.find_embeddings([text for cut in batch for text in cut.passages])
        )
        try:
            self._encode(batch, embeddings)
        except KeyboardInterrupt:
            self._commit(
                [cut for cut in batch if embeddings.keys() >= set(cut.passages)], embeddings
            )
            raise
        self._commit(batch, embeddings)

    def _encode(self, batch: Sequence[Cut], embeddings: dict[str, Embeddings]) -> None:
        """Add the embedding of every passage that has none yet."""
        every = dict.fromkeys(text for cut in batch for text in cut.passages)
        todo = [text for text in every if text not in embeddings]
        for first in range(0, len(todo), _ENCODE_CHUNKS):
            left = len(todo) - first
            self._on_progress(Progress("encoding", self.encoded, self.encoded + left))
            part = todo[first : first + _ENCODE_CHUNKS]
            embeddings |= zip(part, self._encoder.encode_passages(part), strict=True)
            self.encoded += len(part)
        self._on_progress(Progress("encoding", self.encoded, self.encoded))

    def _commit(self, batch: Sequence[Cut], embeddings: dict[str, Embeddings]) -> None:
        if not batch:
            return
        self._index.apply(
            [self._change(cut, embeddings) for cut in batch],
            removed=[cut.source.succeeds for cut in batch if cut.source.succeeds],
        )
        self.stored += (cut.source.document.path for cut in batch)
        self._on_progress(Progress("saving", len(self.stored), self.expected))

    def _change(self, cut: Cut, embeddings: dict[str, Embeddings]) -> DocumentChange:
        rows = np.zeros((len(cut.passages), self._encoder.dim), dtype=np.float32)
        for at, text in enumerate(cut.passages):
            rows[at] = embeddings[text]
        return DocumentChange(
            document=cut.source.document,
            size_bytes=cut.source.size_bytes,
            mtime_ns=cut.source.mtime_ns,
            recipe=cut.source.recipe,
            chunks=cut.chunks,
            passages=cut.passages,
            embeddings=rows,
            signature=signature_of(cut.source.document.text),
        )
