"""The evaluated beginning of prompts, kept on disk for the next process.

It is a cache and nothing more: what is missing, damaged or does not fit is as if it were not there,
and what cannot be written is not written. It does not know which part of a prompt is worth keeping.
"""

import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from ragkit.errors import RagkitError
from ragkit.files import PART_FILES, write_atomically
from ragkit.records import Message

_MAGIC = b"ragkit prefix 1\n"
_DIGEST_BYTES = 32
MOST_BYTES = 512_000_000
"""Of all files together; those used longest ago go first. 384 tokens take 9 MB with the bundled
model, 11 MB with Qwen2.5-1.5B and 57 MB with Qwen3-8B."""
_MOST_MARKS = 1000
_UNFINISHED_S = 3600
"""A file that is not finished by then was left behind by a process that was ended."""


class SavedPrefixes:
    """Prefixes that one model evaluated in one way.

    Args:
        folder: Where the files are; it need not exist.
        identity: Whatever the numbers depend on: weights, versions, CPU, threads, sizes.
        most_bytes: Of all files in the folder.
    """

    def __init__(
        self, folder: Path, identity: Mapping[str, object], *, most_bytes: int = MOST_BYTES
    ) -> None:
        self._folder = folder
        self._identity = json.dumps(dict(identity), sort_keys=True, default=str)
        self._most_bytes = most_bytes

    def load(self, tokens: Sequence[int]) -> bytes | None:
        """Return the state after these tokens, or None where it is not kept whole."""
        path = self._path(tokens)
        try:
            content = path.read_bytes()
            os.utime(path)  # used just now
        except OSError:
            return None
        start = len(_MAGIC) + _DIGEST_BYTES
        digest, state = content[len(_MAGIC) : start], content[start:]
        whole = content.startswith(_MAGIC) and hashlib.sha256(state).digest() == digest
        return state if whole else None

    def was_wanted_before(self, tokens: Sequence[int]) -> bool:
        """Return whether these tokens were asked about earlier, and remember that they are now.

        A prefix that comes but once, such as that of examples chosen for one question, is not worth
        a file.
        """
        mark = self._path(tokens).with_suffix(".seen")
        if mark.exists():
            return True
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            mark.touch()
            for old in _newest_first(self._folder, "*.seen")[_MOST_MARKS:]:
                old.unlink(missing_ok=True)
        return False

    def save(self, tokens: Sequence[int], state: bytes) -> None:
        """Keep the state after these tokens, and remove what was used longest ago."""
        content = _MAGIC + hashlib.sha256(state).digest() + state
        if len(content) > self._most_bytes:
            return
        with suppress(OSError, RagkitError):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path(tokens), lambda part: _write(part, content))
            kept = 0
            for path in _newest_first(self._folder, "*.kv"):
                kept += path.stat().st_size
                if kept > self._most_bytes:
                    path.unlink(missing_ok=True)
            for part in _newest_first(self._folder, PART_FILES):
                if part.stat().st_mtime < time.time() - _UNFINISHED_S:
                    part.unlink(missing_ok=True)

    def _path(self, tokens: Sequence[int]) -> Path:
        key = hashlib.sha256(f"{self._identity}\n{json.dumps(list(tokens))}".encode()).hexdigest()
        return self._folder / f"{key[:32]}.kv"


def with_other_question(messages: Sequence[Message]) -> tuple[Message, ...]:
    r"""Return a prompt up to its last question with another in its place; of none, nothing.

    >>> with_other_question([Message("system", "Be brief."), Message("user", "Why?")])[-1]
    Message(role='user', content='\n')
    """
    asked = [at for at, message in enumerate(messages) if message.role == "user"]
    return (*messages[: asked[-1]], Message("user", "\n")) if asked else ()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _newest_first(folder: Path, pattern: str) -> list[Path]:
    found = []
    for path in folder.glob(pattern):
        with suppress(OSError):
            found.append((path.stat().st_mtime_ns, path))
    return [path for _, path in sorted(found, reverse=True)]
