"""After a repair and an ingest of what it names, an index is what it was; nothing else is lost."""

import random

import pytest

from ragkit.index import LocalIndex
from ragkit.index.mending import mend_page
from ragkit.index.repair import repair_index
from ragkit.index.seal import checksums_of
from ragkit.index.verification import verify_index
from tests.index.test_verification import change, page_kinds
from tests.small_index import ENCODER, change_of, find_like, find_words

DOCUMENTS = {f"{n}.md": tuple(f"text {n} {at} " * 60 for at in range(6)) for n in range(12)}


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "default"
    with LocalIndex(folder, writable=True) as index:
        index.set_encoder(ENCODER)
        index.apply(change_of(path, *texts) for path, texts in DOCUMENTS.items())
        index.apply([change_of("gone.md", "gone " * 3000)])
        index.apply((), removed=["gone.md"])
    return folder


def contents(folder):
    with LocalIndex(folder) as index:
        stored = {document.path: document for document in index.documents()}
        texts = {path: index.document(path) for path in stored}
        found = {word: sorted(find_words(index, word, top_n=100)) for word in ("text", "7", "gone")}
        like = sorted(find_like(index, "text 7 3", top_n=100))
        return stored, texts, found, like, (index.encoder_name, index.encoder_fingerprint)


def repair_and_ingest(folder):
    """Repair, write again what was lost, and return what was done."""
    done = repair_index(folder)
    with LocalIndex(folder, writable=True) as index:
        index.set_encoder(ENCODER)
        kept = {document.path for document in index.documents()}
        missing = [path for path in DOCUMENTS if path not in kept]
        index.apply(change_of(path, *DOCUMENTS[path]) for path in missing)
    assert not verify_index(folder).is_damaged
    return done, missing


def test_nothing_to_repair(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir() if "lock" not in path.name}
    assert repair_index(folder) == ((), (), None)
    after = {path.name: path.read_bytes() for path in folder.iterdir() if "lock" not in path.name}
    assert after == before


@pytest.mark.parametrize("seed", range(4))
def test_a_flipped_byte_is_put_right(folder, seed):
    """Bit by bit, so nothing has to be read again."""
    path = folder / "catalog.sqlite"
    data = path.read_bytes()
    chance = random.Random(seed)
    damaged = bytearray(data)
    for page in range(0, len(data), 4096):
        damaged[page + chance.randrange(4096)] ^= chance.randrange(1, 256)
    path.write_bytes(damaged)
    done = repair_index(folder)
    assert len(done.done) == len(data) // 4096
    assert done.lost_documents == ()
    assert path.read_bytes() == data
    assert not verify_index(folder).is_damaged


def test_two_flipped_bytes_of_a_page_are_left():
    page = bytes(range(256)) * 16
    for at in (0, 4095, 1000):
        flipped = page[:at] + bytes([page[at] ^ 0x10]) + page[at + 1 :]
        assert mend_page(flipped, checksums_of(page)) == page
    twice = b"xy" + page[2:]
    assert mend_page(twice, checksums_of(page)) is None


def test_a_flipped_byte_of_the_vectors(folder):
    expected = contents(folder)
    path = folder / "vectors.faiss"
    data = path.read_bytes()
    for at in range(0, len(data), 211):
        path.write_bytes(data[:at] + bytes([data[at] ^ 8]) + data[at + 1 :])
        assert repair_index(folder).done == ("vectors: made anew from the catalog",)
        assert not verify_index(folder).is_damaged
    assert contents(folder) == expected


def test_a_flipped_byte_of_the_seal(folder):
    path = folder / "catalog.seal"
    data = path.read_bytes()
    path.write_bytes(data[:50] + bytes([data[50] ^ 8]) + data[51:])
    assert repair_index(folder).done == ("seal: made anew",)
    assert path.read_bytes() == data


def test_any_page_wiped_out(folder):
    """Whatever was on it: the rest is kept, and what was lost is named."""
    path = folder / "catalog.sqlite"
    expected, data = contents(folder), path.read_bytes()
    files = {one.name: one.read_bytes() for one in folder.iterdir()}
    lost_at_most = 0
    for page in range(0, len(data), 4096):
        for name, whole in files.items():
            (folder / name).write_bytes(whole)
        path.write_bytes(data[:page] + bytes(4096) + data[page + 4096 :])
        done, missing = repair_and_ingest(folder)
        assert contents(folder) == expected, page
        wiped = 4096 - data[page : page + 4096].count(0)
        assert (done.aside is not None) == (wiped > 1), page
        if missing and not any("is lost" in name for name in done.lost_documents):
            assert set(missing) <= set(done.lost_documents), page
        lost_at_most = max(lost_at_most, len(missing))
    assert page_kinds(folder)
    assert lost_at_most <= len(DOCUMENTS)


def test_one_damaged_document_costs_only_itself(folder):
    expected = contents(folder)
    change(folder, "UPDATE texts SET text = text || 'x' WHERE document = 5")
    done, missing = repair_and_ingest(folder)
    assert missing == ["4.md"]
    assert done.lost_documents == ("4.md",)
    assert done.done == ("catalog: written anew with 11 documents; lost: 1",)
    assert contents(folder) == expected


def test_words_are_made_anew(folder):
    expected = contents(folder)
    change(folder, "INSERT INTO words (words) VALUES ('delete-all')")
    _, missing = repair_and_ingest(folder)
    assert missing == []
    assert contents(folder) == expected


def test_a_file_that_is_no_database(folder):
    """Nothing can be kept; the next ingest reads all."""
    expected = contents(folder)
    (folder / "catalog.sqlite").write_bytes(b"garbage, " * 10_000)
    _, missing = repair_and_ingest(folder)
    assert missing == list(DOCUMENTS)
    assert contents(folder) == expected


def test_a_truncated_file(folder):
    expected = contents(folder)
    path = folder / "catalog.sqlite"
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2 + 100])
    repair_and_ingest(folder)
    assert contents(folder) == expected
