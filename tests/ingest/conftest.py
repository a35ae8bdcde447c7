"""A corpus, an index, and `sync`, which makes the one equal to the other and says what it did."""

from collections.abc import Sequence

import pytest

from ragkit.encoders import HashingEncoder
from ragkit.index import LocalIndex
from ragkit.ingest import IngestOptions, IngestReport, ingest
from tests.ingest.reading import read_here
from tests.small_project import write_project


class CountingEncoder(HashingEncoder):
    """Counts the passages that it encodes."""

    def __init__(self) -> None:
        super().__init__(dim=64)
        self.encoded = 0

    def encode_passages(self, texts: Sequence[str]):
        self.encoded += len(texts)
        return super().encode_passages(texts)


@pytest.fixture
def encoder():
    return CountingEncoder()


@pytest.fixture
def corpus(tmp_path):
    return write_project(tmp_path) / "corpus"


@pytest.fixture
def index(tmp_path):
    with LocalIndex(tmp_path / "indexes/default", writable=True) as opened:
        yield opened


@pytest.fixture
def sync(corpus, index, encoder):
    """Run an ingest: `sync()`, `sync(corpus / "week1", chunk_tokens=16)`."""

    def run(*paths, on_progress=None, **options) -> IngestReport:
        listening = {"on_progress": on_progress} if on_progress else {}
        return ingest(
            paths,
            corpus=corpus,
            index=index,
            encoder=encoder,
            options=IngestOptions(**{"read": read_here, **options}),
            **listening,
        )

    return run


@pytest.fixture
def stored(index):
    """The names of the documents in the index."""
    return lambda: [document.path for document in index.documents()]
