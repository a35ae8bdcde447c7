"""Records as rows of the catalog, and back."""

import json
from hashlib import blake2b
from typing import Any

from ragkit.records import Block, Chunk, Document, Page, StoredDocument

Row = tuple[Any, ...]


def stored_of(row: Row) -> StoredDocument:
    """Return the record of a row of `documents`, its key left out."""
    *plain, language, metadata, warnings = row
    facts = (language, json.loads(metadata), tuple(json.loads(warnings)))
    return StoredDocument(*(*plain, *facts))


def document_of(path: str, row: Row, blocks: tuple[Block, ...]) -> Document:
    """Return the record of a document from its rows in `documents`, `texts` and `blocks`."""
    kind, title, text, sha256, pages, language, metadata, warnings = row
    return Document(
        path=path,
        format=kind,
        title=title,
        text=text,
        sha256=sha256,
        pages=pages_of(pages),
        blocks=blocks,
        warnings=tuple(json.loads(warnings)),
        language=language,
        metadata=json.loads(metadata),
    )


def chunk_of(row: Row) -> Chunk:
    """Return the record of a row of `chunks` beside its document's path and title."""
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


def pages_json(document: Document) -> str:
    """Return the pages of a document as text."""
    return as_json([(page.number, page.label, page.start, page.end) for page in document.pages])


def pages_of(text: str) -> tuple[Page, ...]:
    """Return the pages that `pages_json` wrote."""
    return tuple(Page(*page) for page in json.loads(text))


def as_json(value: object) -> str:
    """Return a value as text that people can read."""
    return json.dumps(value, ensure_ascii=False)


def words_of(heading: str) -> str:
    """Return stored headings as a text to search.

    >>> words_of('["Exams", "Dates"]')
    'Exams Dates'
    """
    return " ".join(json.loads(heading))


def digest_of(passage: str) -> bytes:
    """Return 16 bytes that stand for a passage."""
    return blake2b(passage.encode(), digest_size=16).digest()
