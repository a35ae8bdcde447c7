"""A project to stand in, and `ragkit` to type in it."""

import pytest

from tests.small_project import TINY_MODELS, run_ragkit, write_project


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


@pytest.fixture
def indexed(project, ragkit):
    """The folder of a project with an index."""
    assert ragkit("ingest").code == 0
    return project
