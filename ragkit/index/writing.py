"""Documents into and out of the catalog's tables; whoever calls this holds the transaction."""

import sqlite3
from collections.abc import Sequence

from ragkit.index.rows import as_json, digest_of, pages_json, words_of
from ragkit.protocols import DocumentChange, DocumentMove
from ragkit.records import Chunk


def insert_document(connection: sqlite3.Connection, change: DocumentChange) -> None:
    """Store a document whose path is free."""
    document = change.document
    cursor = connection.execute(
        "INSERT INTO documents (path, format, title, sha256, size_bytes, mtime_ns, recipe,"
        " page_count, chunk_count, language, metadata, warnings)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(document.path, document.format, document.title, document.sha256),
            *(change.size_bytes, change.mtime_ns, change.recipe),
            *(len(document.pages), len(change.chunks), document.language),
            *(as_json(dict(document.metadata)), as_json(document.warnings)),
        ),
    )
    key = cursor.lastrowid or 0
    pages = pages_json(document)
    connection.execute("INSERT INTO texts VALUES (?, ?, ?)", (key, pages, document.text))
    connection.executemany(
        "INSERT INTO blocks VALUES (?, ?, ?, ?, ?)",
        [(key, b.start, b.end, b.kind, as_json(b.heading)) for b in document.blocks],
    )
    embedded = zip(change.passages, change.embeddings, strict=True)
    for chunk, (passage, embedding) in zip(change.chunks, embedded, strict=True):
        row = _insert_chunk(connection, key, document.title, chunk)
        connection.execute(
            "INSERT INTO embeddings VALUES (?, ?, ?)",
            (row, digest_of(passage), embedding.astype("<f4").tobytes()),
        )


def _insert_chunk(connection: sqlite3.Connection, document: int, title: str, chunk: Chunk) -> int:
    heading = as_json(chunk.heading)
    cursor = connection.execute(
        'INSERT INTO chunks (id, document, start, "end", page, page_label, heading, text)'
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(chunk.id, document, chunk.start, chunk.end, chunk.page, chunk.page_label),
            *(heading, chunk.text),
        ),
    )
    key = cursor.lastrowid or 0
    connection.execute(
        "INSERT INTO words (rowid, title, heading, text) VALUES (?, ?, ?, ?)",
        (key, title, words_of(heading), chunk.text),
    )
    return key


def remove_document(connection: sqlite3.Connection, path: str) -> None:
    """Forget the document of a path, if there is one."""
    run = connection.execute
    found = run("SELECT key, title FROM documents WHERE path = ?", (path,)).fetchone()
    if found is None:
        return
    document, title = found
    rows = run("SELECT key, heading, text FROM chunks WHERE document = ?", (document,))
    connection.executemany(
        "INSERT INTO words (words, rowid, title, heading, text) VALUES ('delete', ?, ?, ?, ?)",
        [(key, title, words_of(heading), text) for key, heading, text in rows.fetchall()],
    )
    chunks = "SELECT key FROM chunks WHERE document = ?"
    run(f"DELETE FROM embeddings WHERE chunk IN ({chunks})", (document,))
    run("DELETE FROM chunks WHERE document = ?", (document,))
    run("DELETE FROM blocks WHERE document = ?", (document,))
    run("DELETE FROM texts WHERE document = ?", (document,))
    run("DELETE FROM documents WHERE key = ?", (document,))


def move_documents(connection: sqlite3.Connection, moved: Sequence[DocumentMove]) -> int:
    """Give documents other paths, all at once, and return the number of rows written.

    Raises:
        KeyError: There is no document of such a path.
    """
    rows = []
    for move in moved:
        found = connection.execute("SELECT key FROM documents WHERE path = ?", (move.old_path,))
        keys = found.fetchone()
        if keys is None:
            raise KeyError(move.old_path)
        rows.append((move.path, as_json(dict(move.metadata)), move.mtime_ns, *keys))
    before = connection.total_changes
    # By way of names that no file can have, so that no two documents share one on the way.
    aside = "UPDATE documents SET path = char(0) || key WHERE key = ?"
    connection.executemany(aside, [(key,) for *_, key in rows])
    connection.executemany(
        "UPDATE documents SET path = ?, metadata = ?, mtime_ns = ? WHERE key = ?", rows
    )
    return connection.total_changes - before
