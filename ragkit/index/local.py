"""One index in one folder: the catalog, the vectors derived from it, and the lock of its writer."""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Self

from ragkit.encoders import as_fp32, precision_of
from ragkit.errors import RagkitError, UnusableIndexError
from ragkit.files import translate_disk_errors
from ragkit.index.about import IndexInfo, describe
from ragkit.index.catalog import Catalog
from ragkit.index.contents import Contents
from ragkit.index.dense import DenseSearch
from ragkit.index.lock import WriterLock
from ragkit.index.trailer import Stamp
from ragkit.protocols import ALL_DOCUMENTS, DocumentChange, DocumentMove, Encoder, ScoredKey
from ragkit.records import Block, Chunk, Document, DocumentFilter, Embeddings, StoredDocument

CATALOG_FILE = "catalog.sqlite"
VECTORS_FILE = "vectors.faiss"
_SUCCESSOR_FOLDER = "successor"


class LocalIndex:
    """SQLite and FAISS in a folder; implements `ragkit.protocols.Index`.

    Any number of readers go on while one writer works; what they see is the last committed state.

    Args:
        folder: Its folder; the last part is the index's name.
        writable: Make it where it is missing, take the writer's lock, and allow changes.

    Raises:
        UnusableIndexError: It is missing (when not writable), damaged, or another writer holds it.
    """

    def __init__(self, folder: Path, *, writable: bool = False) -> None:
        self.folder = folder
        self._lock = WriterLock(folder)
        self._writable = writable
        if writable:
            with translate_disk_errors(folder):
                folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        elif not has_index(folder):
            raise missing_index(folder)
        try:
            self._catalog = Catalog(folder / CATALOG_FILE, writable=writable)
        except BaseException:
            self._lock.release()
            raise
        self._dense = DenseSearch(self._catalog, folder / VECTORS_FILE)
        self._file = _identity_of(folder / CATALOG_FILE)

    @property
    def is_in_place(self) -> bool:
        """Whether what it reads still lies in its folder, and not another index made since."""
        return self._file == _identity_of(self.folder / CATALOG_FILE)

    @property
    def state(self) -> Stamp:
        """What differs between any two states of the documents in it."""
        return self._catalog.stamp()

    @property
    def encoder_name(self) -> str:
        """Name of the encoder whose embeddings it holds; empty while it holds none."""
        return self._catalog.meta("encoder")

    @property
    def encoder_fingerprint(self) -> str:
        """Fingerprint of that encoder; empty while it holds none."""
        return self._catalog.meta("fingerprint")

    def set_encoder(self, encoder: Encoder) -> None:
        """Say whose embeddings it holds from now on."""
        self._catalog.set_meta({"encoder": encoder.name, "fingerprint": encoder.fingerprint})

    def documents(self, within: DocumentFilter = ALL_DOCUMENTS) -> Iterator[StoredDocument]:
        """Yield the stored documents that meet a filter, in the order of paths."""
        return self._catalog.documents(within)

    def document(self, path: str) -> Document:
        """Return a document as it was stored. Raises: KeyError if there is none of that path."""
        return self._catalog.document(path)

    def holds(self, within: DocumentFilter) -> bool:
        """Say whether any document meets a filter."""
        return self._catalog.holds(within)

    def contents(self) -> Iterator[Contents]:
        """Yield all that is stored of each document, in the order of paths, of one state."""
        return self._catalog.contents()

    def find_embeddings(self, passages: Sequence[str]) -> Mapping[str, Embeddings]:
        """Return the embeddings, each of shape (dim,), of those passages that it holds already."""
        return self._catalog.find_embeddings(passages)

    def signatures(self) -> Mapping[str, bytes]:
        """Return the signatures that were stored, but for empty ones, by path."""
        return self._catalog.signatures()

    def blocks(self, path: str, *, start: int, end: int) -> tuple[Block, ...]:
        """Return the blocks of a document that share characters with a span, in order."""
        return self._catalog.blocks(path, start=start, end=end)

    def apply(
        self,
        changes: Iterable[DocumentChange],
        *,
        removed: Iterable[str] = (),
        moved: Iterable[DocumentMove] = (),
    ) -> None:
        """Remove documents, move others, and replace or add more, all in one transaction."""
        self._catalog.apply(changes, removed=removed, moved=moved)

    def open_successor(self, encoder: Encoder) -> Self:
        """Return the index that is to take this one's place, for another encoder."""
        successor = type(self)(self.folder / _SUCCESSOR_FOLDER, writable=True)
        if successor.encoder_fingerprint != encoder.fingerprint:
            successor.apply((), removed=[document.path for document in successor.documents()])
            successor.set_encoder(encoder)
        return successor

    def replace_by_successor(self) -> None:
        """Hold what the successor, closed by now, holds; readers see all of the old or the new."""
        folder = self.folder / _SUCCESSOR_FOLDER
        self._catalog.replace_by(folder / CATALOG_FILE)
        with translate_disk_errors(self.folder), suppress(FileNotFoundError):
            (folder / VECTORS_FILE).replace(self.folder / VECTORS_FILE)
        self.discard_successor()

    def discard_successor(self) -> None:
        """Remove what was made to take this index's place, if there is anything."""
        shutil.rmtree(self.folder / _SUCCESSOR_FOLDER, ignore_errors=True)

    def chunks(self, keys: Sequence[int]) -> tuple[Chunk, ...]:
        """Return the chunks of these keys, in the same order."""
        return self._catalog.chunks(keys)

    def search_dense(
        self, query: Embeddings, *, top_n: int, within: DocumentFilter = ALL_DOCUMENTS
    ) -> tuple[ScoredKey, ...]:
        """Return the chunks of greatest cosine with one query (shape (1, dim)), best first."""
        found = self._dense.search(query, top_n=top_n, within=within)
        if self._dense.is_newer_than_file and not self._writable:
            self._mend_vectors_file()
        return found

    def search_lexical(
        self, query: str, *, top_n: int, within: DocumentFilter = ALL_DOCUMENTS
    ) -> tuple[ScoredKey, ...]:
        """Return the chunks that share the most telling words with the query, best first."""
        return self._catalog.search_words(query, top_n=top_n, within=within)

    def document_frequencies(
        self, words: Sequence[str], *, as_prefix: bool = False
    ) -> tuple[int, ...]:
        """Return in how many chunks each word occurs, up to its ending, or begins another word."""
        return self._catalog.document_frequencies(words, as_prefix=as_prefix)

    def snapshot(self) -> AbstractContextManager[None]:
        """Let everything read inside be of one state, whatever a writer commits meanwhile."""
        return self._catalog.snapshot()

    def chunk_count(self) -> int:
        """Return the number of chunks stored."""
        return self._catalog.chunk_count()

    def save_vectors(self) -> None:
        """Make the vectors file equal to the catalog, unless it is already."""
        self._dense.save()

    def _mend_vectors_file(self) -> None:
        """Let a reader that had to rebuild the vectors save the next one the work, if it may."""
        # Where a writer is at work or the folder is read-only, the catalog is enough.
        if self._lock.try_acquire():
            with suppress(OSError, RagkitError):
                self.save_vectors()
            self._lock.release()

    def info(self) -> IndexInfo:
        """Return what there is to tell about it."""
        return describe(self.folder, self._catalog, vectors_current=self._dense.is_saved())

    def close(self) -> None:
        """Save what is derived and let go of the files."""
        try:
            if self._writable:
                self.save_vectors()
        finally:
            self._catalog.close()
            self._lock.release()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close it."""
        self.close()


def _identity_of(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from one that takes its name later; None where there is none."""
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None


def has_index(folder: Path) -> bool:
    """Say whether a folder holds an index."""
    return (folder / CATALOG_FILE).is_file()


def list_indexes(folder: Path) -> tuple[str, ...]:
    """Return the names of the indexes in a folder of indexes."""
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{CATALOG_FILE}")))


def missing_index(folder: Path) -> UnusableIndexError:
    """Return the error for an index that is not there, naming those that are."""
    others = list_indexes(folder.parent)
    hint = f"there is: {', '.join(others)}; choose with --index" if others else "run: ragkit ingest"
    return UnusableIndexError(f"no index {folder.name!r} in {folder.parent}", hint=hint)


def check_encoder(index: LocalIndex, encoder: Encoder) -> None:
    """Raise an UnusableIndexError where the index holds another encoder's embeddings."""
    if index.encoder_fingerprint in ("", encoder.fingerprint) or not index.chunk_count():
        return
    built_by = index.encoder_name
    same_name = built_by == encoder.name
    if as_fp32(index.encoder_fingerprint) == as_fp32(encoder.fingerprint):
        built_in = precision_of(index.encoder_fingerprint)
        raise UnusableIndexError(
            f"index {index.folder.name!r} was built with encoder {built_by!r} in {built_in},"
            f" which is run in {precision_of(encoder.fingerprint)} now",
            hint=f"search with --encoder-precision {built_in}, or run: ragkit ingest --rebuild",
        )
    raise UnusableIndexError(
        f"index {index.folder.name!r} was built by encoder {built_by!r}"
        + (", whose files have changed since" if same_name else f", not {encoder.name!r}"),
        hint="run: ragkit ingest --rebuild"
        + ("" if same_name else f", or search with --encoder {built_by}"),
    )
