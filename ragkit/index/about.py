"""What there is to tell about an index without reading its documents."""

from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ragkit.index.catalog import Catalog
from ragkit.index.schema import FORMAT_VERSION
from ragkit.index.seal import seal_path


class IndexInfo(NamedTuple):
    """What `ragkit index info` tells."""

    name: str
    documents: int
    pages: int
    chunks: int
    size_bytes: int
    encoder_name: str
    encoder_fingerprint: str
    generation: int
    vectors_current: bool
    """False where the next search will bring them up to date from the catalog."""
    catalog_format: int
    sealed: bool
    """False while a writer is at work, and after one that was not closed in order."""
    formats: dict[str, int]
    """How many documents of each format, most first."""
    languages: dict[str, int]
    """The same by language; "" where it could not be told."""
    warnings: int
    """How many documents have any."""
    sizes_bytes: dict[str, int]
    """Of each file, largest first."""
    bytes_a_chunk: int


def describe(folder: Path, catalog: Catalog, *, vectors_current: bool) -> IndexInfo:
    """Return what there is to tell about an index."""
    documents = tuple(catalog.documents())
    chunks = catalog.chunk_count()
    sizes = _sizes_of(folder)
    return IndexInfo(
        name=folder.name,
        documents=len(documents),
        pages=sum(document.page_count for document in documents),
        chunks=chunks,
        size_bytes=sum(sizes.values()),
        encoder_name=catalog.meta("encoder"),
        encoder_fingerprint=catalog.meta("fingerprint"),
        generation=catalog.stamp().generation,
        vectors_current=vectors_current,
        catalog_format=FORMAT_VERSION,
        sealed=seal_path(catalog.path).exists(),
        formats=dict(Counter(document.format for document in documents).most_common()),
        languages=dict(Counter(document.language for document in documents).most_common()),
        warnings=sum(bool(document.warnings) for document in documents),
        sizes_bytes=sizes,
        bytes_a_chunk=sum(sizes.values()) // chunks if chunks else 0,
    )


def _sizes_of(folder: Path) -> dict[str, int]:
    sizes: Counter[str] = Counter()
    for path in folder.rglob("*"):
        with suppress(OSError):  # a writer's temporary file, gone since
            if path.is_file() and path.stat().st_size:
                sizes[path.relative_to(folder).as_posix()] = path.stat().st_size
    return dict(sizes.most_common())
