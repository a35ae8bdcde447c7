"""The catalog's tables, its format version, and what SQLite's errors mean to a user."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from ragkit.errors import RagkitError, StorageError, UnusableIndexError

FORMAT_VERSION = 2
APPLICATION_ID = 0x52474B54  # "RGKT"

WORDS = (
    "fts5 (title, heading, text, content = '', tokenize = 'porter unicode61 remove_diacritics 2')"
)
_TABLES = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    key INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    format TEXT NOT NULL,
    title TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    recipe TEXT NOT NULL,
    page_count INTEGER NOT NULL,
    chunk_count INTEGER NOT NULL,
    language TEXT NOT NULL,
    metadata TEXT NOT NULL,
    warnings TEXT NOT NULL,
    digest BLOB NOT NULL
);
CREATE INDEX documents_by_content ON documents (sha256);
CREATE TABLE texts (
    document INTEGER PRIMARY KEY REFERENCES documents (key),
    pages TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE TABLE chunks (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    document INTEGER NOT NULL REFERENCES documents (key),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    page INTEGER,
    page_label TEXT,
    heading TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX chunks_by_document ON chunks (document);
CREATE TABLE embeddings (
    chunk INTEGER PRIMARY KEY REFERENCES chunks (key),
    passage BLOB NOT NULL,
    embedding BLOB NOT NULL
);
CREATE INDEX embeddings_by_passage ON embeddings (passage);
CREATE TABLE blocks (
    document INTEGER NOT NULL REFERENCES documents (key),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    kind TEXT NOT NULL,
    heading TEXT NOT NULL,
    PRIMARY KEY (document, start)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING {WORDS};
"""
SIGNATURES_TABLE = """CREATE TABLE IF NOT EXISTS signatures (
    document INTEGER PRIMARY KEY REFERENCES documents (key),
    signature BLOB NOT NULL
);"""
"""Derived from the texts, and made where a catalog has none yet."""


class OtherFormatError(UnusableIndexError):
    """It is whole, as far as can be told, but not for this ragkit to read or to mend."""


def connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    """Open a catalog and check that it is one of ours, of this format.

    A writable one is made where there is none.

    Raises:
        UnusableIndexError: It is damaged, or of another format.
    """
    with translate_sqlite_errors(path):
        try:
            return _open(path, "mode=rwc" if writable else "mode=rw", writable=writable)
        except sqlite3.OperationalError as error:
            if writable or not _may_be_read_as_it_is(path, error):
                raise
            return _open(path, "mode=ro&immutable=1", writable=False)


def _may_be_read_as_it_is(path: Path, error: sqlite3.OperationalError) -> bool:
    # In a read-only folder SQLite cannot make the files by which processes share a catalog. Where
    # no log waits beside it, the catalog is whole, and nobody can change it.
    refused = error.sqlite_errorname.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN"))
    return refused and path.is_file() and not path.with_name(f"{path.name}-wal").exists()


def _open(path: Path, how: str, *, writable: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?{how}",
        uri=True,
        isolation_level=None,
        timeout=30.0,
        check_same_thread=False,  # threads that share one take turns: see `ragkit.project`
    )
    try:
        _prepare(connection, path, writable=writable)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, *, writable: bool) -> None:
    if not writable:
        connection.execute("PRAGMA query_only = ON")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    empty = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if version == 0 and application == 0 and empty:
        if not writable:  # a writer was ended, or is only about to write
            raise UnusableIndexError(f"{path} is still empty", hint="run: ragkit ingest")
        _create(connection)
    elif application != APPLICATION_ID:
        raise OtherFormatError(
            f"{path} is a database, but not a ragkit catalog",
            hint=f"move it out of {path.parent}, then: ragkit ingest",
        )
    elif version != FORMAT_VERSION:
        raise OtherFormatError(
            f"{path} has format {version}; this ragkit reads format {FORMAT_VERSION}",
            hint=f"run: ragkit index remove {path.parent.name}, then: ragkit ingest",
        )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -65536")


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(
        f"BEGIN;{_TABLES}{SIGNATURES_TABLE}PRAGMA application_id = {APPLICATION_ID};"
        f"PRAGMA user_version = {FORMAT_VERSION};"
        f"INSERT INTO meta VALUES ('identity', '{uuid4().hex}'), ('generation', '0'),"
        " ('encoder', ''), ('fingerprint', '');COMMIT;"
    )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit everything done inside, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def translate_sqlite_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite raises about a catalog into an error with a next step."""
    try:
        yield
    except sqlite3.Error as error:
        raise _translated(path, error) from error
    except json.JSONDecodeError as error:
        raise damaged_catalog(path, error) from error


def damaged_catalog(path: Path, error: Exception) -> UnusableIndexError:
    """Return the error for a catalog that holds what nobody wrote."""
    return UnusableIndexError(
        f"{path} is damaged: {error}",
        hint=f"run: ragkit index repair --index {path.parent.name}, then: ragkit ingest",
    )


def _translated(path: Path, error: sqlite3.Error) -> RagkitError:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHM")):
        hint = "free some space, then run the same command again: what was saved is kept"
        return StorageError(f"no space left to write {path}", hint=hint)
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return damaged_catalog(path, error)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return UnusableIndexError(
            f"{path} is in use by another process", hint="run the command again when it is done"
        )
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM")):
        hint = f"check its permissions: ls -ld {path.parent}"
        return StorageError(f"cannot open {path}: {error}", hint=hint)
    return UnusableIndexError(
        f"{path}: {error}", hint=f"check it: ragkit index verify --index {path.parent.name}"
    )
