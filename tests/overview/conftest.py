"""The demo course, read as `ragkit ingest` reads it, in an index that every test shares."""

from pathlib import Path

import pytest

from ragkit.index import LocalIndex
from tests.small_project import TINY_MODELS, run_process

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """The index of corpus/, encoded by words alone."""
    project = tmp_path_factory.mktemp("course")
    variables = {**TINY_MODELS, "RAGKIT_CORPUS": str(REPOSITORY / "corpus")}
    done = run_process(project, "ingest", variables=variables)
    assert done.code == 0, done.err
    with LocalIndex(project / "indexes/default") as index:
        yield index
