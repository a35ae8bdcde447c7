"""The truth about an index, in one SQLite file: documents, chunks, words and embeddings.

Every change is one transaction and moves the generation on by one, so that whatever is derived from
the catalog can tell whether it is still current.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ragkit.index.query import (
    match_phrase,
    match_prefix,
    telling_words,
)
from ragkit.index.schema import connect, transaction, translate_sqlite_errors
from ragkit.protocols import DocumentChange, ScoredKey
from ragkit.records import Block, Chunk, Embeddings, StoredDocument
from ragkit.words import LEAST_PREFIX_LETTERS

TITLE_WEIGHT, HEADING_WEIGHT, TEXT_WEIGHT = 0.5, 1.5, 1.0
"""Weights of the lexical fields in BM25. A title stands on every chunk of its document, so it tells
chunks of one document apart not at all; a heading names what its few chunks are about."""


class Stamp(NamedTuple):
    """Which state of which catalog something was derived from."""

    identity: str
    generation: int


class Catalog:
    """One catalog file.

    Args:
        path: The SQLite file.
        writable: Make it where it is missing, and allow changes.
    """

    def __init__(self, path: Path, *, writable: bool) -> None:
        self.path = path
        self._connection = connect(path, writable=writable)
        self._writable = writable

    def meta(self, name: str) -> str:
        """Return a value kept beside the tables; empty where it is not set."""
        with translate_sqlite_errors(self.path):
            row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,))
            found = row.fetchone()
        return str(found[0]) if found else ""

    def stamp(self) -> Stamp:
        """Return which state this is."""
        return Stamp(self.meta("identity"), int(self.meta("generation")))

    def set_meta(self, values: Mapping[str, str]) -> None:
        """Set values kept beside the tables, all or none."""
        with translate_sqlite_errors(self.path), transaction(self._connection):
            self._connection.executemany(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items()
            )

    def documents(self) -> Iterator[StoredDocument]:
        """Yield every document without its text, in the order of paths."""
        columns = (
            "path, format, title, sha256, size_bytes, mtime_ns, recipe, page_count, chunk_count"
        )
        with translate_sqlite_errors(self.path):
            rows = self._connection.execute(f"SELECT {columns} FROM documents ORDER BY path")
            yield from (StoredDocument(*row) for row in rows)

    def document_text(self, path: str) -> str:
        """Return a document's text. Raises: KeyError where there is no such document."""
        with translate_sqlite_errors(self.path):
            rows = self._connection.execute("SELECT text FROM documents WHERE path = ?", (path,))
            found = rows.fetchone()
        if found is None:
            raise KeyError(path)
        return str(found[0])

    def blocks(self, path: str, *, start: int, end: int) -> tuple[Block, ...]:
        """Return the blocks of a document that share characters with a span, in order."""
        with translate_sqlite_errors(self.path):
            rows = self._connection.execute(
                'SELECT kind, start, "end", heading FROM blocks WHERE document ='
                ' (SELECT key FROM documents WHERE path = ?) AND start < ? AND "end" > ?'
                " ORDER BY start",
                (path, end, start),
            )
            return tuple(
                Block(kind, start, stop, tuple(json.loads(heading)))
                for kind, start, stop, heading in rows
            )

    def apply(self, changes: Iterable[DocumentChange], *, removed: Iterable[str] = ()) -> None:
        """Replace or add documents and remove others, all in one transaction."""
        with translate_sqlite_errors(self.path), transaction(self._connection):
            for path in removed:
                self._remove(path)
            for change in changes:
                self._remove(change.document.path)
                self._insert(change)
            self._connection.execute(
                "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE name = 'generation'"
            )

    def touch(self, path: str, *, size_bytes: int, mtime_ns: int) -> None:
        """Remember that a file of unchanged content has a new time of change."""
        with translate_sqlite_errors(self.path), transaction(self._connection):
            self._connection.execute(
                "UPDATE documents SET size_bytes = ?, mtime_ns = ? WHERE path = ?",
                (size_bytes, mtime_ns, path),
            )

    def _remove(self, path: str) -> None:
        run = self._connection.execute
        found = run("SELECT key, title FROM documents WHERE path = ?", (path,)).fetchone()
        if found is None:
            return
        document, title = found
        rows = run("SELECT key, heading, text FROM chunks WHERE document = ?", (document,))
        self._connection.executemany(
            "INSERT INTO words (words, rowid, title, heading, text) VALUES ('delete', ?, ?, ?, ?)",
            [(key, title, _words_of(heading), text) for key, heading, text in rows.fetchall()],
        )
        run("DELETE FROM chunks WHERE document = ?", (document,))
        run("DELETE FROM blocks WHERE document = ?", (document,))
        run("DELETE FROM documents WHERE key = ?", (document,))

    def _insert(self, change: DocumentChange) -> None:
        document = change.document
        cursor = self._connection.execute(
            "INSERT INTO documents (path, format, title, sha256, size_bytes, mtime_ns, recipe,"
            " page_count, chunk_count, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(document.path, document.format, document.title, document.sha256),
                *(change.size_bytes, change.mtime_ns, change.recipe),
                *(len(document.pages), len(change.chunks), document.text),
            ),
        )
        key = cursor.lastrowid or 0
        self._connection.executemany(
            "INSERT INTO blocks VALUES (?, ?, ?, ?, ?)",
            [(key, b.start, b.end, b.kind, _as_json(b.heading)) for b in document.blocks],
        )
        for chunk, embedding in zip(change.chunks, change.embeddings, strict=True):
            self._insert_chunk(key, document.title, chunk, embedding)

    def _insert_chunk(
        self, document: int, title: str, chunk: Chunk, embedding: npt.NDArray[np.float32]
    ) -> None:
        heading = _as_json(chunk.heading)
        cursor = self._connection.execute(
            'INSERT INTO chunks (id, document, start, "end", page, page_label, heading, text,'
            " embedding) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(chunk.id, document, chunk.start, chunk.end, chunk.page, chunk.page_label),
                *(heading, chunk.text, embedding.astype("<f4").tobytes()),
            ),
        )
        self._connection.execute(
            "INSERT INTO words (rowid, title, heading, text) VALUES (?, ?, ?, ?)",
            (cursor.lastrowid, title, _words_of(heading), chunk.text),
        )

    def chunks(self, keys: Sequence[int]) -> tuple[Chunk, ...]:
        """Return the chunks of these keys, in order. Raises: KeyError for a missing one."""
        query = (
            'SELECT chunks.id, path, chunks.text, start, "end", title, heading, page, page_label'
            " FROM chunks JOIN documents ON documents.key = document WHERE chunks.key = ?"
        )
        found = []
        with translate_sqlite_errors(self.path):
            for key in keys:
                row = self._connection.execute(query, (key,)).fetchone()
                if row is None:
                    raise KeyError(key)
                found.append(_chunk_of(row))
        return tuple(found)

    def embeddings(self) -> tuple[npt.NDArray[np.int64], Embeddings]:
        """Return all keys, shape (n,), and their embeddings, shape (n, dim)."""
        with translate_sqlite_errors(self.path):
            rows = self._connection.execute("SELECT key, embedding FROM chunks ORDER BY key")
            pairs = rows.fetchall()
        keys = np.array([key for key, _ in pairs], dtype=np.int64)
        matrix = np.frombuffer(b"".join(blob for _, blob in pairs), dtype="<f4")
        return keys, matrix.astype(np.float32).reshape(len(pairs), -1 if pairs else 0)

    def search_words(self, query: str, *, top_n: int) -> tuple[ScoredKey, ...]:
        """Return the chunks of greatest BM25 score for the words of a query, best first."""
        with translate_sqlite_errors(self.path):
            expression = " OR ".join(map(self._expression_of, telling_words(query)))
            if not expression:
                return ()
            rows = self._connection.execute(
                "SELECT rowid, -bm25(words, ?, ?, ?) AS score FROM words WHERE words MATCH ?"
                " ORDER BY score DESC, rowid LIMIT ?",
                (TITLE_WEIGHT, HEADING_WEIGHT, TEXT_WEIGHT, expression, top_n),
            )
            return tuple(ScoredKey(key, score) for key, score in rows)

    def _expression_of(self, word: str) -> str:
        """Return what to match for a word: words that begin with it where no chunk holds it."""
        exact = match_phrase(word)
        if len(word) < LEAST_PREFIX_LETTERS:
            return exact
        rows = self._connection.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (exact,))
        return exact if rows.fetchone() else match_prefix(word)

    def document_frequencies(
        self, words: Sequence[str], *, as_prefix: bool = False
    ) -> tuple[int, ...]:
        """Return in how many chunks each word occurs, up to its ending, or begins another word."""
        match = match_prefix if as_prefix else match_phrase
        counts = []
        with translate_sqlite_errors(self.path):
            for word in words:
                rows = self._connection.execute(
                    "SELECT count(*) FROM words WHERE words MATCH ?", (match(word),)
                )
                counts.append(int(rows.fetchone()[0]))
        return tuple(counts)

    def chunk_count(self) -> int:
        """Return the number of chunks stored."""
        with translate_sqlite_errors(self.path):
            return int(self._connection.execute("SELECT count(*) FROM chunks").fetchone()[0])

    def close(self) -> None:
        """Fold the write-ahead log into the file and let go of it."""
        if self._writable:
            # A full disk keeps the log, which is as good: the next opening reads it.
            with suppress(sqlite3.Error):
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()


def _chunk_of(row: tuple[Any, ...]) -> Chunk:
    identity, path, text, start, end, title, heading, page, page_label = row
    return Chunk(
        id=identity,
        document=path,
        text=text,
        start=start,
        end=end,
        title=title,
        heading=tuple(json.loads(heading)),
        page=page,
        page_label=page_label,
    )


def _as_json(heading: tuple[str, ...]) -> str:
    return json.dumps(heading, ensure_ascii=False)


def _words_of(heading: str) -> str:
    return " ".join(json.loads(heading))
