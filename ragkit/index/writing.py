"""Documents into and out of the catalog's tables; whoever calls this holds the transaction."""

import sqlite3
from collections.abc import Sequence

from ragkit.index.contents import (
    DOCUMENT_COLUMNS,
    Contents,
    digest_of_contents,
    digest_of_row,
    moved_row,
    parts_of,
)
from ragkit.index.rows import as_json, words_of
from ragkit.protocols import DocumentMove


def insert_document(connection: sqlite3.Connection, contents: Contents) -> None:
    """Store a document whose path is free."""
    cursor = connection.execute(
        f"INSERT INTO documents ({DOCUMENT_COLUMNS}, digest)"
        f" VALUES ({'?, ' * len(contents.document)}?)",
        (*contents.document, digest_of_contents(contents)),
    )
    key = cursor.lastrowid or 0
    title = contents.document[2]
    run = connection.execute
    run("INSERT INTO texts VALUES (?, ?, ?)", (key, contents.pages, contents.text))
    if contents.signature:
        run("INSERT INTO signatures VALUES (?, ?)", (key, contents.signature))
    connection.executemany(
        "INSERT INTO blocks VALUES (?, ?, ?, ?, ?)", [(key, *block) for block in contents.blocks]
    )
    for chunk in contents.chunks:
        *plain, passage, embedding = chunk
        row = run(
            'INSERT INTO chunks (document, id, start, "end", page, page_label, heading, text)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (key, *plain),
        ).lastrowid
        run("INSERT INTO embeddings VALUES (?, ?, ?)", (row, passage, embedding))
        run(
            "INSERT INTO words (rowid, title, heading, text) VALUES (?, ?, ?, ?)",
            (row, title, words_of(chunk.heading), chunk.text),
        )


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
    run("DELETE FROM signatures WHERE document = ?", (document,))
    run("DELETE FROM documents WHERE key = ?", (document,))


def move_documents(connection: sqlite3.Connection, moved: Sequence[DocumentMove]) -> int:
    """Give documents other paths, all at once, and return the number of rows written.

    Raises:
        KeyError: There is no document of such a path.
    """
    rows = []
    for move in moved:
        found = connection.execute(
            f"SELECT {DOCUMENT_COLUMNS}, digest, key FROM documents WHERE path = ?",
            (move.old_path,),
        ).fetchone()
        if found is None:
            raise KeyError(move.old_path)
        *before, digest, key = found
        after = moved_row(tuple(before), move)
        digest = digest_of_row(after, parts_of(digest))
        rows.append((move.path, as_json(dict(move.metadata)), move.mtime_ns, digest, key))
    changes = connection.total_changes
    # By way of names that no file can have, so that no two documents share one on the way.
    aside = "UPDATE documents SET path = char(0) || key WHERE key = ?"
    connection.executemany(aside, [(key,) for *_, key in rows])
    connection.executemany(
        "UPDATE documents SET path = ?, metadata = ?, mtime_ns = ?, digest = ? WHERE key = ?", rows
    )
    return connection.total_changes - changes
