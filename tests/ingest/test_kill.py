"""Stop a real ingest between any two of its writes, and in the middle of one: nothing is lost.

A library preloaded into the process counts what it does to the index's folder, and stops it there.
It is killed 50 times and the disk is full 20 times, evenly spread over the calls. With
`RAGKIT_KILL_POINTS=60` that is three times as often, and with a number greater than theirs it is at
every single one (`make kill`).
"""

import os
import re
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
from ragkit.index import LocalIndex, verify_index
from tests.index_state import search, state_of
from tests.small_project import run_process, run_ragkit, write_project

SUMMARY = re.compile(r"\d+ new, ")
INGEST = ("ingest", "--encoder", "hashing", "--chunk-tokens", "32", "--quiet")
POINTS = int(os.environ.get("RAGKIT_KILL_POINTS", "20"))


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


SERVER = """
import os, sys
import faiss, numpy
import ragkit.ingest.run, ragkit.cli.ingest
from ragkit.cli.main import main
for line in sys.stdin:
    project, how, at, *words = line.split()
    child = os.fork()
    if child:
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    os.environ.update(STOP_UNDER=project + "/indexes", STOP_HOW=how, STOP_AT=at)
    os.chdir(project)
    os.dup2(os.open("said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    os.dup2(2, 1)
    try:
        main(words)
    except SystemExit as ended:
        sys.stderr.flush()
        os._exit(ended.code or 0)
"""


class Ingests:
    """Runs ingests, each in a process of its own, forked from one that has imported all of it."""

    def __init__(self, stopper: Path) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-c", SERVER],
            env={**os.environ, "OMP_NUM_THREADS": "1", "LD_PRELOAD": str(stopper)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def run(self, project: Path, how: str = "count", at: int = 0) -> tuple[int, str]:
        """Return how an ingest of a project ended, and what it said on stderr."""
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(" ".join((str(project), how, str(at), *INGEST)) + "\n")
        self._server.stdin.flush()
        code = int(self._server.stdout.readline())
        lines = (project / "said").read_text().splitlines()
        return code, "\n".join(line for line in lines if not SUMMARY.match(line))

    def close(self) -> None:
        with self._server:
            pass


def names_of(folder: Path) -> list[str]:
    with LocalIndex(folder) as index:
        return [document.path for document in index.documents()]


def make_scenario(project: Path, stopper: Path, names_before: list[str]) -> Scenario:
    """Ingest a copy of a project without a stop, and remember what that does."""
    whole = project.with_name(f"{project.name}-whole")
    shutil.copytree(project, whole)
    log = whole / "log"
    variables = {"STOP_UNDER": str(whole / "indexes"), "STOP_LOG": str(log)}
    done = run_process(whole, *INGEST, variables={**variables, "LD_PRELOAD": str(stopper)})
    assert done.code == 0, done.err
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
    assert run_process(project, *INGEST, variables={}).code == 0
    change_corpus(project / "corpus")
    return make_scenario(project, stopper, names_of(project / "indexes/default"))


def spread(count: int, points: list[int]) -> list[int]:
    """Return this many of some points, evenly spread, the first and the last among them."""
    if len(points) <= count:
        return points
    return [points[at * (len(points) - 1) // (count - 1)] for at in range(count)]


def stop_at_each(
    scenario: Scenario, stopper: Path, tmp_path: Path, how: str, points: list[int]
) -> Iterator[tuple[Path, int, str]]:
    """Yield a project for each point at which its ingest was stopped, and how that ended."""

    ingests = (Ingests(stopper), Ingests(stopper))

    def stop(at: int, number: int) -> tuple[Path, int, str]:
        project = tmp_path / str(at)
        shutil.copytree(scenario.project, project)
        return project, *ingests[number].run(project, how, at)

    def stop_some(number: int) -> list[tuple[Path, int, str]]:
        return [stop(at, number) for at in points[number::2]]

    with ThreadPoolExecutor(2) as pool:
        for stopped in pool.map(stop_some, (0, 1)):
            for project, code, said in stopped:
                yield project, code, said
                shutil.rmtree(project)
    for some in ingests:
        some.close()


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
    assert [check.state for check in verify_index(folder).checks] == ["ok"] * 5
    assert state_of(folder) == scenario.expected
    left = sorted(path.name for path in folder.iterdir())
    assert left == ["catalog.seal", "catalog.sqlite", "vectors.faiss", "writer.lock"]


def record(capfd, line: str) -> None:
    """Show a count where pytest shows what tests print (-s)."""
    with capfd.disabled():
        sys.stdout.write(f"\n{line}\n" if POINTS > 20 else "")


@pytest.mark.parametrize(("name", "count"), [("first", POINTS // 2), ("second", POINTS)])
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


@pytest.mark.parametrize(("name", "count"), [("first", POINTS // 2), ("second", POINTS // 2)])
def test_killed_in_the_middle_of_a_write(request, stopper, tmp_path, capfd, name, count):
    scenario = request.getfixturevalue(name)
    points = spread(count, writes_of(scenario))
    for project, code, said in stop_at_each(scenario, stopper, tmp_path, "torn", points):
        assert code == -signal.SIGKILL, said
        assert_readable(scenario, project / "indexes/default")
        assert_continued(scenario, project, capfd)
    record(capfd, f"{name}: {len(points)} of {len(writes_of(scenario))} writes were torn")


@pytest.mark.parametrize(("name", "count"), [("first", POINTS // 2), ("second", POINTS // 2)])
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
