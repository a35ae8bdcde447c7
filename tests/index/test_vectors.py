"""The vectors file: whatever happens to it, searching gives what the catalog holds."""

import pytest

from ragkit.index import LocalIndex
from ragkit.index.vectors_file import is_current, load_vectors
from tests.small_index import COURSE, change_of, find_like, write_course

QUERY = "mean pooling of token embeddings"


@pytest.fixture
def folder(tmp_path):
    return write_course(tmp_path / "default")


@pytest.fixture
def expected(folder):
    with LocalIndex(folder) as index:
        return find_like(index, QUERY)


def search(folder):
    with LocalIndex(folder) as index:
        return find_like(index, QUERY)


def is_whole(folder):
    with LocalIndex(folder) as index:
        return index.info().vectors_current


def assert_mended(folder, expected):
    """Check that a damaged file is noticed, does not matter, and is whole after one search."""
    assert not is_whole(folder)
    assert search(folder) == expected
    assert is_whole(folder)
    assert search(folder) == expected


def test_it_is_written_when_the_writer_closes(folder, expected):
    assert is_whole(folder)
    assert expected[0] == COURSE["lecture.pdf"][0]
    assert len(expected) == 6


@pytest.mark.parametrize("share", [0.0, 0.001, 0.2, 0.5, 0.9, 0.999])
def test_torn(folder, expected, share):
    path = folder / "vectors.faiss"
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert_mended(folder, expected)


def test_torn_anywhere(folder):
    """No beginning of the file is taken for the file."""
    path = folder / "vectors.faiss"
    data = path.read_bytes()
    with LocalIndex(folder) as index:
        stamp = index._catalog.stamp()
    assert is_current(path, stamp)
    for length in [*range(0, len(data), 13), *range(len(data) - 70, len(data))]:
        path.write_bytes(data[:length])
        assert not is_current(path, stamp)
        assert load_vectors(path, stamp.identity) is None


@pytest.mark.parametrize("content", [b"", b"garbage", b"\0" * 5000])
def test_garbage(folder, expected, content):
    (folder / "vectors.faiss").write_bytes(content)
    assert_mended(folder, expected)


def test_garbage_before_a_whole_trailer(folder, expected):
    """What is proposed is scored from the catalog, so a damaged row cannot show a wrong score."""
    path = folder / "vectors.faiss"
    data = path.read_bytes()
    path.write_bytes(b"\xff" * 200 + data[200:])
    assert is_whole(folder)
    assert search(folder) == expected


def test_a_flipped_bit_in_what_describes_the_rows(folder, expected):
    path = folder / "vectors.faiss"
    data = bytearray(path.read_bytes())
    rows_bytes = 6 * 64 * 4
    with LocalIndex(folder) as index:
        stamp = index._catalog.stamp()
    for at in range(rows_bytes, len(data)):
        data[at] ^= 1
        path.write_bytes(data)
        assert load_vectors(path, stamp.identity) is None, at
        data[at] ^= 1
    path.write_bytes(data[:rows_bytes] + b"\0" + data[rows_bytes + 1 :])
    assert search(folder) == expected


def test_longer_than_it_was(folder, expected):
    path = folder / "vectors.faiss"
    path.write_bytes(path.read_bytes() + b"\0")
    assert_mended(folder, expected)


def test_missing(folder, expected):
    (folder / "vectors.faiss").unlink()
    assert_mended(folder, expected)


def test_of_an_older_state(folder, expected):
    path = folder / "vectors.faiss"
    old = path.read_bytes()
    with LocalIndex(folder, writable=True) as index:
        index.apply([change_of("new.md", QUERY)])
    path.write_bytes(old)
    assert_mended(folder, [QUERY, *expected])


def test_of_another_catalog(folder, expected, tmp_path):
    other = tmp_path / "other"
    with LocalIndex(other, writable=True) as index:
        index.apply([change_of("a", "something else")])
    (folder / "vectors.faiss").write_bytes((other / "vectors.faiss").read_bytes())
    assert_mended(folder, expected)


def test_a_folder_in_its_place_does_not_stop_a_reader(folder, expected):
    """The catalog is enough where the file cannot be mended."""
    (folder / "vectors.faiss").unlink()
    (folder / "vectors.faiss").mkdir()
    assert search(folder) == expected
    assert not is_whole(folder)


def test_a_reader_leaves_the_file_to_a_writer_at_work(folder, expected):
    (folder / "vectors.faiss").unlink()
    with LocalIndex(folder, writable=True):
        assert search(folder) == expected
        assert not is_whole(folder)
    assert is_whole(folder)
