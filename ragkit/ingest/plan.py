"""Which files differ from what the index holds, decided from names, sizes and times alone.

It reads no document; a file is hashed only where its time of change is new and its size is not.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ragkit.documents import FoundFile, SkippedFile, find_documents, supported_suffixes
from ragkit.errors import StorageError
from ragkit.files import sha256_of
from ragkit.records import StoredDocument


class IngestPlan(NamedTuple):
    """What has to be done to make the index equal to the folder."""

    to_read: tuple[FoundFile, ...]
    touched: tuple[FoundFile, ...]
    """Same content, new time of change."""
    unchanged: int
    removed: tuple[str, ...]


def check_paths(paths: Sequence[Path], corpus: Path) -> None:
    """Raise a StorageError for a path that does not exist, before anything slow is done."""
    if not paths and not corpus.exists():
        raise StorageError(
            f"there is no corpus: {corpus} does not exist",
            hint=f"make it and put documents there: mkdir {corpus.name}; or: ragkit ingest PATH",
        )
    for path in paths:
        if not path.exists():
            raise StorageError(f"{path} does not exist", hint="check the path")


def find_files(
    paths: Sequence[Path], corpus: Path
) -> tuple[tuple[FoundFile, ...], tuple[SkippedFile, ...]]:
    """Return the files below some paths under the names that the index knows them by."""
    files: dict[str, FoundFile] = {}
    skipped: dict[str, SkippedFile] = {}
    for path in paths or (corpus,):
        inside = path.resolve().is_relative_to(corpus.resolve())
        # Inside the corpus its own rules hold, so all of it is walked and the rest left out.
        found = find_documents(corpus if inside else path)
        scope = _name_of(path, corpus)
        for file in found.files:
            named = file._replace(name=_name_of(file.path, corpus))
            if _is_within(named.name, scope):
                files[named.name] = named
        for skip in found.skipped:
            name = _name_of(skip.path, corpus)
            if _is_within(name, scope):
                skipped[name] = skip._replace(name=name)
    return tuple(files[name] for name in sorted(files)), tuple(skipped.values())


def _name_of(path: Path, corpus: Path) -> str:
    """Return a path relative to the corpus, or absolute outside it; links are not resolved."""
    absolute, root = path.absolute(), corpus.absolute()
    if absolute.is_relative_to(root):
        return absolute.relative_to(root).as_posix()
    return absolute.as_posix()


def scopes_of(paths: Sequence[Path], corpus: Path) -> tuple[str, ...]:
    """Return the names below which the index is to be made equal to the disk."""
    return tuple(_name_of(path, corpus) for path in paths) or (".",)


def _is_within(name: str, scope: str) -> bool:
    """Say whether a document's name lies under a scope; "." is the corpus.

    >>> _is_within("week1/a.pdf", "week1"), _is_within("week10/a.pdf", "week1")
    (True, False)
    """
    if scope == ".":
        return not name.startswith("/")
    return name == scope or name.startswith(scope.rstrip("/") + "/")


def refuse_empty(
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


def make_plan(
    files: Sequence[FoundFile],
    skipped: Sequence[SkippedFile],
    stored: Mapping[str, StoredDocument],
    scopes: Sequence[str],
    *,
    recipe: str,
) -> IngestPlan:
    """Decide what to read. A file of the same size and time of change is taken for the same."""
    to_read: list[FoundFile] = []
    touched: list[FoundFile] = []
    for file in files:
        known = stored.get(file.name)
        if known is None or known.recipe != recipe:
            to_read.append(file)
        elif (known.size_bytes, known.mtime_ns) != (file.size_bytes, file.mtime_ns):
            same = known.size_bytes == file.size_bytes and sha256_of(file.path) == known.sha256
            (touched if same else to_read).append(file)
    present = {file.name for file in files}
    unreadable = [skip.name for skip in skipped]
    removed = [
        name
        for name in stored
        if name not in present
        and any(_is_within(name, scope) for scope in scopes)
        and not any(_is_within(name, folder) for folder in unreadable)
    ]
    unchanged = len(files) - len(to_read)
    return IngestPlan(tuple(to_read), tuple(touched), unchanged, tuple(removed))
