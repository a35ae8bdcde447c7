"""Which files of a folder are documents: a walk that heeds .ragkitignore and never leaves the root.

It looks at names, never into files.
"""

import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ragkit.documents.unsupported import unsupported_reason
from ragkit.errors import StorageError
from ragkit.files import disk_error
from ragkit.words import is_whole_text

IGNORE_FILE = ".ragkitignore"
_MOST_RULES = 1_000_000
"""Characters of an ignore file."""
_STARS = re.compile(r"\*+")
_MOST_STARS = 4
"""In one part of a pattern. Source: matching "*a*a*a*a*b" takes time that grows with the length of
the name to the power of the stars; 30 of them and a name of 200 letters take for ever."""


class FoundFile(NamedTuple):
    """A document on disk."""

    path: Path
    name: str
    """Posix path relative to the root; the file's own name where the root is a file."""
    size_bytes: int
    mtime_ns: int


class SkippedFile(NamedTuple):
    """Something in the folder that is not read, and why."""

    path: Path
    name: str
    reason: str


class Found(NamedTuple):
    """What a walk found, both parts sorted by name."""

    files: tuple[FoundFile, ...]
    skipped: tuple[SkippedFile, ...]


Ignores = Callable[[str], bool | None]
"""Of a posix path: True to ignore it, False to take it after all, None to say nothing."""


def walk_documents(root: Path, *, suffixes: frozenset[str], ignore_file: str) -> Found:
    """Return the documents below a folder; see `ragkit.documents.find_documents`."""
    try:
        mode = root.stat().st_mode
        if stat.S_ISDIR(mode):
            walk = _Walk(root, suffixes, ignore_file)
            walk.run()
        else:
            walk = _Walk(root.parent, suffixes, ignore_file)
            walk.take_root(root, mode)
    except FileNotFoundError as error:
        raise StorageError(
            f"{root} does not exist", hint="check the path, or create the folder"
        ) from error
    except OSError as error:
        raise disk_error(root, error) from error
    by_name = sorted(walk.files, key=lambda file: file.name)
    return Found(tuple(by_name), tuple(sorted(walk.skipped, key=lambda file: file.name)))


class _Folder(NamedTuple):
    path: str
    name: str
    """Posix path relative to the root with a slash at its end; empty for the root."""
    ignores: tuple[tuple[str, Ignores], ...]
    """Rules that hold here, outermost first, with the folder that they are relative to."""


@dataclass
class _Walk:
    root: Path
    suffixes: frozenset[str]
    ignore_file: str
    files: list[FoundFile] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)

    def run(self) -> None:
        """Collect everything below the root; only the root's own failure is raised."""
        waiting = [_Folder(str(self.root), "", ())]
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(folder.path) as scan:
                    entries = sorted(scan, key=lambda entry: entry.name)
            except OSError as error:
                if not folder.name:
                    raise
                self._skip(folder.path, folder.name.rstrip("/"), _reason(error))
                continue
            folder = self._with_rules(folder, entries)
            for entry in entries:
                waiting += self._enter(entry, folder)

    def take_root(self, root: Path, mode: int) -> None:
        """Take the single file that the walk was asked for, whatever rules say."""
        if not stat.S_ISREG(mode):
            self._skip(str(root), root.name, _special_reason(mode))
        elif root.suffix.lower() not in self.suffixes:
            self._skip(str(root), root.name, unsupported_reason(root.suffix))
        else:
            status = root.stat()
            self.files.append(FoundFile(root, root.name, status.st_size, status.st_mtime_ns))

    def _with_rules(self, folder: _Folder, entries: list["os.DirEntry[str]"]) -> _Folder:
        for entry in entries:
            if entry.name == self.ignore_file and entry.is_file():
                rule = (folder.name, _load_rules(Path(entry.path)))
                return folder._replace(ignores=(*folder.ignores, rule))
        return folder

    def _enter(self, entry: "os.DirEntry[str]", folder: _Folder) -> Iterator[_Folder]:
        """Take a file, or yield a folder to walk next."""
        name = folder.name + entry.name
        if entry.name.startswith((".", "~$")):
            return
        try:
            if entry.is_symlink() and (reason := self._refuse_link(entry)):
                self._skip(entry.path, name, reason)
            elif entry.is_dir():
                if not _is_ignored(name + "/", folder.ignores):
                    yield _Folder(entry.path, name + "/", folder.ignores)
            elif not _is_ignored(name, folder.ignores):
                self._take(entry, name)
        except OSError as error:
            self._skip(entry.path, name, _reason(error))

    def _take(self, entry: "os.DirEntry[str]", name: str) -> None:
        suffix = os.path.splitext(entry.name)[1]  # noqa: PTH122 - 10,000 Paths cost more
        if not entry.is_file():
            self._skip(entry.path, name, _special_reason(entry.stat().st_mode))
        elif not is_whole_text(name):
            self._skip(entry.path, name, "its name is not valid UTF-8")
        elif suffix.lower() not in self.suffixes:
            self._skip(entry.path, name, unsupported_reason(suffix))
        else:
            status = entry.stat()
            path = Path(entry.path)
            self.files.append(FoundFile(path, name, status.st_size, status.st_mtime_ns))

    def _refuse_link(self, entry: "os.DirEntry[str]") -> str:
        """Return why a symbolic link is not followed; empty for one to follow.

        A folder inside the root is walked where it stands, so a link to it would only repeat it.
        """
        target = Path(entry.path)
        try:
            resolved, root = target.resolve(strict=True), self.root.resolve()
        except (OSError, RuntimeError):
            return "broken symbolic link"
        if not resolved.is_relative_to(root):
            return "symbolic link that leaves the folder"
        if not resolved.is_dir():
            return ""
        if target.parent.resolve().is_relative_to(resolved):
            return "symbolic link to a folder above it"
        return "symbolic link to a folder that is read already"

    def _skip(self, path: str, name: str, reason: str) -> None:
        self.skipped.append(SkippedFile(Path(path), name, reason))


def _reason(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "no permission to read it"
    return (error.strerror or str(error)).lower()


def _special_reason(mode: int) -> str:
    """Return what something is that is neither a file nor a folder."""
    kinds = {stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket", stat.S_IFDIR: "folder"}
    kind = kinds.get(stat.S_IFMT(mode), "device")
    return f"not a regular file but a {kind}"


def _is_ignored(name: str, ignores: tuple[tuple[str, Ignores], ...]) -> bool:
    """Return what the innermost rule that speaks of a path says."""
    for folder, rule in reversed(ignores):
        verdict = rule(name.removeprefix(folder))
        if verdict is not None:
            return verdict
    return False


def _load_rules(path: Path) -> Ignores:
    """Return the rules of an ignore file, in gitignore's syntax."""
    from pathspec import GitIgnoreSpec

    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            lines = file.read(_MOST_RULES).splitlines()
        for number, line in enumerate(lines, start=1):
            if any(len(_STARS.findall(part)) > _MOST_STARS for part in line.split("/")):
                raise StorageError(
                    f"cannot use {path}: line {number} has more than {_MOST_STARS} stars in a name",
                    hint=f"mend {path}",
                )
        spec = GitIgnoreSpec.from_lines(lines)
    except (OSError, ValueError) as error:
        raise StorageError(f"cannot use {path}: {error}", hint=f"mend {path}") from error
    return lambda name: spec.check_file(name).include
