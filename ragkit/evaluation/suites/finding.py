"""Suites by name: those of the project first, then those that come with ragkit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import ragkit
from ragkit.errors import RagkitError, UsageError, unknown_name
from ragkit.evaluation.records import Suite
from ragkit.evaluation.suites.collections import collection_suite, is_collection
from ragkit.evaluation.suites.folders import BUILT_IN, SAMPLES_FILE, SUITE_FILE, read_suite


@dataclass(frozen=True, slots=True)
class FoundSuite:
    """A suite that can be named, or what is wrong with it."""

    name: str
    folder: Path
    built_in: bool
    suite: Suite | None = None
    error: str = ""


def built_in_folder() -> Path:
    """Return the folder of the suites that come with ragkit.

    A package that was built holds them; beside the source they stand in evals/.
    """
    package = Path(ragkit.__file__).parent
    packed = package / "evals"
    return packed if packed.is_dir() else package.parent / "evals"


def fixture_folder() -> Path:
    """Return what the built-in suites share: documents."""
    return built_in_folder() / "fixture"


def load_suite(name_or_path: str | Path, *, evals_dir: Path, drafts: bool = False) -> Suite:
    """Return a suite by its name or by the path of its folder.

    Args:
        name_or_path: The name of a folder in `evals_dir`, of a suite that comes with ragkit, or the
            path of a folder, or of a file in it. A folder may hold a collection in BEIR form.
        evals_dir: Where the project keeps its suites; need not exist.
        drafts: Take in the samples that nobody has accepted yet.

    Raises:
        UsageError: There is none of that name, or it is wrong; the message says which line.
        StorageError: A file cannot be read.
    """
    folder = find_suite(name_or_path, evals_dir=evals_dir)
    if not _has_samples(folder):
        return collection_suite(folder)
    return replace(read_suite(folder, drafts=drafts), built_in=is_built_in(folder))


def find_suite(name_or_path: str | Path, *, evals_dir: Path) -> Path:
    """Return the folder of a suite; see `load_suite`.

    Raises:
        UsageError: There is none of that name.
    """
    name, path = str(name_or_path), Path(name_or_path)
    if path.name in (SUITE_FILE, SAMPLES_FILE) and path.is_file():
        return path.parent
    for folder in (evals_dir / name, path):
        if _is_suite(folder):
            return folder
    if name in BUILT_IN:
        return built_in_folder() / name
    if path.is_dir():
        raise UsageError(
            f"{path} is no suite: it holds no {SAMPLES_FILE}",
            hint=f"put one JSON object with a question on each line of {path / SAMPLES_FILE}",
        )
    known = {folder.name for folder in _folders(evals_dir)} | set(BUILT_IN)
    raise unknown_name("suite", name, known, hint="ragkit eval list")


def find_suites(evals_dir: Path) -> tuple[FoundSuite, ...]:
    """Return every suite that can be named, in the order of names, broken ones too."""
    folders = {name: built_in_folder() / name for name in BUILT_IN}
    folders = {name: folder for name, folder in folders.items() if _is_suite(folder)}
    folders |= {folder.name: folder for folder in _folders(evals_dir)}
    return tuple(_look_at(name, folders[name]) for name in sorted(folders))


def _look_at(name: str, folder: Path) -> FoundSuite:
    built_in = is_built_in(folder)
    try:
        if not _has_samples(folder):
            return FoundSuite(name, folder, built_in, suite=collection_suite(folder))
        return FoundSuite(name, folder, built_in, suite=read_suite(folder, drafts=True))
    except RagkitError as error:
        return FoundSuite(name, folder, built_in, error=error.message)


def _folders(evals_dir: Path) -> Iterator[Path]:
    if evals_dir.is_dir():
        yield from (folder for folder in sorted(evals_dir.iterdir()) if _is_suite(folder))


def _is_suite(folder: Path) -> bool:
    return _has_samples(folder) or is_collection(folder)


def _has_samples(folder: Path) -> bool:
    return (folder / SUITE_FILE).is_file() or (folder / SAMPLES_FILE).is_file()


def is_built_in(folder: Path) -> bool:
    """Say whether a folder is that of a suite that comes with ragkit."""
    return folder.name in BUILT_IN and folder.resolve().parent == built_in_folder().resolve()
