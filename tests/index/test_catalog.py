"""The catalog by itself: its generation, its words in step with its chunks, and what it refuses."""

import sqlite3

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragkit.errors import StorageError, UnusableIndexError
from ragkit.index.catalog import Catalog
from ragkit.protocols import DocumentMove
from ragkit.words import stem
from tests.small_index import change_of


@pytest.fixture
def path(tmp_path):
    return tmp_path / "default" / "catalog.sqlite"


@pytest.fixture
def catalog(path):
    path.parent.mkdir()
    catalog = Catalog(path, writable=True)
    yield catalog
    catalog.close()


def test_every_change_of_chunks_moves_the_generation_on_by_one(catalog):
    identity, generation = catalog.stamp()
    assert generation == 0
    catalog.apply([change_of("a", "one"), change_of("b", "two")])
    assert catalog.stamp() == (identity, 1)
    catalog.apply((), removed=["a"])
    assert catalog.stamp() == (identity, 2)
    catalog.apply((), moved=[DocumentMove("b", "c", {}, mtime_ns=1)])  # no chunk changes
    catalog.set_meta({"encoder": "hashing"})
    assert catalog.stamp() == (identity, 2)


def test_two_catalogs_are_never_taken_for_each_other(tmp_path):
    stamps = set()
    for name in ("a", "b"):
        catalog = Catalog(tmp_path / name, writable=True)
        stamps.add(catalog.stamp())
        catalog.close()
    assert len(stamps) == 2


def test_embeddings_come_back_bit_by_bit(catalog):
    changes = [change_of("a", "one", "two"), change_of("b"), change_of("c", "three")]
    catalog.apply(changes)
    keys, rows = catalog.embeddings()
    assert keys.tolist() == sorted(keys.tolist())
    assert rows.tobytes() == np.concatenate([change.embeddings for change in changes]).tobytes()
    assert rows.dtype == np.float32


PATHS = st.sampled_from("abcd")
TEXTS = st.lists(st.sampled_from(["mean", "mean pooling", "", "\0 x", "été", "a b c"]), max_size=3)


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(st.tuples(PATHS, TEXTS | st.none()), max_size=8))
def test_words_stay_in_step_with_chunks(tmp_path_factory, steps):
    """Whatever is added, replaced and removed, each word is counted where it stands only."""
    catalog = Catalog(tmp_path_factory.mktemp("words") / "catalog.sqlite", writable=True)
    stored = {}
    for path, texts in steps:
        if texts is None:
            catalog.apply((), removed=[path])
            stored.pop(path, None)
        else:
            catalog.apply([change_of(path, *texts)])
            stored[path] = texts
    expected = [text for path in stored for text in stored[path]]
    for word in ("mean", "pooling", "x", "été", "c"):
        count = sum(word in text.split() for text in expected)
        assert catalog.document_frequencies([word]) == (count,)
    assert catalog.chunk_count() == len(expected)
    run = catalog._connection.execute
    run("INSERT INTO words (words) VALUES ('integrity-check')")
    assert run("SELECT count(*) FROM words_docsize").fetchone()[0] == len(expected)
    assert run("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert run("PRAGMA foreign_key_check").fetchall() == []
    catalog.close()


@pytest.mark.parametrize(
    "words",
    ["pooling pooled pools pool", "embedding embeddings embedded", "lecture lectures lecturing",
     "probability", "generalisation generalise", "hopping hoped", "happy happiness"],
)  # fmt: skip
def test_words_are_stemmed_as_the_lexical_index_does(catalog, words):
    """A word is found by exactly those forms that have its stem."""
    for stored in words.split():
        catalog.apply([change_of("a", stored)])
        for asked in words.split():
            same = stem(stored) == stem(asked)
            assert catalog.document_frequencies([asked]) == (int(same),), (stored, asked)


def test_another_program_s_database_is_left_alone(path):
    """Mended: our tables were added to any database without a version of its own."""
    path.parent.mkdir()
    with sqlite3.connect(path) as foreign:
        foreign.execute("CREATE TABLE songs (name TEXT)")
    foreign.close()
    before = path.read_bytes()
    for writable in (False, True):
        with pytest.raises(UnusableIndexError, match="not a ragkit catalog") as caught:
            Catalog(path, writable=writable)
        assert caught.value.hint == f"move it out of {path.parent}, then: ragkit ingest"
        assert path.read_bytes() == before


def test_not_a_database(path):
    path.parent.mkdir()
    path.write_bytes(b"not a database, " * 1000)
    for writable in (False, True):
        with pytest.raises(
            UnusableIndexError, match="is damaged: file is not a database"
        ) as caught:
            Catalog(path, writable=writable)
        assert caught.value.hint == "run: ragkit index repair --index default, then: ragkit ingest"


def test_another_format(path, catalog):
    catalog._connection.execute("PRAGMA user_version = 7")
    for writable in (False, True):
        with pytest.raises(
            UnusableIndexError, match="has format 7; this ragkit reads format 2"
        ) as caught:
            Catalog(path, writable=writable)
        assert caught.value.hint == "run: ragkit index remove default, then: ragkit ingest"


def test_a_catalog_that_was_never_filled(path):
    """A writer ended before its first table: a reader says so, the next writer goes on."""
    path.parent.mkdir()
    path.touch()
    with pytest.raises(UnusableIndexError, match="is still empty") as caught:
        Catalog(path, writable=False)
    assert caught.value.hint == "run: ragkit ingest"
    catalog = Catalog(path, writable=True)
    assert catalog.stamp().generation == 0
    catalog.close()


def test_torn_pages(path, catalog):
    catalog.apply([change_of(f"{n}", f"text {n} " * 100) for n in range(50)])
    catalog.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    damaged = Catalog(path, writable=False)
    with pytest.raises(UnusableIndexError, match="is damaged") as caught:
        list(damaged.documents())
    assert caught.value.hint == "run: ragkit index repair --index default, then: ragkit ingest"
    damaged.close()


def test_a_catalog_cannot_be_a_folder(path):
    path.mkdir(parents=True)
    with pytest.raises(StorageError, match="cannot open"):
        Catalog(path, writable=True)


def test_a_reader_cannot_write(path, catalog):
    reader = Catalog(path, writable=False)
    with pytest.raises(StorageError, match="readonly"):
        reader.apply([change_of("a", "one")])
    reader.close()
