"""The seal: it agrees with what was written, however it came about, and with nothing else."""

import os
import signal

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ragkit.encoders import HashingEncoder
from ragkit.errors import StorageError
from ragkit.index import LocalIndex
from ragkit.index.catalog import Catalog
from ragkit.index.seal import checksums_of, find_damaged_pages, load_seal, save_seal
from ragkit.protocols import DocumentMove
from tests.small_index import change_of, find_words, write_course
from tests.small_project import run_process


@pytest.fixture
def folder(tmp_path):
    return write_course(tmp_path / "default")


def damaged_pages(folder):
    seal = load_seal(folder / "catalog.seal")
    return None if seal is None else find_damaged_pages(folder / "catalog.sqlite", seal)


def read_checksums(path):
    data = path.read_bytes()
    pages = [checksums_of(data[at : at + 4096]) for at in range(0, len(data), 4096)]
    return np.array(pages, dtype=np.uint32)


def test_a_closed_index_is_sealed(folder):
    assert damaged_pages(folder) == ()
    seal = load_seal(folder / "catalog.seal")
    assert seal.facts["encoder"] == "hashing"
    assert seal.facts["generation"] == "1"
    assert len(seal.facts["identity"]) == 32


def test_a_flipped_byte_is_told_by_its_page(folder):
    path = folder / "catalog.sqlite"
    data = path.read_bytes()
    for at in (0, 100, 4095, 4096, 50_000, len(data) - 1):
        path.write_bytes(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
        assert damaged_pages(folder) == (at // 4096 + 1,)
    path.write_bytes(data[:-4096])
    assert damaged_pages(folder) == (len(data) // 4096,)
    path.write_bytes(data[:-5])
    assert damaged_pages(folder) == (len(data) // 4096,)
    path.write_bytes(data + b"\0")
    assert damaged_pages(folder) == (len(data) // 4096 + 1,)


def test_no_flipped_byte_of_the_seal_is_taken_for_one(folder):
    path = folder / "catalog.seal"
    data = path.read_bytes()
    for at in range(len(data)):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x20]) + data[at + 1 :])
        assert load_seal(path) is None, at


def test_readers_leave_it(folder):
    """One that closes last puts the write-ahead log away."""
    before = (folder / "catalog.sqlite").stat()
    for _ in range(2):
        with LocalIndex(folder) as one, LocalIndex(folder) as other:
            assert find_words(one, "attention") == find_words(other, "attention")
    assert damaged_pages(folder) == ()
    assert (folder / "catalog.sqlite").stat().st_mtime_ns == before.st_mtime_ns


def test_a_writer_that_changes_nothing_leaves_it(folder):
    before = (folder / "catalog.seal").stat()
    write_nothing(folder)
    assert (folder / "catalog.seal").stat().st_ino == before.st_ino


def write_nothing(folder):
    with LocalIndex(folder, writable=True) as index:
        index._catalog.set_meta({"encoder": index.encoder_name})


KILLED = """
import os, signal, sys
from pathlib import Path
from ragkit.index import LocalIndex
from tests.small_index import change_of
index = LocalIndex(Path(sys.argv[1]), writable=True)
index.apply([change_of("new.md", "A zebra.")])
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_writer_leaves_none_and_the_next_one_makes_it(folder):
    done = run_process(os.curdir, str(folder), code=KILLED)
    assert done.code == -signal.SIGKILL, done.err
    assert damaged_pages(folder) is None
    with LocalIndex(folder) as reader:  # which folds the log into the catalog
        assert find_words(reader, "zebra") == ["A zebra."]
    assert damaged_pages(folder) is None
    write_nothing(folder)
    assert damaged_pages(folder) == ()


def test_decay_of_a_page_that_was_not_written_is_not_sealed_in(tmp_path):
    folder = tmp_path / "default"
    with LocalIndex(folder, writable=True) as index:
        index.apply(change_of(f"{n}.md", f"zebra {n} " * 900) for n in range(60))
    path = folder / "catalog.sqlite"
    data = bytearray(path.read_bytes())
    at = data.rindex(b"zebra 30 ")  # in the middle of a text that overflows a page
    data[at] ^= 1
    path.write_bytes(data)
    with LocalIndex(folder, writable=True) as index:
        index.apply([change_of("new.md", "A lion.")])
    assert damaged_pages(folder) == (at // 4096 + 1,)


def test_a_seal_of_a_catalog_that_is_gone_is_not_used(folder):
    (folder / "catalog.sqlite").unlink()
    write_course(folder)
    assert damaged_pages(folder) == ()


@pytest.mark.parametrize("words", [1, 30_000])
def test_an_index_that_took_another_s_place(folder, words):
    with LocalIndex(folder, writable=True) as index:
        index.apply([change_of("long.md", "lion " * (30_001 - words))])
        with index.open_successor(HashingEncoder(dim=32)) as successor:
            successor.apply([change_of("new.md", "zebra " * words)])
        index.replace_by_successor()
    assert damaged_pages(folder) == ()
    with LocalIndex(folder) as index:
        assert [document.path for document in index.documents()] == ["new.md"]


def test_a_full_seal_equals_one_that_was_kept_in_step(folder):
    kept = load_seal(folder / "catalog.seal")
    (folder / "catalog.seal").unlink()
    write_nothing(folder)
    assert np.array_equal(load_seal(folder / "catalog.seal").checksums, kept.checksums)
    save_seal(folder / "again.seal", kept)
    assert (folder / "again.seal").read_bytes() == (folder / "catalog.seal").read_bytes()


class BrokenChangeError(Exception):
    pass


def broken(documents):
    yield from documents
    raise BrokenChangeError


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "undo", "remove", "touch", "reopen", "reader"]),
        st.integers(0, 5),
        st.sampled_from([1, 20, 3000]),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=60, deadline=None)
@example(
    steps=[("undo", 1, 3000), *(("add", number, 1) for number in range(6)), ("remove", 2, 1)],
    cache=10,
)
@given(steps=STEPS, cache=st.sampled_from([10, 2000]))
def test_it_agrees_with_the_file_whatever_was_done(tmp_path_factory, steps, cache):
    """A small cache makes pages reach the log before, or without, a commit."""
    path = tmp_path_factory.mktemp("seal") / "catalog.sqlite"
    reader = None

    def opened():
        catalog = Catalog(path, writable=True)
        catalog._connection.execute(f"PRAGMA cache_size = {cache}")
        catalog._connection.execute("PRAGMA wal_autocheckpoint = 20")  # so that the log begins anew
        return catalog

    catalog = opened()
    for what, number, words in steps:
        change = change_of(f"{number}.md", f"zebra {number} " * words, *"abcdefgh" * (words // 20))
        if what == "add":
            catalog.apply([change])
        elif what == "undo":
            with pytest.raises(BrokenChangeError):
                catalog.apply(broken([change, change_of("x", "y" * 9 * words)]), removed=["1.md"])
        elif what == "remove":
            catalog.apply((), removed=[f"{number}.md"])
        elif what == "touch":
            path_of = f"{number}.md"
            if any(document.path == path_of for document in catalog.documents()):
                catalog.apply((), moved=[DocumentMove(path_of, path_of, {"week": "1"}, words)])
        elif what == "reader":
            reader = reader or Catalog(path, writable=False)
            reader.chunk_count()
        else:
            catalog.close()
            catalog = opened()
    if reader:
        reader.close()
    catalog.close()
    seal = load_seal(path.with_suffix(".seal"))
    assert np.array_equal(seal.checksums, read_checksums(path))


def test_a_reader_does_not_break_it(folder):
    with LocalIndex(folder) as reader, pytest.raises(StorageError, match="readonly"):
        reader.apply([change_of("a", "one")])
    assert damaged_pages(folder) == ()
