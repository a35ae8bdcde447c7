"""An index as lines of JSON, for whoever wants to take her documents elsewhere."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from ragkit import __version__
from ragkit.index.contents import ChunkRow, Contents
from ragkit.index.local import LocalIndex
from ragkit.index.rows import pages_of

EXPORT_FORMAT_VERSION = 1


def export_index(index: LocalIndex, *, embeddings: bool = False) -> Iterator[dict[str, Any]]:
    """Yield a form about the index, then one for each document, each followed by its chunks'.

    All of them tell of one committed state.

    Args:
        index: Open.
        embeddings: Give each chunk's embedding, too.
    """
    yield {
        "format_version": EXPORT_FORMAT_VERSION,
        "kind": "index",
        "name": index.folder.name,
        "encoder": index.encoder_name,
        "fingerprint": index.encoder_fingerprint,
        "ragkit": __version__,
    }
    for contents in index.contents():
        yield _document_form(contents)
        path = contents.document[0]
        for chunk in contents.chunks:
            yield _chunk_form(path, chunk, embeddings=embeddings)


def _document_form(contents: Contents) -> dict[str, Any]:
    path, kind, title, sha256, size_bytes, *_, language, metadata, warnings = contents.document
    pages = pages_of(contents.pages)
    return {
        "kind": "document",
        "document": path,
        "format": kind,
        "title": title,
        "sha256": sha256,
        "size_bytes": size_bytes,
        "language": language,
        "metadata": json.loads(metadata),
        "warnings": json.loads(warnings),
        "pages": [
            {"number": page.number, "label": page.label, "start": page.start, "end": page.end}
            for page in pages
        ],
        "blocks": [
            {"kind": block, "start": start, "end": end, "heading": json.loads(heading)}
            for start, end, block, heading in contents.blocks
        ],
        "text": contents.text,
    }


def _chunk_form(path: str, chunk: ChunkRow, *, embeddings: bool) -> dict[str, Any]:
    form: dict[str, Any] = {
        "kind": "chunk",
        "chunk_id": chunk.id,
        "document": path,
        "start": chunk.start,
        "end": chunk.end,
        "page": chunk.page,
        "page_label": chunk.page_label,
        "heading": json.loads(chunk.heading),
        "text": chunk.text,
    }
    if embeddings:
        form["embedding"] = np.frombuffer(chunk.embedding, dtype="<f4").tolist()
    return form
