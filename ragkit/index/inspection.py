"""Whether what a catalog holds agrees with itself: its pages, documents and words.

It reads everything once, and nothing that it meets there stops it. Files it leaves to
`verification`.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from itertools import zip_longest
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from ragkit.errors import RagkitError
from ragkit.index.contents import Contents, digest_of_contents, read_contents
from ragkit.index.rows import words_of
from ragkit.index.schema import WORDS, OtherFormatError, connect
from ragkit.index.trailer import Stamp

DAMAGE = (sqlite3.Error, ValueError, TypeError, KeyError, OverflowError, RagkitError)
"""What reading a damaged catalog may raise."""
_UNIT_TOLERANCE = 1e-3

CheckState = Literal["ok", "damaged", "not checked"]


class IndexCheck(NamedTuple):
    """One thing that was looked at."""

    name: str
    state: CheckState
    found: str
    hint: str = ""


class Inspection(NamedTuple):
    """What was found in a catalog."""

    checks: tuple[IndexCheck, ...]
    damaged_documents: tuple[str, ...] = ()
    stamp: Stamp | None = None
    """Which state it is in, where it can be told."""


def inspect_catalog(path: Path, *, stamp_only: bool = False) -> Inspection:
    """Return what is found in a catalog, all of one committed state.

    Args:
        path: The SQLite file.
        stamp_only: Look at nothing but which state it is in.

    Raises:
        OtherFormatError: It is not of this format.
    """
    try:
        connection = connect(path, writable=False)
    except OtherFormatError:
        raise
    except DAMAGE as error:
        return Inspection((_damaged("structure", error),))
    with closing(connection):
        try:
            connection.execute("BEGIN")  # one state, whatever a writer does meanwhile
            meta = dict(connection.execute("SELECT name, value FROM meta").fetchall())
            stamp = Stamp(meta["identity"], int(meta["generation"]))
        except DAMAGE as error:
            return Inspection((_damaged("structure", error),))
        if stamp_only:
            return Inspection((), stamp=stamp)
        damaged: list[str] = []
        checks = (
            _guarded("structure", lambda: _check_structure(connection)),
            _guarded("documents", lambda: _check_documents(connection, damaged)),
            _guarded("words", lambda: _check_words(connection)),
        )
        return Inspection(checks, tuple(damaged), stamp)


def _damaged(name: str, problem: object) -> IndexCheck:
    message = problem.message if isinstance(problem, RagkitError) else str(problem)
    return IndexCheck(name, "damaged", message)


def _guarded(name: str, look: Callable[[], IndexCheck]) -> IndexCheck:
    try:
        return look()
    except DAMAGE as error:
        return _damaged(name, f"cannot be read: {error}")


def _check_structure(connection: sqlite3.Connection) -> IndexCheck:
    """Let SQLite walk every page, and follow every reference between tables."""
    problems = [row[0] for row in connection.execute("PRAGMA integrity_check (5)")]
    if problems != ["ok"]:
        return _damaged("structure", "; ".join(str(problem) for problem in problems))
    lost = connection.execute("PRAGMA foreign_key_check").fetchall()
    if lost:
        return _damaged("structure", f"{len(lost)} rows of {lost[0][0]} belong to nothing")
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    return IndexCheck("structure", "ok", f"{pages} pages hang together")


def _check_documents(connection: sqlite3.Connection, damaged: list[str]) -> IndexCheck:
    """Compare every document and all its parts with its digest."""
    dims: set[int] = set()
    chunks = documents = 0
    for key, path, digest in connection.execute("SELECT key, path, digest FROM documents"):
        documents += 1
        try:
            contents = read_contents(connection, key)
            is_right = digest_of_contents(contents) == digest and is_consistent(contents)
            dims.update(len(chunk.embedding) // 4 for chunk in contents.chunks)
            chunks += len(contents.chunks)
        except DAMAGE:
            is_right = False
        if not is_right:
            damaged.append(str(path))
    if damaged:
        some = ", ".join(damaged[:5]) + (", ..." if len(damaged) > 5 else "")
        return _damaged("documents", f"{len(damaged)} of {documents} are damaged: {some}")
    if len(dims) > 1:
        return _damaged("documents", f"embeddings of different lengths: {sorted(dims)}")
    return IndexCheck("documents", "ok", f"{documents} with {chunks} chunks have their digests")


def is_consistent(contents: Contents) -> bool:
    """Say whether chunks are slices of their document, and embeddings unit vectors."""
    text = contents.text
    slices = all(chunk.text == text[chunk.start : chunk.end] for chunk in contents.chunks)
    rows = np.frombuffer(b"".join(chunk.embedding for chunk in contents.chunks), dtype="<f4")
    if not contents.chunks:
        return True
    norms = np.linalg.norm(rows.reshape(len(contents.chunks), -1), axis=1)
    return slices and bool(np.all(np.abs(norms - 1) < _UNIT_TOLERANCE))


def _check_words(connection: sqlite3.Connection) -> IndexCheck:
    """Compare the words with those of an index made anew from the chunks, in a temporary file.

    Single postings are compared in sum, which any single difference changes: at 100,000 chunks
    there are 15 million.
    """
    run = connection.execute
    run("PRAGMA query_only = OFF")  # which would forbid temporary tables, too
    connection.create_function("words_of", 1, words_of, deterministic=True)
    run(f"CREATE VIRTUAL TABLE temp.expected USING {WORDS}")
    run(
        "INSERT INTO temp.expected (rowid, title, heading, text)"
        " SELECT chunks.key, title, words_of(heading), chunks.text"
        " FROM chunks JOIN documents ON documents.key = document ORDER BY chunks.key"
    )
    for kind in ("col", "instance"):
        run(f"CREATE VIRTUAL TABLE temp.{kind}_found USING fts5vocab (main, words, {kind})")
        run(f"CREATE VIRTUAL TABLE temp.{kind}_expected USING fts5vocab (temp, expected, {kind})")
    comparisons = (
        ("SELECT term, col, doc, cnt FROM temp.col_{}", "found", "expected"),
        (f"SELECT {_SUMS} FROM temp.instance_{{}}", "found", "expected"),
        ("SELECT id, sz FROM {}_docsize ORDER BY id", "main.words", "temp.expected"),
        ("SELECT block FROM {}_data WHERE id = 1", "main.words", "temp.expected"),
        ("SELECT k, v FROM {}_config ORDER BY k", "main.words", "temp.expected"),
    )
    for query, found, expected in comparisons:
        if not _is_equal(run(query.format(found)), run(query.format(expected))):
            return _damaged("words", "they are not those of the chunks")
    _walk_words(connection)
    total = run("SELECT count(*) FROM main.words_docsize").fetchone()[0]
    return IndexCheck("words", "ok", f"in step with {total} chunks")


_SUMS = (
    "count(*), sum((doc * 2654435761 + offset * 40503 + length(col) * 97 + unicode(term) * 7919"
    " + length(term) * 104729) % 2147483647)"
)
"""The number of postings, and a sum over what each of them says."""


def _is_equal(found: Iterator[object], expected: Iterator[object]) -> bool:
    return all(one == other for one, other in zip_longest(found, expected))


def _walk_words(connection: sqlite3.Connection) -> None:
    """Let FTS5 walk its own tree. It wants the right to write for it, and writes nothing."""
    with suppress(sqlite3.OperationalError):  # a read-only folder, or a writer at work
        connection.execute("INSERT INTO main.words (words) VALUES ('integrity-check')")
