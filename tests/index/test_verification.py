"""A flipped byte anywhere in either file is found, and nothing that is whole is called damaged."""

import os
import signal
import sqlite3
from contextlib import closing

import pytest

from ragkit.errors import UnusableIndexError
from ragkit.index import LocalIndex, repair_index
from ragkit.index.verification import verify_index
from tests.small_index import ENCODER, change_of, write_course
from tests.small_project import run_process


@pytest.fixture
def folder(tmp_path):
    """An index of several documents, with free pages, after changes and removals."""
    folder = write_course(tmp_path / "default")
    with LocalIndex(folder, writable=True) as index:
        index.apply(
            change_of(f"{n}.md", *(f"text {n} {at} " * 40 for at in range(4))) for n in range(9)
        )
        index.apply([change_of("3.md", "changed")], removed=["5.md", "notes.md"])
    return folder


def states(folder, **options):
    return {check.name: check.state for check in verify_index(folder, **options).checks}


def damaged(folder):
    return {name for name, state in states(folder).items() if state == "damaged"}


WHOLE = dict.fromkeys(("bytes", "structure", "documents", "words", "vectors"), "ok")


def test_a_closed_index_is_whole(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert states(folder) == WHOLE
    assert states(folder, quick=True) == {"bytes": "ok", "vectors": "ok"}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_empty_index_is_whole(tmp_path):
    LocalIndex(tmp_path / "default", writable=True).close()
    assert not verify_index(tmp_path / "default").is_damaged


@pytest.mark.parametrize("name", ["catalog.sqlite", "vectors.faiss", "catalog.seal"])
def test_a_flipped_byte_anywhere(folder, name):
    """By the checksums: every 37th byte, and all at the beginning and the end."""
    path = folder / name
    data = path.read_bytes()
    at = [*range(200), *range(200, len(data), 37), *range(len(data) - 100, len(data))]
    for number, position in enumerate(at):
        flipped = data[position] ^ (1 << number % 8)
        path.write_bytes(data[:position] + bytes([flipped]) + data[position + 1 :])
        found = verify_index(folder, quick=True)
        assert found.is_damaged, position
    path.write_bytes(data)
    assert states(folder) == WHOLE


def page_kinds(folder):
    """Return an offset in the middle of a page of every kind, by what it belongs to."""
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as connection:
        roots = connection.execute("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0")
        return {name: (page - 1) * 4096 for name, page in roots}


def test_whatever_is_flipped_nothing_crashes(folder):
    """All checks together, at the header of every table's first page and in the middle of it."""
    path = folder / "catalog.sqlite"
    data = path.read_bytes()
    for start in [0, *page_kinds(folder).values()]:
        for position in (start, start + 3, start + 9, start + 30, start + 2048, start + 4090):
            path.write_bytes(
                data[:position] + bytes([data[position] ^ 0x41]) + data[position + 1 :]
            )
            assert "bytes" in damaged(folder), position


def change(folder, statement, *values):
    """Change a catalog behind its back, so that no checksum of bytes is left."""
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as connection, connection:
        connection.execute(statement, values)
    (folder / "catalog.seal").unlink()


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE texts SET text = replace(text, 'text 7 2', 'text 7 3')", {"documents"}),
        ("UPDATE documents SET title = 'x' WHERE path = '7.md'", {"documents", "words"}),
        ("UPDATE documents SET mtime_ns = 5 WHERE path = '7.md'", {"documents"}),
        ("UPDATE chunks SET start = start + 1 WHERE key = 9", {"documents"}),
        ("UPDATE chunks SET heading = '[' WHERE key = 9", {"documents", "words"}),
        ("UPDATE embeddings SET embedding = zeroblob(256) WHERE chunk = 9", {"documents"}),
        ("UPDATE embeddings SET passage = zeroblob(16) WHERE chunk = 9", {"documents"}),
        ("DELETE FROM embeddings WHERE chunk = 9", {"documents"}),
        ("DELETE FROM texts WHERE document = 5", {"documents"}),
        ("INSERT INTO texts VALUES (77, '[]', 'x')", {"structure"}),
        ("INSERT INTO words (rowid, title, heading, text) VALUES (99, '', '', 'x')", {"words"}),
        ("INSERT INTO words (words) VALUES ('delete-all')", {"words"}),
        ("UPDATE words_docsize SET sz = x'010101' WHERE id = 9", {"words"}),
        ("UPDATE words_data SET block = x'0501010101' WHERE id = 1", {"words"}),
    ],
)
def test_what_a_sealed_file_would_show_is_found_without_a_seal(folder, statement, found):
    change(folder, statement)
    assert damaged(folder) == found
    assert states(folder)["bytes"] == "not checked"


@pytest.mark.parametrize("pragma", ["user_version = 7", "application_id = 7"])
def test_another_format_is_no_damage(folder, pragma):
    """An index of a newer ragkit must not be mended by an older one; a damaged header may."""
    change(folder, f"PRAGMA {pragma}")
    before = (folder / "catalog.sqlite").read_bytes()
    for look in (verify_index, repair_index):
        with pytest.raises(UnusableIndexError, match=r"format 7|not a ragkit catalog"):
            look(folder)
    assert (folder / "catalog.sqlite").read_bytes() == before


def test_the_damaged_documents_are_named(folder):
    change(folder, "UPDATE texts SET text = text || 'x' WHERE document = 5")
    found = verify_index(folder)
    assert found.damaged_documents == ("1.md",)
    (check,) = (check for check in found.checks if check.name == "documents")
    assert check.found == "1 of 10 are damaged: 1.md"
    assert check.hint == "run: ragkit index repair --index default"


KILLED = """
import os, signal, sys
from pathlib import Path
from ragkit.index import LocalIndex
from tests.small_index import change_of
index = LocalIndex(Path(sys.argv[1]), writable=True)
index.apply([change_of("new.md", "A zebra.")])
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_after_a_kill_what_can_be_checked_is(folder):
    assert run_process(os.curdir, str(folder), code=KILLED).code == -signal.SIGKILL
    unsealed = {**WHOLE, "bytes": "not checked", "vectors": "not checked"}
    assert states(folder) == unsealed
    LocalIndex(folder, writable=True).close()
    assert states(folder) == WHOLE


def test_while_a_writer_is_at_work(folder):
    with LocalIndex(folder, writable=True) as index:
        index.apply([change_of("new.md", "A zebra.")])
        found = {check.name: check for check in verify_index(folder).checks}
        assert found["bytes"].state == "not checked"
        assert f"by process {os.getpid()}" in found["bytes"].found
        assert not verify_index(folder).is_damaged
    assert states(folder) == WHOLE


def test_vectors_that_can_be_made_anew_are_no_damage(folder):
    (folder / "vectors.faiss").unlink()
    assert states(folder) == {**WHOLE, "vectors": "not checked"}


def test_rows_that_are_no_unit_vectors(folder):
    """What no digest shows, since it was written so."""
    row = change_of("wrong.md", "text")
    with LocalIndex(folder, writable=True) as index:
        index.apply([row._replace(embeddings=row.embeddings * 2)])
    assert damaged(folder) == {"documents"}
    assert ENCODER.dim == row.embeddings.shape[1]
