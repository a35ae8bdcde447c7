"""One folder, many readers, one writer; and what a user is told when an index cannot be used."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ragkit.encoders import HashingEncoder
from ragkit.errors import StorageError, UnusableIndexError
from ragkit.index import LocalIndex, check_encoder, list_indexes
from tests.small_index import COURSE, ENCODER, change_of, find_like, find_words, write_course


@pytest.fixture
def folder(tmp_path):
    return write_course(tmp_path / "indexes" / "default")


def run_python(code, *arguments):
    """Return what a process of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_is_there_after_closing(folder):
    with LocalIndex(folder) as index:
        assert [document.path for document in index.documents()] == sorted(COURSE)
        assert find_words(index, "homework") == ["Homework is due on Friday at noon."]


def test_info(folder):
    with LocalIndex(folder) as index:
        info = index.info()
    assert info[:4] == ("default", 3, 3, 6)
    assert info[5:9] == ("hashing", ENCODER.fingerprint, 1, True)
    assert info.sealed
    assert info.formats == {"plain": 3}
    assert info.size_bytes > 10_000


def test_a_missing_index_names_those_that_are_there(folder):
    with pytest.raises(UnusableIndexError, match="no index 'defualt'") as caught:
        LocalIndex(folder.parent / "defualt")
    assert caught.value.hint == "there is: default; choose with --index"
    with pytest.raises(UnusableIndexError, match="no index 'default'") as caught:
        LocalIndex(folder.parent / "elsewhere" / "default")
    assert caught.value.hint == "run: ragkit ingest"
    assert not (folder.parent / "defualt").exists()


def test_list_indexes(folder):
    (folder.parent / "not-an-index").mkdir()
    write_course(folder.parent / "algebra")
    assert list_indexes(folder.parent) == ("algebra", "default")
    assert list_indexes(folder / "nowhere") == ()


def test_a_second_writer_is_told_who_holds_the_lock(folder):
    with LocalIndex(folder, writable=True):
        with pytest.raises(UnusableIndexError, match=f"by process {os.getpid()} ") as caught:
            LocalIndex(folder, writable=True)
        assert caught.value.hint == "wait until it is done; searching and asking work meanwhile"
        printed = run_python(SECOND_WRITER, folder)
        assert f"index 'default' is being written by process {os.getpid()} (since " in printed
    LocalIndex(folder, writable=True).close()


SECOND_WRITER = """
import sys
from pathlib import Path
from ragkit.errors import UnusableIndexError
from ragkit.index import LocalIndex
try:
    LocalIndex(Path(sys.argv[1]), writable=True)
except UnusableIndexError as error:
    print(error.message)
"""


def test_a_writer_that_cannot_open_the_catalog_lets_go_of_the_lock(folder):
    catalog = folder / "catalog.sqlite"
    whole = catalog.read_bytes()
    catalog.write_bytes(b"damaged" * 1000)
    with pytest.raises(UnusableIndexError, match="damaged"):
        LocalIndex(folder, writable=True)
    catalog.write_bytes(whole)
    LocalIndex(folder, writable=True).close()


def test_a_reader_sees_the_old_state_while_a_writer_is_at_work(folder):
    with LocalIndex(folder) as reader, LocalIndex(folder, writable=True) as writer:
        before = find_like(reader, "homework")

        def changes():
            yield change_of("new.md", "A new document about zebras.")
            assert find_words(reader, "zebras") == []  # in the middle of the transaction
            assert find_words(reader, "attention") != []
            assert find_like(reader, "homework") == before
            with LocalIndex(folder) as another:
                assert find_like(another, "homework") == before

        writer.apply(changes(), removed=["lecture.pdf"])
        assert find_words(reader, "zebras") == ["A new document about zebras."]


def test_an_open_reader_follows_what_is_committed(folder):
    """Mended: it kept the vectors of its first search, whose chunks were gone."""
    with LocalIndex(folder) as reader:
        assert len(find_like(reader, "zebras")) == 6
        with LocalIndex(folder, writable=True) as writer:
            writer.apply([change_of("new.md", "zebras")], removed=["lecture.pdf"])
            found = find_like(reader, "zebras")
            assert found[0] == "zebras"
            assert len(found) == 4


def test_another_encoder_is_refused(folder):
    other = HashingEncoder(dim=32)
    other.name = "all-MiniLM-L6-v2"
    with LocalIndex(folder) as index:
        check_encoder(index, ENCODER)
        with pytest.raises(UnusableIndexError) as caught:
            check_encoder(index, other)
    assert caught.value.message == (
        "index 'default' was built by encoder 'hashing', not 'all-MiniLM-L6-v2'"
    )
    assert caught.value.hint == "run: ragkit ingest --rebuild, or search with --encoder hashing"


def test_a_changed_encoder_is_refused(folder):
    with LocalIndex(folder) as index, pytest.raises(UnusableIndexError) as caught:
        check_encoder(index, HashingEncoder(dim=32))
    assert caught.value.message == (
        "index 'default' was built by encoder 'hashing', whose files have changed since"
    )
    assert caught.value.hint == "run: ragkit ingest --rebuild"


def test_an_index_without_chunks_takes_any_encoder(tmp_path):
    with LocalIndex(tmp_path / "default", writable=True) as index:
        index.set_encoder(ENCODER)
        check_encoder(index, HashingEncoder(dim=32))


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageError, match="cannot use"):
        LocalIndex(tmp_path / "file" / "default", writable=True)


def test_a_read_only_folder_can_be_read():
    """Mended: SQLite wanted to make files beside the catalog."""
    with tempfile.TemporaryDirectory() as temporary:  # tmp_path is closed to other users
        folder = write_course(Path(temporary) / "default")
        Path(temporary).chmod(0o755)
        (folder / "vectors.faiss").unlink()
        (folder / "writer.lock").unlink(missing_ok=True)
        (folder / "catalog.sqlite").chmod(0o444)
        folder.chmod(0o555)
        try:
            printed = run_python(READ_AS_ANYBODY, folder)
        finally:
            folder.chmod(0o755)
        assert printed.split() == ["6", "Homework", "Homework"]
        names = sorted(path.name for path in folder.iterdir())
        assert names == ["catalog.seal", "catalog.sqlite"]


READ_AS_ANYBODY = """
import os, sys
from pathlib import Path
from tests.small_index import find_like, find_words
from ragkit.index import LocalIndex
import faiss, filelock
if os.getuid() == 0:
    os.setuid(65534)  # root may write anywhere
with LocalIndex(Path(sys.argv[1])) as index:
    print(index.chunk_count())
    print(find_words(index, "homework")[0].split()[0])
    print(find_like(index, "homework friday")[0].split()[0])
"""
