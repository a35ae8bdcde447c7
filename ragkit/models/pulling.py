"""A model fetched into the cache: listed, checked for room, fetched file by file, put in place.

Until all of it is whole it lies in a hidden folder beside its place, where the next attempt finds
it; then one rename makes it appear. Nothing else in ragkit uses the network for models.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from ragkit.errors import ModelError, StorageError, UsageError
from ragkit.files import sync_to_disk, translate_disk_errors
from ragkit.models.catalogue import HubWeights, ModelEntry, find_entry
from ragkit.models.finding import locate, not_here
from ragkit.models.gguf import read_shape
from ragkit.models.hub import Hub
from ragkit.models.planning import Plan, make_plan
from ragkit.models.pulled import (
    FILES,
    PulledFile,
    PulledModel,
    find_pulled,
    folder_of,
    missing_part,
    models_folder,
    write_record,
)
from ragkit.models.sources import (
    HubSource,
    Source,
    checked_name,
    parse_source,
)
from ragkit.models.transfer import PART, Line, fetch
from ragkit.protocols import (
    NoticeListener,
    Progress,
    ProgressListener,
    ignore_notice,
    ignore_progress,
)

_SPARE_BYTES = 64_000_000
"""Left free on the disk beside what a model takes."""


def pull_model(
    wanted: str,
    *,
    cache_dir: Path,
    hub: Hub,
    save_as: str = "",
    on_notice: NoticeListener = ignore_notice,
    on_progress: ProgressListener = ignore_progress,
) -> PulledModel | None:
    """Return a model that is in the cache now, fetched where it was not; None for a bundled one.

    Args:
        wanted: A name in the catalogue or of a pulled model, or a source; see `parse_source`.
        cache_dir: The cache; models are kept in its models/ folder.
        hub: Which hub, and whether it may be asked.
        save_as: What to call it; empty for its name in the catalogue or its source.
        on_notice: Told what is fetched, and that another process has to be waited for.
        on_progress: Told how many bytes have come.

    Raises:
        UsageError: It names nothing that could be fetched.
        ModelError: It cannot be had, or the network is not to be used.
        StorageError: There is no room for it, or the cache cannot be written.
    """
    entry = find_entry(wanted)
    if entry and not isinstance(entry.source, HubWeights):
        if locate(entry, cache_dir=cache_dir) is None:
            raise not_here(entry)
        return None
    here = find_pulled(wanted, cache_dir=cache_dir)
    source = _source_of(wanted, entry, here)
    if save_as:
        here = _find_named(save_as, source, cache_dir)
    if here and not missing_part(here, cache_dir=cache_dir):
        return here
    if hub.offline:
        raise ModelError(
            f"{wanted} is not on this machine, and the network is not to be used",
            hint="leave out --offline, or set RAGKIT_OFFLINE=0",
        )
    name = save_as or (entry.name if entry else "") or (here.name if here else "")
    with _client(hub) as client:
        plan = make_plan(source, name, entry, hub=hub, client=client)
        with _alone(plan.name, cache_dir, on_notice):
            ready = find_pulled(plan.name, cache_dir=cache_dir)
            if ready and not missing_part(ready, cache_dir=cache_dir):
                return ready  # another process was quicker, or it has another name as well
            line = Line(client, plan.headers, hub.first_wait_s)
            size_mb = plan.size_bytes / 1e6
            on_notice(f"fetching {plan.name}, {size_mb:,.1f} MB, from {plan.source}")
            return _fetch_plan(plan, cache_dir, line, on_progress)


def _find_named(name: str, source: Source, cache_dir: Path) -> PulledModel | None:
    """Return the model that was pulled from a source under a name; refuse what another one has."""
    found = find_pulled(checked_name(name), cache_dir=cache_dir)
    if find_entry(name) or (found and not f"{found.source}:".startswith(f"{source}:")):
        raise UsageError(f"there is another model {name!r}", hint="choose another name with --as")
    return found


def _source_of(wanted: str, entry: ModelEntry | None, here: PulledModel | None) -> Source:
    if entry and isinstance(entry.source, HubWeights):
        return HubSource(entry.source.repo, entry.source.file)
    return parse_source(here.source if here else wanted)


@contextmanager
def _client(hub: Hub) -> Iterator[Any]:
    import httpx2

    # A redirect to another host takes no token along; httpx sees to that.
    with httpx2.Client(follow_redirects=True, timeout=hub.patience_s) as client:
        yield client


@contextmanager
def _alone(name: str, cache_dir: Path, on_notice: NoticeListener) -> Iterator[None]:
    """Hold the right to write a model; wait for another process that has it."""
    folder = folder_of(name, cache_dir=cache_dir)
    with translate_disk_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder.with_name(f".{folder.name}.lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_notice(f"waiting for another process that pulls {name} …")
            lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _fetch_plan(
    plan: Plan, cache_dir: Path, line: Line, on_progress: ProgressListener
) -> PulledModel:
    folder = folder_of(plan.name, cache_dir=cache_dir)
    staged = folder.with_name(f".{folder.name}.{plan.identity}{PART}")
    _forget_others(folder, staged)
    here = {path: _size_here(staged / FILES / path) for path, _ in plan.files}
    _check_room(plan, staged, sum(here.values()))

    def tell(path: str, size: int) -> None:
        here[path] = size
        on_progress(Progress("fetching", sum(here.values()), plan.size_bytes, path))

    files = []
    for path, remote in plan.files:
        target = staged / FILES / path
        sha256 = fetch(remote, target, line, on_size=partial(tell, path))
        files.append(PulledFile(path, target.stat().st_size, sha256))
    model = _record(plan, files, staged)
    _put_in_place(staged, folder)
    return model


def _record(plan: Plan, files: Sequence[PulledFile], staged: Path) -> PulledModel:
    """Write the record of what came, once it can be what it is said to be.

    Raises:
        ModelError: It is no GGUF file; it is deleted.
    """
    first = staged / FILES / files[0].path
    try:
        shape = read_shape(first) if plan.kind == "llm" else None
    except ModelError as error:
        first.unlink()
        raise ModelError(
            f"what {plan.source} gave is not a GGUF file", hint="check the address"
        ) from error
    model = PulledModel(
        name=plan.name,
        kind=plan.kind,
        source=plan.source,
        revision=plan.revision,
        licence=plan.licence,
        context=shape.context if shape else 0,
        cache_bytes=shape.cache_bytes if shape else 0,
        parameters=plan.parameters,
        pulled_at=datetime.now(UTC).isoformat(timespec="seconds"),
        files=tuple(files),
    )
    write_record(model, staged)
    return model


def _size_here(target: Path) -> int:
    """Return how much of a file came earlier."""
    part = target.with_name(target.name + PART)
    return next((path.stat().st_size for path in (target, part) if path.is_file()), 0)


def _check_room(plan: Plan, staged: Path, came: int) -> None:
    """Refuse a model that there is no room for, before any of it is fetched."""
    needed = plan.size_bytes - came + _SPARE_BYTES
    free = shutil.disk_usage(staged.parent).free
    if needed > free:
        raise StorageError(
            f"{plan.name} needs {needed / 1e9:.1f} GB more on the disk of {staged.parent}, and"
            f" {free / 1e9:.1f} GB are free",
            hint="free some space, or keep models elsewhere: RAGKIT_CACHE_DIR=...",
        )


def _forget_others(folder: Path, staged: Path) -> None:
    """Delete what came of earlier versions of a model that its source does not have any more."""
    for other in folder.parent.glob(f".{folder.name}.*{PART}"):
        if other != staged and len(other.name) == len(staged.name):
            shutil.rmtree(other, ignore_errors=True)


def _put_in_place(staged: Path, folder: Path) -> None:
    """Make a whole model appear under its name, in place of a damaged one."""
    with translate_disk_errors(folder):
        sync_to_disk(staged)
        if folder.exists():
            damaged = folder.with_name(f".{folder.name}.damaged{PART}")
            shutil.rmtree(damaged, ignore_errors=True)
            folder.replace(damaged)
            staged.replace(folder)
            shutil.rmtree(damaged, ignore_errors=True)
        else:
            staged.replace(folder)
        sync_to_disk(models_folder(folder.parent.parent))
