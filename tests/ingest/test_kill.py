"""Stop a real ingest between any two of its writes, and in the middle of one: nothing is lost.

A library preloaded into the process counts what it does to the index's folder, and stops it there.
`RAGKIT_KILL_ALL=1` stops it at every single call instead of evenly spread ones.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from ragkit.errors import UnusableIndexError
from ragkit.index import LocalIndex
from tests.index_state import search, state_of
from tests.small_project import run_ragkit, write_project

INGEST = ("ingest", "--encoder", "hashing", "--chunk-tokens", "32", "--quiet")
EVERY_CALL = bool(os.environ.get("RAGKIT_KILL_ALL"))


def text_of(part: int, *, sentences: int = 24) -> str:
    return "".join(
        f"Sentence {number} of part {part} names animal{part * 1000 + number} plainly "
        f"and then goes on about word{number * 37 + part} and nothing in particular at all.\n\n"
        for number in range(sentences)
    )


BEFORE = {f"week{part % 3}/part-{part}.md": text_of(part) for part in range(12)}


def change_corpus(corpus: Path) -> None:
    """Change three documents, remove two, rename two, swap two names, and add three."""
    for part in (1, 4, 7):
        (corpus / f"week{part % 3}/part-{part}.md").write_text(text_of(part + 100, sentences=30))
    for part in (2, 5):
        (corpus / f"week2/part-{part}.md").unlink()
    (corpus / "week0/part-3.md").rename(corpus / "week0/renamed.md")
    (corpus / "week0/part-6.md").rename(corpus / "week1/moved.md")
    (corpus / "week0/part-0.md").rename(corpus / "aside")
    (corpus / "week0/part-9.md").rename(corpus / "week0/part-0.md")
    (corpus / "aside").rename(corpus / "week0/part-9.md")
    for part in (20, 21, 22):
        (corpus / f"part-{part}.md").write_text(text_of(part))


class Scenario(NamedTuple):
    """A project before an ingest, the calls that the ingest makes, and what comes of it."""

    project: Path
    calls: tuple[str, ...]
    expected: dict[str, object]
    states: tuple[list[str], ...]
    """The names that the index held before and holds after."""


@pytest.fixture(scope="module")
def stopper(tmp_path_factory) -> Path:
    if sys.platform != "linux" or shutil.which("gcc") is None:
        pytest.skip("it takes Linux and gcc to stop a process between two writes")
    library = tmp_path_factory.mktemp("stopper") / "stopper.so"
    source = Path(__file__).with_name("stopper.c")
    subprocess.run(
        ["gcc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"],
        check=True,
    )
    return library


def ingest(project: Path, stopper: Path | None = None, **stop: object) -> tuple[int, str]:
    """Ingest in a process of its own; return how it ended and what it said."""
    variables = {f"STOP_{name.upper()}": str(value) for name, value in stop.items()}
    if stopper:
        variables |= {"LD_PRELOAD": str(stopper), "STOP_UNDER": str(project / "indexes")}
    done = subprocess.run(
        [sys.executable, "-m", "ragkit", *INGEST],
        cwd=project,
        env={**os.environ, "OMP_NUM_THREADS": "1", **variables},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.returncode, done.stderr


def names_of(folder: Path) -> list[str]:
    with LocalIndex(folder) as index:
        return [document.path for document in index.documents()]


def make_scenario(project: Path, stopper: Path, names_before: list[str]) -> Scenario:
    """Ingest a copy of a project without a stop, and remember what that does."""
    whole = project.with_name(f"{project.name}-whole")
    shutil.copytree(project, whole)
    log = whole / "log"
    code, said = ingest(whole, stopper, log=log)
    assert code == 0, said
    folder = whole / "indexes/default"
    calls = tuple(line.split()[1] for line in log.read_text().splitlines())
    return Scenario(project, calls, state_of(folder), (names_before, names_of(folder)))


@pytest.fixture(scope="module")
def first(tmp_path_factory, stopper) -> Scenario:
    """The first ingest of a folder."""
    project = write_project(tmp_path_factory.mktemp("first") / "project", BEFORE)
    return make_scenario(project, stopper, [])


@pytest.fixture(scope="module")
def second(tmp_path_factory, stopper) -> Scenario:
    """The ingest of a folder that has changed in every way."""
    project = write_project(tmp_path_factory.mktemp("second") / "project", BEFORE)
    assert ingest(project)[0] == 0
    change_corpus(project / "corpus")
    return make_scenario(project, stopper, names_of(project / "indexes/default"))


def spread(count: int, points: list[int]) -> list[int]:
    """Return this many of some points, evenly spread; or all of them where that is asked for."""
    if EVERY_CALL or len(points) <= count:
        return points
    return [points[at * (len(points) - 1) // (count - 1)] for at in range(count)]


def stop_at_each(
    scenario: Scenario, stopper: Path, tmp_path: Path, how: str, points: list[int]
) -> Iterator[tuple[Path, int, str]]:
    """Yield a project for each point at which its ingest was stopped, and how that ended."""

    def stop(at: int) -> tuple[Path, int, str]:
        project = tmp_path / str(at)
        shutil.copytree(scenario.project, project)
        return project, *ingest(project, stopper, at=at, how=how)

    with ThreadPoolExecutor(2) as pool:
        for project, code, said in pool.map(stop, points):
            yield project, code, said
            shutil.rmtree(project)


def has_tables(folder: Path) -> bool:
    """Say whether a first ingest got as far as making the catalog."""
    if not (folder / "catalog.sqlite").is_file():
        return False
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as connection:
        return connection.execute("PRAGMA user_version").fetchone() != (0,)


def assert_readable(scenario: Scenario, folder: Path) -> None:
    """Check that what is found after a stop is a committed state, and can be searched."""
    before, after = map(set, scenario.states)
    if not before and not has_tables(folder):
        with pytest.raises(UnusableIndexError) as caught:
            names_of(folder)
        assert caught.value.hint == "run: ragkit ingest"
        return
    names = names_of(folder)
    assert before & after <= set(names) <= before | after
    search(folder)


def assert_continued(scenario: Scenario, project: Path, capfd) -> None:
    """Check that a plain ingest makes the index equal to the uninterrupted one."""
    folder = project / "indexes/default"
    done = run_ragkit(capfd, *INGEST, "--project", project)
    assert done.code == 0, done.err
    assert state_of(folder) == scenario.expected
    left = sorted(path.name for path in folder.iterdir())
    assert left == ["catalog.seal", "catalog.sqlite", "vectors.faiss", "writer.lock"]


def record(capfd, line: str) -> None:
    """Show a count where pytest shows what tests print (-s)."""
    with capfd.disabled():
        sys.stdout.write(f"\n{line}\n" if EVERY_CALL else "")


@pytest.mark.parametrize(("name", "count"), [("first", 12), ("second", 40)])
def test_killed_between_any_two_writes(request, stopper, tmp_path, capfd, name, count):
    scenario = request.getfixturevalue(name)
    points = spread(count, list(range(1, len(scenario.calls) + 1)))
    for project, code, said in stop_at_each(scenario, stopper, tmp_path, "kill", points):
        assert code == -signal.SIGKILL, said
        assert_readable(scenario, project / "indexes/default")
        assert_continued(scenario, project, capfd)
    record(capfd, f"{name}: killed at {len(points)} of {len(scenario.calls)} calls")


def writes_of(scenario: Scenario) -> list[int]:
    return [at for at, call in enumerate(scenario.calls, start=1) if call.endswith("write")]


@pytest.mark.parametrize(("name", "count"), [("first", 3), ("second", 9)])
def test_killed_in_the_middle_of_a_write(request, stopper, tmp_path, capfd, name, count):
    scenario = request.getfixturevalue(name)
    points = spread(count, writes_of(scenario))
    for project, code, said in stop_at_each(scenario, stopper, tmp_path, "torn", points):
        assert code == -signal.SIGKILL, said
        assert_readable(scenario, project / "indexes/default")
        assert_continued(scenario, project, capfd)
    record(capfd, f"{name}: {len(points)} of {len(writes_of(scenario))} writes were torn")


@pytest.mark.parametrize(("name", "count"), [("first", 6), ("second", 14)])
def test_the_disk_is_full_from_any_write_on(request, stopper, tmp_path, capfd, name, count):
    """One line says so, unless only what can be made again could not be written."""
    scenario = request.getfixturevalue(name)
    points = spread(count, writes_of(scenario))
    for project, code, said in stop_at_each(scenario, stopper, tmp_path, "full", points):
        folder = project / "indexes/default"
        if code == 0:
            assert names_of(folder) == scenario.states[1]
        else:
            error, step = said.splitlines()
            assert (code, error.startswith("error: no space left to write ")) == (1, True), said
            assert "run the same command again" in step
        assert_readable(scenario, folder)
        assert_continued(scenario, project, capfd)
    record(capfd, f"{name}: disk full at {len(points)} of {len(writes_of(scenario))} writes")
