"""Which files differ from what the index holds, decided from names, sizes and times.

It reads no document; a file is hashed only where its size is that of a document that it may hold
under another name or with another time of change.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ragkit.documents import FoundFile, SkippedFile, keeps_title
from ragkit.errors import StorageError
from ragkit.files import sha256_of
from ragkit.ingest.report import IngestOptions, IngestReport
from ragkit.ingest.scope import check_paths, find_something, is_within, scopes_of
from ragkit.protocols import DocumentMove
from ragkit.records import StoredDocument

_LEAST_GUARDED = 10
"""An index of fewer documents is made again in a minute; removing most of it needs no leave."""


class Rename(NamedTuple):
    """A file that holds what the index knows under the name of a file that does not."""

    old_path: str
    file: FoundFile


class IngestPlan(NamedTuple):
    """What has to be done to make the index equal to the folder."""

    new: tuple[FoundFile, ...] = ()
    changed: tuple[FoundFile, ...] = ()
    renamed: tuple[Rename, ...] = ()
    """Nothing has to be read for them."""
    retitled: tuple[Rename, ...] = ()
    """Renamed, too, but to be read again: the old name is part of what is stored, or the new one
    says that it has another format."""
    touched: tuple[DocumentMove, ...] = ()
    """Same content, new time of change."""
    unchanged: int = 0
    """Those touched included."""
    gone: tuple[str, ...] = ()
    """Documents whose file is not there any more, renamed ones left out."""
    replaced: tuple[str, ...] = ()
    """Documents whose path a renamed one takes, and whose content is nowhere any more."""
    skipped: tuple[SkippedFile, ...] = ()
    known: int = 0
    """Documents that the index holds of the paths asked for."""

    @property
    def to_read(self) -> tuple[FoundFile, ...]:
        """All files to read, in the order of names."""
        again = (rename.file for rename in self.retitled)
        return tuple(sorted((*self.new, *self.changed, *again), key=lambda file: file.name))

    @property
    def early(self) -> tuple[str, ...]:
        """Documents to remove before the renamed ones take their paths."""
        sources = {rename.old_path for rename in self.renamed}
        targets = {rename.file.name for rename in self.renamed}
        held = {*self.replaced, *(rename.old_path for rename in self.retitled)}
        return tuple(sorted((targets & held) - sources))

    @property
    def succeeded(self) -> dict[str, str]:
        """Documents whose name is gone, by the name of the file to read in their place."""
        names = {file.name for file in self.to_read} | {file.name for _, file in self.renamed}
        return {file.name: old for old, file in self.retitled if old not in names}

    def foretell(self, *, prune: bool) -> IngestReport:
        """Return what doing it would report if nothing fails.

        Args:
            prune: Whether what is gone is removed.
        """
        renamed = (*self.renamed, *self.retitled)
        return IngestReport(
            new=tuple(file.name for file in self.new),
            changed=tuple(file.name for file in self.changed),
            renamed=tuple(sorted((old, file.name) for old, file in renamed)),
            unchanged=self.unchanged,
            removed=tuple(sorted((*self.replaced, *(self.gone if prune else ())))),
            kept=() if prune else self.gone,
            skipped=self.skipped,
        )

    @property
    def files(self) -> int:
        """All files that there are."""
        return self.unchanged + len(self.renamed) + len(self.to_read)


def plan_ingest(
    paths: Sequence[Path],
    *,
    corpus: Path,
    stored: Mapping[str, StoredDocument],
    options: IngestOptions,
) -> IngestPlan:
    """Return what an ingest would do; nothing is read or written.

    Args:
        paths: As for `ingest`.
        corpus: As for `ingest`.
        stored: What the index holds, by path.
        options: How to read and cut.

    Raises:
        StorageError: A path does not exist or holds nothing to read.
    """
    check_paths(paths, corpus)
    files, skipped = find_something(paths, corpus)
    # No document was read by no recipe.
    recipe_of = (lambda _name: "") if options.rebuild else options.recipe_of
    return make_plan(files, skipped, stored, scopes_of(paths, corpus), recipe_of=recipe_of)


def make_plan(
    files: Sequence[FoundFile],
    skipped: Sequence[SkippedFile],
    stored: Mapping[str, StoredDocument],
    scopes: Sequence[str],
    *,
    recipe_of: Callable[[str], str],
) -> IngestPlan:
    """Decide what to read. A file of the same size and time of change is taken for the same.

    Args:
        files: What lies there, sorted by name.
        skipped: What lies there and is not read; what the index holds of it stays.
        stored: What the index holds, by path.
        scopes: The names below which the index is to be made equal to the disk.
        recipe_of: How a document of a path is read and cut now; one that was read and cut in
            another way is read again.
    """
    digest_of = cache(_digest_of)
    to_read: list[FoundFile] = []
    touched: list[DocumentMove] = []
    for file in files:
        known = stored.get(file.name)
        if (
            known is None
            or known.recipe != recipe_of(file.name)
            or known.size_bytes != file.size_bytes
        ):
            to_read.append(file)
        elif known.mtime_ns != file.mtime_ns:
            if digest_of(file.path) == known.sha256:
                touched.append(DocumentMove(known.path, known.path, known.metadata, file.mtime_ns))
            else:
                to_read.append(file)
    present = {file.name for file in files}
    away = [skip.name for skip in skipped]
    known_here = [name for name in stored if is_within(name, scopes)]
    gone = [name for name in known_here if name not in present and not is_within(name, away)]
    vacant = [*gone, *(file.name for file in to_read if file.name in stored)]
    current = [stored[name] for name in vacant if stored[name].recipe == recipe_of(name)]
    renames = _find_renames(to_read, current, digest_of)
    return _sorted_out(to_read, renames, stored, gone)._replace(
        touched=tuple(touched),
        unchanged=len(files) - len(to_read),
        skipped=tuple(skipped),
        known=len(known_here),
    )


def _digest_of(path: Path) -> str:
    """Return the sha256 of a file; empty where it cannot be read, which reading it will tell."""
    try:
        return sha256_of(path)
    except OSError:
        return ""


def _find_renames(
    files: Iterable[FoundFile],
    vacant: Iterable[StoredDocument],
    digest_of: Callable[[Path], str],
) -> list[Rename]:
    """Return which files hold a document whose own file holds something else or is gone."""
    by_size: dict[int, list[StoredDocument]] = {}
    for document in vacant:
        by_size.setdefault(document.size_bytes, []).append(document)
    renames = []
    for file in files:
        candidates = by_size.get(file.size_bytes)
        if not candidates:
            continue
        digest = digest_of(file.path)
        same = [document for document in candidates if document.sha256 == digest]
        if same:
            same.sort(key=lambda document: not _stays_as_it_is(document, file.name))
            candidates.remove(same[0])
            renames.append(Rename(same[0].path, file))
    return renames


def _stays_as_it_is(document: StoredDocument, name: str) -> bool:
    """Say whether reading a document under another name would tell nothing new but of the path."""
    suffix = PurePosixPath(name).suffix.lower().lstrip(".")
    return suffix == document.format and keeps_title(document, name)


def _sorted_out(
    to_read: Sequence[FoundFile],
    renames: Sequence[Rename],
    stored: Mapping[str, StoredDocument],
    gone: Sequence[str],
) -> IngestPlan:
    sources = {rename.old_path for rename in renames}
    targets = {rename.file.name for rename in renames}
    others = [file for file in to_read if file.name not in targets]
    # The document of a known name may live on under another; what has the name now is new then.
    changed = {file.name for file in others if file.name in stored and file.name not in sources}
    stay = [_stays_as_it_is(stored[old], file.name) for old, file in renames]
    return IngestPlan(
        new=tuple(file for file in others if file.name not in changed),
        changed=tuple(file for file in others if file.name in changed),
        renamed=tuple(rename for rename, stays in zip(renames, stay, strict=True) if stays),
        retitled=tuple(rename for rename, stays in zip(renames, stay, strict=True) if not stays),
        gone=tuple(name for name in gone if name not in sources),
        replaced=tuple(sorted(name for name in targets & stored.keys() if name not in sources)),
    )


def refuse_mass_removal(plan: IngestPlan) -> None:
    """Raise where most of the documents are gone: a drive that is away looks just like that.

    Raises:
        StorageError: More than half of at least 10 documents would be removed.
    """
    if plan.known >= _LEAST_GUARDED and len(plan.gone) > plan.known / 2:
        raise StorageError(
            f"{len(plan.gone)} of {plan.known} documents are gone or ignored now, such as"
            f" {plan.gone[0]}; is a drive or folder not connected? Nothing was changed",
            hint="to remove them from the index: ragkit ingest --prune; to keep them: --no-prune",
        )
