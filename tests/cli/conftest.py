"""A project to stand in, and `ragkit` to type in it."""

import functools
import shutil

import pytest

from tests.small_project import COURSE, TINY_MODELS, run_process, run_ragkit, write_project


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The folder of a project without an index; it is the working directory."""
    for name, value in TINY_MODELS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "80")
    folder = write_project(tmp_path / "project")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def ragkit(capfd):
    """Run a command: `ragkit("ask", "What ...?")`."""
    return lambda *arguments: run_ragkit(capfd, *arguments)


@pytest.fixture(scope="session")
def template_of(tmp_path_factory):
    """Return a project of some documents with an index, to copy: reading starts a process."""

    @functools.cache
    def make(documents):
        folder = write_project(tmp_path_factory.mktemp("template") / "project", dict(documents))
        assert run_process(folder, "ingest").code == 0
        return folder

    return make


@pytest.fixture
def indexed(project, template_of):
    """The folder of a project with an index."""
    shutil.copytree(template_of(tuple(COURSE.items())), project, dirs_exist_ok=True)
    return project
