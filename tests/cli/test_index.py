"""The verbs of `ragkit index`, as typed: what they print, write and delete."""

import json

import pytest

from tests.small_project import ANSWER, COURSE, assert_refused, run_process


def flip(path, at=0.5):
    data = path.read_bytes()
    position = int(len(data) * at)
    path.write_bytes(data[:position] + bytes([data[position] ^ 0x10]) + data[position + 1 :])


def test_verify_a_whole_index(indexed, ragkit):
    done = ragkit("index", "verify")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "the index is whole"
    assert "documents  ok" in done.out
    form = ragkit("index", "verify", "--json").form
    assert form["damaged"] is False
    assert [check["state"] for check in form["checks"]] == ["ok"] * 5


def test_verify_and_repair_a_flipped_byte(indexed, ragkit):
    folder = indexed / "indexes/default"
    before = (folder / "catalog.sqlite").read_bytes()
    flip(folder / "catalog.sqlite")
    done = ragkit("index", "verify")
    assert done.code == 1
    assert "pages are not as they were written" in done.out
    assert "next: run: ragkit index repair --index default" in done.out
    assert ragkit("index", "verify", "--quick", "--json").form["damaged"] is True
    assert "a flipped byte put right" in ragkit("index", "repair").out
    assert (folder / "catalog.sqlite").read_bytes() == before
    assert ragkit("index", "verify").code == 0
    assert ragkit("index", "repair").out == "nothing was damaged\n"


def test_doctor_tells_of_damage(indexed, ragkit):
    flip(indexed / "indexes/default/vectors.faiss")
    (check,) = (one for one in ragkit("doctor", "--json").form["checks"] if one["name"] == "index")
    assert not check["good"]
    assert check["hint"] == "run: ragkit index repair --index default"


def test_what_a_repair_loses_is_read_again(indexed, ragkit):
    folder = indexed / "indexes/default"
    path = folder / "catalog.sqlite"
    data = path.read_bytes()
    at = data.index(b"Mean pooling averages")
    path.write_bytes(data[:at] + b"\0\0\0\0" + data[at + 4 :])
    done = ragkit("index", "repair")
    assert "lost: notes.md" in done.err
    assert "read them again with: ragkit ingest" in done.err
    again = ragkit("ingest", "--json").form
    assert (again["new"], again["unchanged"]) == (1, 2)
    assert ANSWER in " ".join(ragkit("search", "dropout rate").out.split())
    assert ragkit("index", "verify").code == 0


def test_a_damaged_index_names_the_repair(indexed, ragkit):
    (indexed / "indexes/default/catalog.sqlite").write_bytes(b"garbage, " * 9000)
    done = ragkit("search", "dropout")
    assert_refused(done, 1, "is damaged", step="ragkit index repair --index default")
    listed = ragkit("index", "list", "--json").form["indexes"]
    assert "is damaged" in listed[0]["state"]
    assert ragkit("index", "repair").code == 0
    assert ragkit("ingest").out.startswith("3 new")


def test_export(indexed, ragkit):
    done = ragkit("index", "export", "--quiet")
    assert (done.code, done.err) == (0, "")
    about, *forms = done.forms
    assert (about["kind"], about["format_version"], about["encoder"]) == ("index", 1, "hashing")
    documents = {form["document"]: form for form in forms if form["kind"] == "document"}
    chunks = [form for form in forms if form["kind"] == "chunk"]
    assert list(documents) == sorted(COURSE)
    assert [chunk["document"] for chunk in chunks] == sorted(COURSE)
    for chunk in chunks:
        text = documents[chunk["document"]]["text"]
        assert chunk["text"] == text[chunk["start"] : chunk["end"]]
        assert "embedding" not in chunk


def test_export_to_a_file_with_embeddings(indexed, ragkit):
    done = ragkit("index", "export", "-o", "out.jsonl", "--embeddings", "--json")
    assert done.form == {"format_version": 1, "documents": 3, "chunks": 3, "output": "out.jsonl"}
    forms = [json.loads(line) for line in (indexed / "out.jsonl").read_text().splitlines()]
    rows = [form["embedding"] for form in forms if form["kind"] == "chunk"]
    assert [round(sum(value * value for value in row), 4) for row in rows] == [1.0, 1.0, 1.0]
    refused = ragkit("index", "export", "-o", "no/such/../folder/../out.jsonl", "--index", "other")
    assert_refused(refused, 1, "no index 'other'")


def test_remove(indexed, ragkit):
    ragkit("ingest", "--index", "draft")
    (indexed / "indexes/draft/notes.txt").write_text("mine")
    refused = run_process(indexed, "index", "remove", "draft")
    assert_refused(refused, 2, "nobody is there to ask", step="--yes")
    done = ragkit("index", "remove", "draft", "--yes")
    assert (done.code, done.out) == (0, "removed draft\n")
    assert "left in indexes/draft, since it is not ragkit's: notes.txt" in done.err
    assert [path.name for path in (indexed / "indexes/draft").iterdir()] == ["notes.txt"]
    assert ragkit("index", "remove", "default", "--yes", "--json").form["left"] == []
    assert not (indexed / "indexes/default").exists()
    assert_refused(ragkit("index", "remove", "default", "--yes"), 1, "no index 'default'")
    assert (indexed / "corpus/notes.md").exists()


@pytest.mark.parametrize("name", ["..", "a/b", ".", ""])
def test_remove_stays_among_the_indexes(indexed, ragkit, name):
    assert_refused(ragkit("index", "remove", name, "--yes"), 2, "is no name for an index")


def test_remove_follows_no_link(indexed, ragkit, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    (indexed / "indexes/default").rename(elsewhere)
    (indexed / "indexes/default").symlink_to(elsewhere)
    done = ragkit("index", "remove", "default", "--yes")
    assert_refused(done, 1, "is a link", step="rm ")
    assert (elsewhere / "catalog.sqlite").exists()
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "catalog.sqlite").write_text("not an index's")
    (indexed / "indexes/default").unlink()
    elsewhere.rename(indexed / "indexes/default")
    (indexed / "indexes/default/successor").symlink_to(inner)
    ragkit("index", "remove", "default", "--yes")
    assert (inner / "catalog.sqlite").exists()


def test_info_tells_how_it_is(indexed, ragkit):
    info = ragkit("index", "info", "--json").form
    assert info["sealed"] is True
    assert info["catalog_format"] == 2
    assert sum(info["formats"].values()) == sum(info["languages"].values()) == 3
    assert info["size_bytes"] == sum(info["sizes_bytes"].values())
    assert info["bytes_a_chunk"] == info["size_bytes"] // 3
    (indexed / "indexes/default/catalog.seal").unlink()
    assert "not sealed" in ragkit("index", "info").out
    assert ragkit("index", "list", "--json").form["indexes"][0]["state"] == "not sealed"
