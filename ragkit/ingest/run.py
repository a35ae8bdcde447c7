"""A folder of documents to an index equal to it: add, change, remove, and leave the rest alone.

Documents are committed a few at a time as they are done, so an interruption costs at most the few
in flight, and the next run goes on from there.
"""

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ragkit.chunking import chunk_document, passage_text
from ragkit.documents import FoundFile, Ocr, ReadingLimits, SkippedFile, read_documents
from ragkit.documents.ocr import advise_ocr
from ragkit.errors import DocumentError
from ragkit.ingest.plan import check_paths, find_something, make_plan, scopes_of
from ragkit.protocols import (
    DocumentChange,
    DocumentMove,
    Encoder,
    Index,
    Progress,
    ProgressListener,
    ignore_progress,
)
from ragkit.records import Chunk, Document

READING_VERSION = 3
"""Moves on when documents are read or cut differently: older indexes are then read again."""

_COMMIT_CHUNKS = 64
"""Chunks to gather before they are encoded and committed together."""
_ENCODE_CHUNKS = 32
"""Chunks to encode between two reports of progress."""


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """How documents are read and cut."""

    chunk_tokens: int = 200
    """Largest chunk, in the encoder's tokens."""
    rebuild: bool = False
    """Read everything again; what another encoder made is forgotten first."""
    password: str | None = None
    """For encrypted documents."""
    limits: ReadingLimits = field(default_factory=ReadingLimits)
    """How much of the machine one document may use while it is read."""
    ocr: Ocr | None = None
    """How to read pictures of pages; None to leave them unread."""
    debug: bool = False
    """Let what libraries write while they read through to stderr."""


class FailedFile(NamedTuple):
    """A document that could not be read, and why; the others are not affected."""

    name: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one run did."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0
    removed: tuple[str, ...] = ()
    failed: tuple[FailedFile, ...] = ()
    skipped: tuple[SkippedFile, ...] = ()
    warnings: tuple[str, ...] = ()
    """One line each about documents that were read, such as scanned pages or duplicates."""
    encoded_chunks: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class _Run:
    """What a run has done so far."""

    read: list[str] = field(default_factory=list)
    failed: list[FailedFile] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    encoded: int = 0


def ingest(
    paths: Sequence[Path],
    *,
    corpus: Path,
    index: Index,
    encoder: Encoder,
    options: IngestOptions | None = None,
    on_progress: ProgressListener = ignore_progress,
) -> IngestReport:
    """Make what the index holds of some paths equal to what lies there; return what was done.

    Args:
        paths: Folders or files; empty for the whole corpus. What the index holds from elsewhere is
            left alone.
        corpus: The folder that documents are named relative to.
        index: Open for writing; it holds embeddings of this encoder or none.
        encoder: Encodes the chunks.
        options: How to read and cut.
        on_progress: Told how far each phase is.

    Raises:
        StorageError: A path does not exist or holds nothing to read, or the disk is full.
    """
    start = time.perf_counter()
    options = options or IngestOptions()
    recipe = _describe_reading(options)
    check_paths(paths, corpus)
    files, skipped = find_something(paths, corpus)
    if options.rebuild and index.encoder_fingerprint != encoder.fingerprint:
        index.apply((), removed=[document.path for document in index.documents()])
    stored = {document.path: document for document in index.documents()}
    scopes, wanted = scopes_of(paths, corpus), "" if options.rebuild else recipe
    plan = make_plan(files, skipped, stored, scopes, recipe=wanted)
    index.set_encoder(encoder)
    touched = (
        DocumentMove(name, name, stored[name].metadata, at) for _, name, _, at in plan.touched
    )
    index.apply((), removed=plan.removed, moved=touched)
    run = _Run()
    with closing(_read_all(plan.to_read, run, options, on_progress=on_progress)) as documents:
        for batch in _batches(documents, encoder, options.chunk_tokens):
            _commit(batch, index, encoder, run, recipe=recipe, on_progress=on_progress)
    return IngestReport(
        new=tuple(name for name in run.read if name not in stored),
        changed=tuple(name for name in run.read if name in stored),
        unchanged=plan.unchanged,
        removed=plan.removed,
        failed=tuple(run.failed),
        skipped=skipped,
        warnings=(*run.warnings, *_duplicates(index)),
        encoded_chunks=run.encoded,
        seconds=time.perf_counter() - start,
    )


def _describe_reading(options: IngestOptions) -> str:
    """Return how documents are read; one that was read in another way is read again."""
    recipe = f"reading {READING_VERSION}, chunks of {options.chunk_tokens} tokens"
    if options.ocr and not advise_ocr(asked=True):  # once it works, pictures are read after all
        recipe += f", OCR in {options.ocr.languages}"
    return recipe


def _read_all(
    files: Sequence[FoundFile],
    run: _Run,
    options: IngestOptions,
    *,
    on_progress: ProgressListener,
) -> Generator[tuple[FoundFile, Document]]:
    results = read_documents(
        files,
        password=options.password,
        ocr=options.ocr,
        limits=options.limits,
        debug=options.debug,
    )
    with closing(results):
        for done, file in enumerate(files):
            on_progress(Progress("reading", done, len(files), file.name))
            outcome = next(results).outcome
            if isinstance(outcome, DocumentError):
                run.failed.append(FailedFile(file.name, outcome.message, outcome.hint))
                continue
            run.warnings += (f"{file.name}: {warning}" for warning in outcome.warnings)
            yield file, outcome
    on_progress(Progress("reading", len(files), len(files)))


class _Cut(NamedTuple):
    """A document cut into chunks, before they are encoded."""

    file: FoundFile
    document: Document
    chunks: tuple[Chunk, ...]


def _batches(
    documents: Iterable[tuple[FoundFile, Document]], encoder: Encoder, chunk_tokens: int
) -> Iterator[list[_Cut]]:
    """Cut documents and gather whole ones until there is enough to encode and commit."""
    batch: list[_Cut] = []
    for file, document in documents:
        chunks = chunk_document(document, encoder=encoder, max_tokens=chunk_tokens)
        batch.append(_Cut(file, document, chunks))
        if sum(len(cut.chunks) for cut in batch) >= _COMMIT_CHUNKS:
            yield batch
            batch = []
    if batch:
        yield batch


def _commit(
    batch: Sequence[_Cut],
    index: Index,
    encoder: Encoder,
    run: _Run,
    *,
    recipe: str,
    on_progress: ProgressListener,
) -> None:
    passages = [passage_text(chunk) for cut in batch for chunk in cut.chunks]
    rows = [np.zeros((0, encoder.dim), dtype=np.float32)]
    for first in range(0, len(passages), _ENCODE_CHUNKS):
        on_progress(Progress("encoding", run.encoded, run.encoded + len(passages) - first))
        rows.append(encoder.encode_passages(passages[first : first + _ENCODE_CHUNKS]))
        run.encoded += len(rows[-1])
    on_progress(Progress("encoding", run.encoded, run.encoded))
    on_progress(Progress("saving", 0, len(batch)))
    matrix = np.concatenate(rows)
    changes, at = [], 0
    for file, document, chunks in batch:
        rows_of = slice(at, at + len(chunks))
        at += len(chunks)
        changes.append(
            DocumentChange(
                document=document,
                size_bytes=file.size_bytes,
                mtime_ns=file.mtime_ns,
                recipe=recipe,
                chunks=chunks,
                passages=tuple(passages[rows_of]),
                embeddings=matrix[rows_of],
            )
        )
    index.apply(changes)
    run.read += (cut.document.path for cut in batch)
    on_progress(Progress("saving", len(batch), len(batch)))


def _duplicates(index: Index) -> list[str]:
    """Return a line for each document that holds the same bytes as an earlier one."""
    first: dict[str, str] = {}
    lines = []
    for document in index.documents():
        original = first.setdefault(document.sha256, document.path)
        if original != document.path:
            lines.append(f"{document.path}: the same file as {original}; it is answered from once")
    return lines
