"""Lexical search in the catalog: BM25 over the words of titles, headings and texts (FTS5)."""

import sqlite3
from collections.abc import Sequence

from ragkit.index.filters import condition_of
from ragkit.index.query import match_phrase, match_prefix, telling_words
from ragkit.protocols import ALL_DOCUMENTS, ScoredKey
from ragkit.records import DocumentFilter
from ragkit.words import LEAST_PREFIX_LETTERS

TITLE_WEIGHT, HEADING_WEIGHT, TEXT_WEIGHT = 0.5, 1.5, 1.0
"""Weights of the lexical fields in BM25. A title stands on every chunk of its document, so it tells
chunks of one document apart not at all; a heading names what its few chunks are about."""


def search_words(
    connection: sqlite3.Connection,
    query: str,
    *,
    top_n: int,
    within: DocumentFilter = ALL_DOCUMENTS,
) -> tuple[ScoredKey, ...]:
    """Return the chunks of greatest BM25 score for the words of a query, best first."""
    words = telling_words(query)
    matches = {word: _expression_of(connection, word) for word in dict.fromkeys(words)}
    expression = " OR ".join(matches[word] for word in words)
    if not expression:
        return ()
    condition, values = condition_of(within)
    inside = (
        " AND rowid IN (SELECT chunks.key FROM chunks JOIN documents ON documents.key = document"
        f" WHERE {condition})"
        if within
        else ""
    )
    rows = connection.execute(
        f"SELECT rowid, -bm25(words, ?, ?, ?) AS score FROM words WHERE words MATCH ?{inside}"
        " ORDER BY score DESC, rowid LIMIT ?",
        (TITLE_WEIGHT, HEADING_WEIGHT, TEXT_WEIGHT, expression, *values, top_n),
    )
    return tuple(ScoredKey(key, score) for key, score in rows)


def _expression_of(connection: sqlite3.Connection, word: str) -> str:
    """Return what to match for a word: words that begin with it where no chunk holds it."""
    exact = match_phrase(word)
    if len(word) < LEAST_PREFIX_LETTERS:
        return exact
    rows = connection.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (exact,))
    return exact if rows.fetchone() else match_prefix(word)


def document_frequencies(
    connection: sqlite3.Connection, words: Sequence[str], *, as_prefix: bool = False
) -> tuple[int, ...]:
    """Return in how many chunks each word occurs, up to its ending, or begins another word."""
    match = match_prefix if as_prefix else match_phrase
    query = "SELECT count(*) FROM words WHERE words MATCH ?"
    counts = (connection.execute(query, (match(word),)).fetchone()[0] for word in words)
    return tuple(int(count) for count in counts)
