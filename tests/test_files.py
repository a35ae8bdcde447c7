"""Files that are whole or absent, hashes that notice a change, and what a full disk says."""

import errno
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ragkit.errors import StorageError
from ragkit.files import (
    disk_error,
    sha256_of,
    sha256_once,
    translate_disk_errors,
    write_atomically,
    write_text_atomically,
)


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_whole_file_in_a_new_folder(tmp_path):
    path = tmp_path / "a" / "b" / "notes.txt"
    write_text_atomically(path, "été 🎓\n")
    assert path.read_bytes() == "été 🎓\n".encode()
    write_text_atomically(path, "")
    assert path.read_bytes() == b""
    assert names_in(path.parent) == ["notes.txt"]


def test_permissions_are_those_of_any_new_file(tmp_path):
    write_text_atomically(tmp_path / "atomic", "x")
    (tmp_path / "plain").write_text("x")
    assert (tmp_path / "atomic").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("old", [None, "old"])
@pytest.mark.parametrize("error", [RuntimeError("stopped"), KeyboardInterrupt()])
def test_an_error_leaves_what_was_there(tmp_path, old, error):
    path = tmp_path / "notes.txt"
    if old is not None:
        path.write_text(old)

    def write(part):
        part.write_text("half of the n")
        raise error

    with pytest.raises(type(error)):
        write_atomically(path, write)
    assert names_in(tmp_path) == ([] if old is None else ["notes.txt"])
    assert old is None or path.read_text() == old


def test_a_reader_never_sees_a_part(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("old")

    def write(part):
        part.write_text("new")
        assert path.read_text() == "old"

    write_atomically(path, write)
    assert path.read_text() == "new"


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StorageError, match=f"cannot use {tmp_path / 'file' / 'x'}: "):
        write_text_atomically(tmp_path / "file" / "x", "text")
    with pytest.raises(StorageError, match="Is a directory"):
        write_text_atomically(tmp_path / "folder", "text")
    assert names_in(tmp_path) == ["file", "folder"]


FULL_DISK = """
import resource, sys
from pathlib import Path
from ragkit.errors import StorageError
from ragkit.files import write_text_atomically
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_text_atomically(Path(sys.argv[1]), "x" * 100_000)
except StorageError as error:
    print(error.message, error.hint, sep="\\n")
"""


def test_a_full_disk(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("old")
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        f"no space left to write {path}",
        "free some space, then run the same command again: what was saved is kept",
    ]
    assert path.read_text() == "old"
    assert names_in(tmp_path) == ["notes.txt"]


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.ENOSPC, "no space left to write /x"),
        (errno.EDQUOT, "no space left to write /x"),
        (errno.EACCES, "not allowed to use /x"),
        (errno.EROFS, "not allowed to use /x"),
        (errno.EIO, "cannot use /x: Input/output error"),
    ],
)
def test_what_a_refusal_says(number, message):
    error = disk_error(Path("/x"), OSError(number, os.strerror(number)))
    assert (type(error), error.message) == (StorageError, message)


def test_an_error_keeps_its_cause(tmp_path):
    with pytest.raises(StorageError) as caught, translate_disk_errors(tmp_path):
        (tmp_path / "missing").read_text()
    assert isinstance(caught.value.__cause__, FileNotFoundError)


def test_sha256(tmp_path):
    path = tmp_path / "weights"
    path.write_bytes(b"abc")
    # Source: FIPS 180-2, appendix B.1.
    assert sha256_of(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    path.write_bytes(b"x" * 3_000_000)
    assert sha256_of(path) == hashlib.sha256(b"x" * 3_000_000).hexdigest()


def test_a_hash_is_remembered_until_the_file_changes(tmp_path):
    path, cache = tmp_path / "weights", tmp_path / "cache"
    path.write_bytes(b"one")
    first = sha256_once(path, cache_dir=cache)
    assert first == sha256_of(path)
    time_ns = path.stat().st_mtime_ns

    path.write_bytes(b"two")  # the same size and time: not noticed, so it was not read
    os.utime(path, ns=(time_ns, time_ns))
    assert sha256_once(path, cache_dir=cache) == first

    os.utime(path, ns=(time_ns, time_ns + 1))
    assert sha256_once(path, cache_dir=cache) == sha256_of(path) != first

    path.write_bytes(b"three")
    os.utime(path, ns=(time_ns, time_ns))
    assert sha256_once(path, cache_dir=cache) == sha256_of(path)


@pytest.mark.parametrize("memory", ["", "{", "[]", "null", "{}", '{"sha256": null}'])
def test_a_damaged_memory_is_made_anew(tmp_path, memory):
    path, cache = tmp_path / "weights", tmp_path / "cache"
    path.write_bytes(b"one")
    sha256_once(path, cache_dir=cache)
    (file,) = (cache / "hashes").iterdir()
    file.write_text(memory)
    assert sha256_once(path, cache_dir=cache) == sha256_of(path)
