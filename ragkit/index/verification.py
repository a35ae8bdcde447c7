"""Whether an index is what was written: a table of checks, each of which can fail by itself.

It only looks. `repair` mends what it finds.
"""

from pathlib import Path
from typing import NamedTuple

from ragkit.index.inspection import IndexCheck, Inspection, inspect_catalog
from ragkit.index.lock import WriterLock, holder_of
from ragkit.index.schema import OtherFormatError
from ragkit.index.seal import find_damaged_pages, load_seal, seal_path
from ragkit.index.trailer import Stamp, has_right_checksum, read_trailer

CATALOG_FILE = "catalog.sqlite"
VECTORS_FILE = "vectors.faiss"


class Verification(NamedTuple):
    """What was found of an index."""

    checks: tuple[IndexCheck, ...]
    damaged_documents: tuple[str, ...] = ()

    @property
    def is_damaged(self) -> bool:
        """Whether anything is."""
        return any(check.state == "damaged" for check in self.checks)


def verify_index(folder: Path, *, quick: bool = False) -> Verification:
    """Check an index's files against what was written.

    Args:
        folder: Of an index.
        quick: Only compare checksums, and do not look at what the files hold.

    Raises:
        UnusableIndexError: It is of another format, which is no damage.
    """
    lock = WriterLock(folder)
    is_ours = lock.try_acquire()
    try:
        return examine(folder, quick=quick, is_ours=is_ours)
    finally:
        if is_ours:
            lock.release()


def examine(folder: Path, *, quick: bool = False, is_ours: bool = True) -> Verification:
    """Do what `verify_index` does while this process holds the writer's lock, or cannot."""
    repair = f"run: ragkit index repair --index {folder.name}"
    sealed = _check_seal(folder, repair) if is_ours else _leave_to_writer(folder)
    try:
        inspection = inspect_catalog(folder / CATALOG_FILE, stamp_only=quick)
    except OtherFormatError as error:
        if sealed.state != "damaged":
            raise
        inspection = Inspection((IndexCheck("structure", "damaged", error.message),))
    vectors = _check_vectors(folder / VECTORS_FILE, inspection.stamp, repair)
    inside = (
        check._replace(hint=repair if check.state == "damaged" else "")
        for check in inspection.checks
    )
    return Verification((sealed, *inside, vectors), inspection.damaged_documents)


def _leave_to_writer(folder: Path) -> IndexCheck:
    return IndexCheck("bytes", "not checked", f"the index is being written by {holder_of(folder)}")


def _check_seal(folder: Path, repair: str) -> IndexCheck:
    """Compare every page of the catalog with its seal."""
    catalog = folder / CATALOG_FILE
    path = seal_path(catalog)
    if not path.exists():
        found = "no seal: it was not closed in order"
        return IndexCheck("bytes", "not checked", found, "run: ragkit ingest, which seals it")
    seal = load_seal(path)
    if seal is None:
        return IndexCheck("bytes", "damaged", f"{path.name} itself is damaged", repair)
    try:
        pages = find_damaged_pages(catalog, seal)
    except OSError as error:
        return IndexCheck("bytes", "damaged", f"cannot be read: {error.strerror}", repair)
    total = len(seal.checksums)
    if pages:
        some = ", ".join(str(page) for page in pages[:10]) + (", ..." if len(pages) > 10 else "")
        found = f"{len(pages)} of {total} pages are not as they were written: {some}"
        return IndexCheck("bytes", "damaged", found, repair)
    return IndexCheck(
        "bytes", "ok", f"{total} pages of {seal.page_bytes} bytes as they were sealed"
    )


def _check_vectors(path: Path, stamp: Stamp | None, repair: str) -> IndexCheck:
    """Compare the vectors file with its checksum, and its state with the catalog's."""
    if not path.is_file():
        return IndexCheck("vectors", "not checked", "not there: made anew when needed")
    trailer = read_trailer(path)
    try:
        if trailer is None or not has_right_checksum(path, trailer):
            return IndexCheck("vectors", "damaged", "not as they were written", repair)
    except OSError as error:
        return IndexCheck("vectors", "damaged", f"cannot be read: {error.strerror}", repair)
    if stamp is None or not trailer.is_of(stamp):
        found = "whole, but of another state of the catalog"
        return IndexCheck("vectors", "not checked", found)
    return IndexCheck("vectors", "ok", f"{trailer.data_bytes} bytes as they were written")
