"""Small indexes for tests: documents whose chunks are the texts given."""

import hashlib
from pathlib import Path

from ragkit.encoders import HashingEncoder
from ragkit.index import LocalIndex
from ragkit.protocols import DocumentChange
from ragkit.records import Chunk, Document, Page

ENCODER = HashingEncoder(dim=64)

COURSE = {
    "lecture.pdf": (
        "Mean pooling averages the token embeddings.",
        "The learning rate is warmed up and then decays.",
        "Attention weighs every token by its relevance.",
    ),
    "notes.md": (
        "A tokenizer splits text into tokens.",
        "Pooled embeddings are normalised to unit length.",
    ),
    "syllabus.txt": ("Homework is due on Friday at noon.",),
}


def change_of(
    path: str, *texts: str, heading: tuple[str, ...] = (), title: str = ""
) -> DocumentChange:
    """Return the change that stores a document with one chunk for each text."""
    whole = "\n".join(texts)
    sha256 = hashlib.sha256(whole.encode()).hexdigest()
    pages = (Page(1, "1", 0, len(whole)),)
    document = Document(path, "plain", title, whole, sha256, pages=pages)
    chunks = []
    start = 0
    for text in texts:
        end = start + len(text)
        identity = hashlib.sha256(f"{sha256} {start}".encode()).hexdigest()[:16]
        chunks.append(Chunk(identity, path, text, start, end, title=title, heading=heading, page=1))
        start = end + 1
    embeddings = ENCODER.encode_passages(texts)
    return DocumentChange(
        document=document,
        size_bytes=len(whole),
        mtime_ns=1_700_000_000,
        recipe="plain 1",
        chunks=tuple(chunks),
        passages=texts,
        embeddings=embeddings,
    )


def write_course(folder: Path) -> Path:
    """Write an index of `COURSE` into a folder and return the folder."""
    with LocalIndex(folder, writable=True) as index:
        index.set_encoder(ENCODER)
        index.apply(change_of(path, *texts) for path, texts in COURSE.items())
    return folder


def texts_of(index: LocalIndex, scored) -> list[str]:
    """Return the texts of scored keys, in order."""
    return [chunk.text for chunk in index.chunks([key for key, _ in scored])]


def find_words(index: LocalIndex, query: str, *, top_n: int = 10) -> list[str]:
    """Return the texts that a lexical search finds, best first."""
    return texts_of(index, index.search_lexical(query, top_n=top_n))


def find_like(index: LocalIndex, query: str, *, top_n: int = 10) -> list[str]:
    """Return the texts that a dense search finds, best first."""
    return texts_of(index, index.search_dense(ENCODER.encode_queries([query]), top_n=top_n))
