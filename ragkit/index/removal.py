"""An index deleted: its own files, and nothing that someone else has put beside them."""

from pathlib import Path

from ragkit.errors import UnusableIndexError
from ragkit.files import PART_FILES, translate_disk_errors
from ragkit.index.lock import HOLDER_FILE, LOCK_FILE, WriterLock

_LAST = ("catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm", HOLDER_FILE, LOCK_FILE)
"""What makes the folder an index goes last, so that an interrupted removal can be done again."""
_FIRST = (
    "vectors.faiss",
    "catalog.seal",
    "catalog.sqlite-journal",
    "catalog.sqlite.damaged",
    PART_FILES,
)
_SUCCESSOR_FOLDER = "successor"


def remove_index(folder: Path) -> tuple[str, ...]:
    """Delete an index and return the names of what it left, which is not the index's.

    Raises:
        UnusableIndexError: The folder is a link, or another process writes the index.
        StorageError: A file cannot be deleted.
    """
    if folder.is_symlink():
        raise UnusableIndexError(
            f"{folder} is a link to {folder.resolve()}; what it leads to is left alone",
            hint=f"delete the link: rm {folder}",
        )
    lock = WriterLock(folder)
    lock.acquire()
    try:
        with translate_disk_errors(folder):
            successor = folder / _SUCCESSOR_FOLDER
            if successor.is_dir() and not successor.is_symlink():
                _delete_files(successor)
            _delete_files(folder)
            left = tuple(sorted(path.name for path in folder.iterdir()))
            if not left:
                folder.rmdir()
            return left
    finally:
        lock.release()


def _delete_files(folder: Path) -> None:
    """Delete an index's files; of links the links themselves; and the folder where it is within."""
    for pattern in (*_FIRST, *_LAST):
        for path in folder.glob(pattern):
            if path.is_symlink() or path.is_file():
                path.unlink()
    if folder.name == _SUCCESSOR_FOLDER and not any(folder.iterdir()):
        folder.rmdir()
