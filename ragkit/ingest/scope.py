"""Where to look: the files below some paths, under the names that the index knows them by.

It looks at names and folders, never into files, and decides nothing about what to do with them.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from ragkit.documents import FoundFile, SkippedFile, find_documents, supported_suffixes
from ragkit.errors import StorageError
from ragkit.files import translate_disk_errors
from ragkit.words import is_whole_text


def check_paths(paths: Sequence[Path], corpus: Path) -> None:
    """Raise a StorageError for a path that does not exist, before anything slow is done."""
    with translate_disk_errors(corpus):
        if not paths and not corpus.is_dir():
            what = "is not a folder" if corpus.exists() else "does not exist"
            raise StorageError(
                f"there is no corpus: {corpus} {what}",
                hint=f"make it and put documents there: mkdir {corpus}; or: ragkit ingest PATH",
            )
    for path in paths:
        with translate_disk_errors(path):
            if not path.exists():
                raise StorageError(f"{path} does not exist", hint="check the path")


def find_files(
    paths: Sequence[Path], corpus: Path
) -> tuple[tuple[FoundFile, ...], tuple[SkippedFile, ...]]:
    """Return the files below some paths under the names that the index knows them by."""
    files: dict[str, FoundFile] = {}
    skipped: dict[str, SkippedFile] = {}
    root = f"{_absolute(corpus).as_posix()}/"
    for path in paths or (corpus,):
        scopes = scopes_of((path,), corpus)
        # Inside the corpus its own rules hold, so all of it is walked and the rest left out.
        inside = not Path(scopes[0]).is_absolute()
        found = find_documents(corpus if inside else path)
        above = "" if inside else _folder_of(path)
        for file in found.files:
            name = f"{above}{file.name}".removeprefix(root)
            if not is_whole_text(name):
                skipped[name] = SkippedFile(file.path, name, "its path is not valid UTF-8")
            elif is_within(name, scopes):
                files[name] = file._replace(name=name)
        for skip in found.skipped:
            name = f"{above}{skip.name}".removeprefix(root)
            if is_within(name, scopes):
                skipped[name] = skip._replace(name=name)
    return tuple(files[name] for name in sorted(files)), tuple(skipped.values())


def _name_of(path: Path, corpus: Path) -> str:
    """Return a path relative to the corpus, or absolute outside it.

    Links are resolved only where that shows a path to lie in the corpus: one that is itself
    reached through a link, say.
    """
    absolute, root = _absolute(path), _absolute(corpus)
    if not absolute.is_relative_to(root):
        resolved, resolved_root = path.resolve(), corpus.resolve()
        if not resolved.is_relative_to(resolved_root):
            return absolute.as_posix()
        absolute, root = resolved, resolved_root
    return absolute.relative_to(root).as_posix()


def _absolute(path: Path) -> Path:
    """Return a path from the root, without "..", links not resolved."""
    return Path(os.path.normpath(path.absolute()))


def _folder_of(path: Path) -> str:
    """Return the folder that the names found below a path are relative to, with a slash."""
    absolute = _absolute(path)
    return f"{(absolute if path.is_dir() else absolute.parent).as_posix().rstrip('/')}/"


def scopes_of(paths: Sequence[Path], corpus: Path) -> tuple[str, ...]:
    """Return the names below which the index is to be made equal to the disk."""
    names = [_name_of(path, corpus) for path in paths or (corpus,)]
    if is_within(_absolute(corpus).as_posix(), names):  # a path above the corpus
        names.append(".")
    return tuple(names)


def is_within(name: str, scopes: Sequence[str]) -> bool:
    """Say whether a document's name lies under one of some scopes; "." is the corpus.

    >>> is_within("week1/a.pdf", ["week1"]), is_within("week10/a.pdf", ["week1"])
    (True, False)
    """
    return any(
        not name.startswith("/")
        if scope == "."
        else name == scope or name.startswith(scope.rstrip("/") + "/")
        for scope in scopes
    )


def find_something(
    paths: Sequence[Path], corpus: Path
) -> tuple[tuple[FoundFile, ...], tuple[SkippedFile, ...]]:
    """Return the files below some paths, at least one, and what was skipped.

    Raises:
        StorageError: A path does not exist, or there is nothing to read.
    """
    files, skipped = find_files(paths, corpus)
    _refuse_empty(files, skipped, paths, corpus)
    return files, skipped


def _refuse_empty(
    files: Sequence[FoundFile],
    skipped: Sequence[SkippedFile],
    paths: Sequence[Path],
    corpus: Path,
) -> None:
    """Raise where there is nothing to read: an empty folder is more often a mistake than a wish."""
    if files:
        return
    where = ", ".join(str(path) for path in paths or (corpus,))
    if skipped:
        first = skipped[0]
        more = f" (and {len(skipped) - 1} more)" if len(skipped) > 1 else ""
        raise StorageError(
            f"nothing to read in {where}: {first.name}: {first.reason}{more}",
            hint=f"ragkit reads {', '.join(supported_suffixes())}",
        )
    raise StorageError(
        f"{where} holds no documents",
        hint=f"put some there ({', '.join(supported_suffixes())}); the index is as it was",
    )


def name_within(path: str, corpus: Path) -> str:
    """Return the name that an index knows a path by; one that leads nowhere stays as it is.

    So what a shell completes ("corpus/week1") means the same as the name itself ("week1").
    """
    try:
        absolute = Path(path).resolve()
        if absolute.exists() and absolute.is_relative_to(corpus.resolve()):
            return absolute.relative_to(corpus.resolve()).as_posix()
    except OSError:  # too long a name, say
        return path
    return path
