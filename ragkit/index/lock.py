"""The lock of an index's one writer, and who holds it.

Readers take no lock; SQLite keeps their view of the catalog apart from what is being written.
"""

import json
import os
import time
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from ragkit.errors import UnusableIndexError
from ragkit.files import PART_FILES, translate_disk_errors

LOCK_FILE = "writer.lock"
HOLDER_FILE = "writer.json"


class WriterLock:
    """May be held by one process at a time.

    Args:
        folder: The index's folder, which exists.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FileLock(folder / LOCK_FILE)
        self._is_told = False

    def acquire(self) -> None:
        """Take it, say who holds it, and remove what a killed writer left half-written.

        Raises:
            UnusableIndexError: Another process holds it.
            StorageError: The folder cannot be written.
        """
        with translate_disk_errors(self._folder):
            try:
                self._lock.acquire(timeout=0)
            except Timeout as error:
                raise UnusableIndexError(
                    f"index {self._folder.name!r} is being written by {holder_of(self._folder)}",
                    hint="wait until it is done; searching and asking work meanwhile",
                ) from error
        try:
            self._begin()
        except BaseException:
            self.release()
            raise

    def _begin(self) -> None:
        with translate_disk_errors(self._folder):
            holder = {"pid": os.getpid(), "since": time.strftime("%H:%M:%S")}
            (self._folder / HOLDER_FILE).write_text(json.dumps(holder), encoding="utf-8")
            self._is_told = True
            for part in self._folder.glob(PART_FILES):
                part.unlink(missing_ok=True)

    def try_acquire(self) -> bool:
        """Take it without saying so, if it is free and the folder may be written."""
        with suppress(Timeout, OSError):
            self._lock.acquire(timeout=0)
            return True
        return False

    def release(self) -> None:
        """Let go of it, if it is held."""
        if self._is_told:
            with suppress(OSError):
                (self._folder / HOLDER_FILE).unlink(missing_ok=True)
            self._is_told = False
        self._lock.release()


def holder_of(folder: Path) -> str:
    """Return who is writing an index, in words."""
    try:
        holder = json.loads((folder / HOLDER_FILE).read_text(encoding="utf-8"))
        return f"process {int(holder['pid'])} (since {holder['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
