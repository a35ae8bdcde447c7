"""Everything stored of one document, as rows: made of a change, read back, summed in a digest.

The digest leaves out keys, which differ between two catalogs of the same documents. What a
damaged catalog still holds of a document is right exactly when it has the digest beside it.
"""

import sqlite3
from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

from ragkit.index.rows import Row, as_json, digest_of, pages_json
from ragkit.protocols import DocumentChange, DocumentMove

DOCUMENT_COLUMNS = (
    "path, format, title, sha256, size_bytes, mtime_ns, recipe, page_count, chunk_count,"
    " language, metadata, warnings"
)
_DIGEST_BYTES = 16


class ChunkRow(NamedTuple):
    """A chunk and what was embedded of it."""

    id: str
    start: int
    end: int
    page: int | None
    page_label: str | None
    heading: str
    text: str
    passage: bytes
    embedding: bytes
    """Little-endian float32."""


class Contents(NamedTuple):
    """A document with its parts, as they are stored, without keys."""

    document: Row
    """In the order of `DOCUMENT_COLUMNS`."""
    pages: str
    text: str
    blocks: tuple[Row, ...]
    """Each start, end, kind, heading."""
    chunks: tuple[ChunkRow, ...]
    signature: bytes = b""
    """Derived from the text: no digest holds it, and it may be lost."""


def contents_of(change: DocumentChange) -> Contents:
    """Return what is to be stored for a change."""
    document = change.document
    embedded = zip(change.passages, change.embeddings, strict=True)
    return Contents(
        document=(
            *(document.path, document.format, document.title, document.sha256),
            *(change.size_bytes, change.mtime_ns, change.recipe),
            *(len(document.pages), len(change.chunks), document.language),
            *(as_json(dict(document.metadata)), as_json(document.warnings)),
        ),
        pages=pages_json(document),
        text=document.text,
        blocks=tuple((b.start, b.end, b.kind, as_json(b.heading)) for b in document.blocks),
        chunks=tuple(
            ChunkRow(
                *(chunk.id, chunk.start, chunk.end, chunk.page, chunk.page_label),
                *(as_json(chunk.heading), chunk.text),
                *(digest_of(passage), embedding.astype("<f4").tobytes()),
            )
            for chunk, (passage, embedding) in zip(change.chunks, embedded, strict=True)
        ),
        signature=change.signature,
    )


def digest_of_contents(contents: Contents) -> bytes:
    """Return 32 bytes that stand for a document with all its parts.

    The first half stands for the parts alone, so that a move need not read them.
    """
    parts = blake2b(digest_size=_DIGEST_BYTES)
    parts.update(repr((contents.pages, contents.text, contents.blocks)).encode())
    for *plain, passage, embedding in contents.chunks:
        parts.update(repr((plain, len(passage), len(embedding))).encode())
        parts.update(passage)
        parts.update(embedding)
    return digest_of_row(contents.document, parts.digest())


def digest_of_row(document: Row, parts: bytes) -> bytes:
    """Return the digest of a document whose parts have this one."""
    values = repr((document, parts)).encode()
    return parts + blake2b(values, digest_size=_DIGEST_BYTES).digest()


def parts_of(digest: bytes) -> bytes:
    """Return what a document's digest says of its parts."""
    return digest[:_DIGEST_BYTES]


def moved_row(document: Row, move: DocumentMove) -> Row:
    """Return the row of a document that has been moved."""
    _, *content, _, recipe, pages, chunks, language, _, warnings = document
    metadata = as_json(dict(move.metadata))
    facts = (recipe, pages, chunks, language, metadata, warnings)
    return (move.path, *content, move.mtime_ns, *facts)


def read_contents(connection: sqlite3.Connection, key: int) -> Contents:
    """Return what is stored of a document.

    Raises:
        KeyError: There is no such document, or no text of it.
        sqlite3.Error: The catalog is damaged where it lies.
    """
    run = connection.execute
    document = run(f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE key = ?", (key,)).fetchone()
    found = run("SELECT pages, text FROM texts WHERE document = ?", (key,)).fetchone()
    if document is None or found is None:
        raise KeyError(key)
    pages, text = found
    blocks = run(
        'SELECT start, "end", kind, heading FROM blocks WHERE document = ? ORDER BY start', (key,)
    )
    chunks = run(
        'SELECT id, start, "end", page, page_label, heading, text, passage, embedding'
        " FROM chunks LEFT JOIN embeddings ON chunk = key WHERE document = ? ORDER BY key",
        (key,),
    )
    rows = tuple(ChunkRow(*row) for row in chunks)
    found = run("SELECT signature FROM signatures WHERE document = ?", (key,)).fetchone()
    return Contents(document, pages, text, tuple(blocks), rows, *(found or ()))


def read_all_contents(connection: sqlite3.Connection) -> Iterator[Contents]:
    """Yield what is stored of each document, in the order of paths, all of one committed state."""
    connection.execute("BEGIN")
    try:
        rows = connection.execute("SELECT key FROM documents ORDER BY path")
        for (key,) in rows.fetchall():
            yield read_contents(connection, key)
    finally:
        connection.execute("ROLLBACK")
