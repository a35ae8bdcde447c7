"""What is damaged made whole again, as far as the index holds what it takes.

A flipped byte is put right from the seal. A catalog that is worse off is written anew from every
document in it that still has its digest; the damaged file is kept beside it. What is lost is named,
and read again by the next ingest. The vectors are made anew from the catalog. Nothing is encoded.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from ragkit.files import sync_to_disk, translate_disk_errors
from ragkit.index.contents import digest_of_contents, read_contents
from ragkit.index.inspection import DAMAGE, is_consistent
from ragkit.index.local import LocalIndex
from ragkit.index.lock import WriterLock
from ragkit.index.mending import mend_pages
from ragkit.index.schema import connect, transaction
from ragkit.index.seal import load_seal, seal_path
from ragkit.index.verification import CATALOG_FILE, VECTORS_FILE, examine
from ragkit.index.writing import insert_document

_REBUILT = f".{CATALOG_FILE}.rebuilt.part"
_SOURCE = f".{CATALOG_FILE}.source.part"
_HEADER_PAGES = slice(28, 32)
_HEADER_COUNTERS = slice(24, 28)
_HEADER_FREE_PAGES = slice(32, 40)
_HEADER_VALID_FOR = slice(92, 96)
"""Where these stand in a database's header. Source: sqlite.org/fileformat2.html, section 1.3."""


class Repair(NamedTuple):
    """What was done to an index."""

    done: tuple[str, ...]
    """A line for each thing that was mended; empty where nothing was damaged."""
    lost_documents: tuple[str, ...] = ()
    """Removed from the index: the next ingest reads them again."""
    aside: Path | None = None
    """Where the damaged catalog is kept."""


def repair_index(folder: Path) -> Repair:
    """Mend what is damaged in an index, and seal it.

    Raises:
        UnusableIndexError: Another process writes the index.
        StorageError: The disk is full or the folder cannot be written.
    """
    lock = WriterLock(folder)
    lock.acquire()
    try:
        with translate_disk_errors(folder):
            repair = _repair(folder)
    finally:
        for name in (_REBUILT, _SOURCE):
            for end in ("", "-wal", "-shm", "-journal"):
                with suppress(OSError):
                    (folder / f"{name}{end}").unlink(missing_ok=True)
        lock.release()
    LocalIndex(folder, writable=True).close()  # which makes seal and vectors
    return repair


def _repair(folder: Path) -> Repair:
    catalog = folder / CATALOG_FILE
    done: list[str] = []
    seal = load_seal(seal_path(catalog))
    if seal is not None:
        mended = mend_pages(catalog, seal)
        done += (f"page {number} of the catalog: a flipped byte put right" for number in mended)
    damaged = {check.name for check in examine(folder).checks if check.state == "damaged"}
    if "vectors" in damaged:
        (folder / VECTORS_FILE).unlink()
        done.append("vectors: made anew from the catalog")
    if seal is None and "bytes" in damaged:
        seal_path(catalog).unlink()
        damaged.remove("bytes")
        done.append("seal: made anew")
    if not damaged - {"vectors"}:
        return Repair(tuple(done))
    kept, lost = _salvage(catalog, folder / _REBUILT, seal.facts if seal else None)
    aside = _swap(folder)
    rest = f"; lost: {len(lost)}" if lost else ", all there were"
    done.append(f"catalog: written anew with {kept} documents{rest}")
    return Repair(tuple(done), lost, aside)


def _salvage(
    catalog: Path, rebuilt: Path, facts: Mapping[str, str] | None
) -> tuple[int, tuple[str, ...]]:
    """Write every document that has its digest into a new catalog; return how many, and the rest.

    Args:
        catalog: The damaged file.
        rebuilt: The new one.
        facts: What the seal knows of the encoder; without it the damaged catalog is asked.
    """
    kept, lost = 0, []
    with closing(connect(rebuilt, writable=True)) as target, closing(_open(catalog)) as source:
        target.execute("PRAGMA synchronous = OFF")  # it is synced as a whole
        facts = facts or _facts_of(source)
        with transaction(target):
            for key in _keys_of(source):
                try:
                    contents = read_contents(source, key)
                    digest = digest_of_contents(contents)
                    row = source.execute("SELECT digest FROM documents WHERE key = ?", (key,))
                    if row.fetchone() != (digest,) or not is_consistent(contents) or not facts:
                        lost.append(str(contents.document[0]))
                        continue
                    insert_document(target, contents)
                    kept += 1
                except DAMAGE:
                    lost.append(_name_of(source, key))
            values = [(facts.get(name, ""), name) for name in ("encoder", "fingerprint")]
            target.executemany("UPDATE meta SET value = ? WHERE name = ?", values)
            target.execute("UPDATE meta SET value = '1' WHERE name = 'generation'")
        target.execute("PRAGMA wal_checkpoint (TRUNCATE)")
    sync_to_disk(rebuilt)
    return kept, tuple(sorted(lost))


def _facts_of(source: sqlite3.Connection) -> dict[str, str]:
    """Return the values kept beside the tables; none where they cannot be told."""
    with suppress(*DAMAGE):
        facts = dict(source.execute("SELECT name, value FROM meta").fetchall())
        if all(isinstance(facts.get(name), str) for name in ("encoder", "fingerprint")):
            return facts
    return {}


def _keys_of(source: sqlite3.Connection) -> list[int]:
    """Return the keys of all documents that any table or index still knows."""
    return sorted({key for key in _find_keys(source) if isinstance(key, int)})


def _find_keys(source: sqlite3.Connection) -> Iterator[object]:
    for query in (
        "SELECT key FROM documents NOT INDEXED",
        "SELECT key FROM documents NOT INDEXED ORDER BY key DESC",
        "SELECT key FROM documents INDEXED BY documents_by_content ORDER BY sha256",
        "SELECT key FROM documents ORDER BY path",
        "SELECT document FROM texts",
    ):
        with suppress(*DAMAGE):
            for (key,) in source.execute(query):
                yield key


def _name_of(source: sqlite3.Connection, key: int) -> str:
    with suppress(*DAMAGE):
        found = source.execute("SELECT path FROM documents WHERE key = ?", (key,)).fetchone()
        if found and isinstance(found[0], str):
            return found[0]
    return f"document {key}, whose name is lost"


def _open(catalog: Path) -> sqlite3.Connection:
    """Open a damaged catalog; with the first page of a new one where its own is no use.

    The tables of every catalog begin on the same pages, so its first page, but for the number of
    pages, is that of any other.
    """
    with suppress(*DAMAGE):
        connection = connect(catalog, writable=False)
        with suppress(*DAMAGE):
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return connection
        connection.close()
    source = catalog.with_name(_SOURCE)
    connect(source, writable=True).close()
    first = bytearray(source.read_bytes()[:4096])
    shutil.copyfile(catalog, source)
    pages = source.stat().st_size // len(first)
    first[_HEADER_PAGES] = pages.to_bytes(4, "big")
    first[_HEADER_VALID_FOR] = first[_HEADER_COUNTERS]
    first[_HEADER_FREE_PAGES] = bytes(8)
    with source.open("r+b") as file:
        file.write(first)
    return connect(source, writable=False)


def _swap(folder: Path) -> Path:
    """Put the new catalog in the place of the damaged one, which is kept; return where.

    At every moment there is a catalog. The log of the damaged one must be gone first: it would be
    taken for that of the new one.
    """
    catalog = folder / CATALOG_FILE
    aside = catalog.with_name(f"{CATALOG_FILE}.damaged")
    seal_path(catalog).unlink(missing_ok=True)
    for end in ("-wal", "-shm"):
        catalog.with_name(f"{CATALOG_FILE}{end}").unlink(missing_ok=True)
    aside.unlink(missing_ok=True)
    try:
        os.link(catalog, aside)
    except OSError:  # a file system without links
        shutil.copyfile(catalog, aside)
    (folder / _REBUILT).replace(catalog)
    sync_to_disk(folder)
    return aside
