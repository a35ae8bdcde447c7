"""All that an index holds, in a form that does not depend on how it came about."""

import sqlite3
from contextlib import closing
from pathlib import Path

from ragkit.encoders import HashingEncoder
from ragkit.index import LocalIndex
from ragkit.index.contents import read_contents
from ragkit.retrieval import Retriever

QUERIES = ("which animal is named plainly in part 3", "zebra", "sentence 7 of part 5")


def state_of(folder: Path) -> dict[str, object]:
    """Return documents with all their parts, the words of each chunk, and what searches find."""
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as connection:
        run = connection.execute
        keys = [key for (key,) in run("SELECT key FROM documents ORDER BY path")]
        chunks = dict(run("SELECT chunks.key, path || ' ' || start FROM chunks"
                          " JOIN documents ON documents.key = document"))  # fmt: skip
        run("CREATE VIRTUAL TABLE temp.instances USING fts5vocab (main, words, instance)")
        instances = run("SELECT doc, term, col, offset FROM instances").fetchall()
        return {
            "documents": [read_contents(connection, key) for key in keys],
            "encoder": dict(run("SELECT * FROM meta WHERE name IN ('encoder', 'fingerprint')")),
            "words": sorted((chunks[key], *rest) for key, *rest in instances),
            "hits": search(folder),
        }


def search(folder: Path) -> list[object]:
    """Return what a user would find, so that nothing is left out or told twice."""
    encoder = HashingEncoder()
    found: list[object] = []
    with LocalIndex(folder) as index:
        for query in QUERIES:
            hits = Retriever(index, encoder).search(query, top_n=10)
            found += sorted((round(hit.score, 6), hit.chunk.id, hit.chunk.text) for hit in hits)
        row = encoder.encode_queries(["animal"])
        scored = index.search_dense(row, top_n=index.chunk_count())
        chunks = index.chunks([key for key, _ in scored])
        scores = [round(score, 5) for _, score in scored]
        found += sorted(zip(scores, (chunk.id for chunk in chunks), strict=True))
    return found
