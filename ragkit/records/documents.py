"""From a file to an index: documents, their parts, and which of them to search."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

Embeddings = npt.NDArray[np.float32]
"""Unit rows, C-contiguous float32, shape (n, dim)."""

BlockKind = Literal["heading", "paragraph", "item", "row", "code", "note", "caption"]


@dataclass(frozen=True, slots=True)
class Page:
    """A numbered unit of a document: a PDF page, a slide, a notebook cell group."""

    number: int
    """Counted from 1."""
    label: str
    """As printed ("iv", "12")."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A structural unit that is better not cut: a paragraph, a bullet, a table row."""

    kind: BlockKind
    start: int
    end: int
    heading: tuple[str, ...] = ()
    """The headings it stands under, outermost first; for a heading block, those above it."""


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed source file: clean text, with where its pages and blocks lie in it."""

    path: str
    """Posix path relative to the corpus; absolute for a document outside it."""
    format: str
    title: str
    text: str
    sha256: str
    """Of the file's bytes."""
    pages: tuple[Page, ...] = ()
    """In order, without gaps that hold text; empty for a format without pages."""
    blocks: tuple[Block, ...] = ()
    """In order; they do not overlap, and together they hold all text but white space."""
    warnings: tuple[str, ...] = ()
    """What a user should know, such as "4 of 12 pages have almost no text"."""
    language: str = ""
    """ISO 639-1 code; empty where the text is too short to tell."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """Where it belongs in a course, such as {"week": "3", "date": "2026-10-12"}."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stored slice of a document: `document.text[start:end]`."""

    id: str
    """Hash of content and place: the same on every machine."""
    document: str
    """`Document.path`."""
    text: str
    start: int
    end: int
    title: str = ""
    heading: tuple[str, ...] = ()
    page: int | None = None
    page_label: str | None = None


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What an index knows of a document without its text."""

    path: str
    format: str
    title: str
    sha256: str
    size_bytes: int
    mtime_ns: int
    recipe: str
    """How it was read and cut, in a form to compare."""
    page_count: int
    chunk_count: int
    language: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents to search: those that meet every condition given; all, where none is.

    Several values of one condition are alternatives; of `where`, those of the same key.
    """

    documents: tuple[str, ...] = ()
    """Paths as the index knows them, or their ends: "lecture3.pdf", "week1/notes.md"."""
    under: tuple[str, ...] = ()
    """Folders."""
    formats: tuple[str, ...] = ()
    """As `Document.format`: "pdf", "pptx"."""
    where: tuple[tuple[str, str], ...] = ()
    """Keys of `Document.metadata`, or "language", and the value each must have, or the range that
    it must lie in: "3..5", "2024-10-01..", "..2024-10"."""

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.documents or self.under or self.formats or self.where)
