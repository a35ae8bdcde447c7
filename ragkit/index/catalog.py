"""The truth about an index, in one SQLite file: documents, chunks, words and embeddings.

Every change is one transaction and moves the generation on by one, so that whatever is derived from
the catalog can tell whether it is still current.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import numpy as np

from ragkit.index import embeddings, lexical
from ragkit.index.contents import DOCUMENT_COLUMNS, Contents, contents_of, read_all_contents
from ragkit.index.embeddings import KeyedEmbeddings
from ragkit.index.filters import condition_of
from ragkit.index.rows import chunk_of, document_of, stored_of
from ragkit.index.runs import KeyRuns, Keys
from ragkit.index.schema import (
    SIGNATURES_TABLE,
    connect,
    damaged_catalog,
    transaction,
    translate_sqlite_errors,
)
from ragkit.index.seal import SealKeeper
from ragkit.index.trailer import Stamp
from ragkit.index.writing import insert_document, move_documents, remove_document
from ragkit.protocols import ALL_DOCUMENTS, DocumentChange, DocumentMove, ScoredKey
from ragkit.records import (
    Block,
    Chunk,
    Document,
    DocumentFilter,
    Embeddings,
    StoredDocument,
)


class Catalog:
    """One catalog file.

    Args:
        path: The SQLite file.
        writable: Make it where it is missing, and allow changes.
    """

    def __init__(self, path: Path, *, writable: bool) -> None:
        self.path = path
        self._keeper = SealKeeper(path) if writable else None
        self._connection = connect(path, writable=writable)
        if self._keeper:
            self._keeper.follow()
            self._add_signatures()
        self._found_runs: tuple[tuple[DocumentFilter, int, int], KeyRuns] | None = None

    def _add_signatures(self) -> None:
        query = "SELECT 1 FROM sqlite_master WHERE name = 'signatures'"
        if not self._connection.execute(query).fetchone():
            with self._change():
                self._connection.execute(SIGNATURES_TABLE)

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
        if all(self.meta(name) == value for name, value in values.items()):
            return
        with self._change():
            self._connection.executemany(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items()
            )

    def documents(self, within: DocumentFilter = ALL_DOCUMENTS) -> Iterator[StoredDocument]:
        """Yield the documents that meet a filter, without their texts, in the order of paths."""
        condition, values = condition_of(within)
        query = f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE {condition} ORDER BY path"
        with translate_sqlite_errors(self.path):
            yield from map(stored_of, self._connection.execute(query, values))

    def document(self, path: str) -> Document:
        """Return a document as it was stored. Raises: KeyError where there is no such document."""
        query = (
            "SELECT format, title, text, sha256, pages, language, metadata, warnings"
            " FROM documents JOIN texts ON texts.document = documents.key WHERE path = ?"
        )
        with translate_sqlite_errors(self.path):
            found = self._connection.execute(query, (path,)).fetchone()
        if found is None:
            raise KeyError(path)
        return document_of(path, found, self.blocks(path, start=-1, end=1 << 62))

    def signatures(self) -> dict[str, bytes]:
        """Return the signatures that were stored, but for empty ones, by path."""
        query = "SELECT path, signature FROM signatures JOIN documents ON key = document"
        with translate_sqlite_errors(self.path):
            return dict(self._connection.execute(query).fetchall())

    def contents(self) -> Iterator[Contents]:
        """Yield all that is stored of each document, in the order of paths, of one state."""
        with translate_sqlite_errors(self.path):
            try:
                yield from read_all_contents(self._connection)
            except (KeyError, TypeError, ValueError) as error:
                raise damaged_catalog(self.path, error) from error

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

    def apply(
        self,
        changes: Iterable[DocumentChange],
        *,
        removed: Iterable[str] = (),
        moved: Iterable[DocumentMove] = (),
    ) -> None:
        """Remove documents, move others, and replace or add more, all in one transaction.

        What is only moved keeps its chunks, so what was derived from them stays current.
        """
        with self._change():
            before = self._connection.total_changes
            for path in removed:
                remove_document(self._connection, path)
            before += move_documents(self._connection, tuple(moved))
            for change in changes:
                remove_document(self._connection, change.document.path)
                insert_document(self._connection, contents_of(change))
            if self._connection.total_changes > before:
                self._connection.execute(
                    "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE name = 'generation'"
                )

    def replace_by(self, path: Path) -> None:
        """Hold what the catalog of another path holds, in one transaction."""
        with (
            translate_sqlite_errors(path),
            closing(connect(path, writable=True)) as other,
            self._seal_in_step(),
        ):
            other.backup(self._connection)

    def find_embeddings(self, passages: Sequence[str]) -> dict[str, Embeddings]:
        """Return the embeddings, each of shape (dim,), of those passages that are stored."""
        with translate_sqlite_errors(self.path):
            return embeddings.find_by_passage(self._connection, passages)

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
                found.append(chunk_of(row))
        return tuple(found)

    def embeddings(self) -> KeyedEmbeddings:
        """Return all embeddings in the order of keys."""
        runs, dim = self.find_runs(), self.embedding_dim()
        keys, rows = runs.keys(), np.zeros((len(runs), dim), dtype=np.float32)
        at = 0
        for batch in self.iterate_embeddings(runs, dim=dim):
            end = at + len(batch.keys)
            keys[at:end], rows[at:end] = batch
            at = end
        return KeyedEmbeddings(keys[:at], rows[:at])

    def find_runs(self, within: DocumentFilter = ALL_DOCUMENTS) -> KeyRuns:
        """Return the keys of the chunks of some documents; those found last are remembered."""
        with translate_sqlite_errors(self.path):
            others = self._connection.execute("PRAGMA data_version").fetchone()[0]
            state = (within, others, self._connection.total_changes)
            if self._found_runs is None or self._found_runs[0] != state:
                self._found_runs = state, embeddings.find_runs(self._connection, within)
            return self._found_runs[1]

    def read_embeddings(self, keys: Keys, *, dim: int) -> KeyedEmbeddings:
        """Return the embeddings of some chunks, those left out that are not there (any more)."""
        with translate_sqlite_errors(self.path):
            return embeddings.read_embeddings(self._connection, keys, dim=dim)

    def iterate_embeddings(self, runs: KeyRuns, *, dim: int) -> Iterator[KeyedEmbeddings]:
        """Yield the embeddings of some chunks in batches, in the order of keys."""
        with translate_sqlite_errors(self.path):
            yield from embeddings.iterate_embeddings(self._connection, runs, dim=dim)

    def embedding_dim(self) -> int:
        """Return the length of the embeddings; 0 where there are none."""
        with translate_sqlite_errors(self.path):
            return embeddings.embedding_dim(self._connection)

    def holds(self, within: DocumentFilter) -> bool:
        """Say whether any document meets a filter."""
        condition, values = condition_of(within)
        query = f"SELECT 1 FROM documents WHERE {condition} LIMIT 1"
        with translate_sqlite_errors(self.path):
            return self._connection.execute(query, values).fetchone() is not None

    def search_words(
        self, query: str, *, top_n: int, within: DocumentFilter = ALL_DOCUMENTS
    ) -> tuple[ScoredKey, ...]:
        """Return the chunks of greatest BM25 score for the words of a query, best first."""
        inside = self.find_runs(within) if within else None
        with translate_sqlite_errors(self.path):
            return lexical.search_words(self._connection, query, top_n=top_n, inside=inside)

    def document_frequencies(
        self, words: Sequence[str], *, as_prefix: bool = False
    ) -> tuple[int, ...]:
        """Return in how many chunks each word occurs, up to its ending, or begins another word."""
        with translate_sqlite_errors(self.path):
            return lexical.document_frequencies(self._connection, words, as_prefix=as_prefix)

    def chunk_count(self) -> int:
        """Return the number of chunks stored."""
        with translate_sqlite_errors(self.path):
            return int(self._connection.execute("SELECT count(*) FROM chunks").fetchone()[0])

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let everything read inside be of one state, whatever a writer commits meanwhile."""
        if self._connection.in_transaction:
            yield
            return
        with translate_sqlite_errors(self.path):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK")

    @contextmanager
    def _change(self) -> Iterator[None]:
        """Commit everything done inside, or nothing."""
        seal, errors = self._seal_in_step(), translate_sqlite_errors(self.path)
        with seal, errors, transaction(self._connection):
            yield

    @contextmanager
    def _seal_in_step(self) -> Iterator[None]:
        """Break the seal before a change, and remember what its pages look like."""
        if self._keeper is None:
            yield
            return
        self._keeper.break_seal()
        try:
            yield
        except BaseException:
            self._keeper.doubt()
            raise
        self._keeper.follow()

    def close(self) -> None:
        """Fold the write-ahead log into the file, let go of it, and seal it."""
        run = self._connection.execute
        is_folded, page_bytes, facts = False, 0, {}
        if self._keeper:
            # A full disk keeps the log, which is as good: the next opening reads it.
            with suppress(sqlite3.Error):
                run("PRAGMA busy_timeout = 2000")  # a search is waited for, an export is not
                is_folded = not run("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                page_bytes = run("PRAGMA page_size").fetchone()[0]
                facts = dict(run("SELECT name, value FROM meta").fetchall())
        self._connection.close()
        if self._keeper and is_folded and facts:
            self._keeper.seal(page_bytes, facts)
