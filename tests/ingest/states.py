"""Everything that an index holds, in a form to compare: not what it came about by."""

from pathlib import Path

from ragkit.encoders import HashingEncoder
from ragkit.index import LocalIndex
from ragkit.ingest import IngestOptions, ingest
from tests.ingest.reading import read_here

QUERIES = ("the animal that is named plainly", "zebra", "heading of week 3")


def state_of(index, encoder) -> dict[str, object]:
    """Return documents, chunks, embeddings and what searches find."""
    keys, matrix = index._catalog.embeddings()
    chunks = index.chunks([int(key) for key in keys])
    rows = {
        (chunk.document, chunk.id): (chunk, row.tobytes())
        for chunk, row in zip(chunks, matrix, strict=True)
    }
    assert len(rows) == len(keys) == index.chunk_count()
    documents = tuple(index.documents())
    return {
        "documents": {document.path: document for document in documents},
        "texts": {document.path: index.document(document.path) for document in documents},
        "rows": rows,
        "hits": [found(index, encoder, query) for query in QUERIES],
        "encoder": (index.encoder_name, index.encoder_fingerprint),
    }


def found(index, encoder, query):
    """Return every chunk that the two searches find, with its score."""
    most = max(1, index.chunk_count())
    dense = index.search_dense(encoder.encode_queries([query]), top_n=most)
    lexical = index.search_lexical(query, top_n=most)
    return [
        sorted(
            (chunk.document, chunk.id, round(score, 4))
            for chunk, (_, score) in zip(
                index.chunks([key for key, _ in scored]), scored, strict=True
            )
        )
        for scored in (dense, lexical)
    ]


def fresh_state(corpus: Path, folder: Path, encoder=None, **options) -> dict[str, object]:
    """Return the state of an index made of a corpus at once, in a folder that is still free."""
    encoder = encoder or HashingEncoder(dim=64)
    with LocalIndex(folder, writable=True) as index:
        made = IngestOptions(read=read_here, **options)
        ingest((), corpus=corpus, index=index, encoder=encoder, options=made)
        return state_of(index, encoder)
