"""`ragkit ingest` as it is typed: what it says, and what it leaves alone."""

import signal

from ragkit.encoders import HashingEncoder
from ragkit.index import LocalIndex
from tests.small_project import COURSE, assert_refused, run_process, write_project


def listing(folder):
    """Return every file below a folder with its content."""
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def change_the_corpus(project):
    (project / "corpus/new.md").write_text("A zebra.\n")
    (project / "corpus/notes.md").rename(project / "corpus/old notes.md")
    (project / "corpus/week1/syllabus.txt").write_text("Homework is due on Monday.\n")
    (project / "corpus/week1/lecture.html").unlink()


def test_a_dry_run_of_a_first_ingest_makes_nothing(project, ragkit):
    before = listing(project)
    done = ragkit("ingest", "--dry-run")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "new: notes.md\nnew: week1/lecture.html\nnew: week1/syllabus.txt\n"
        "dry run: 3 new, 0 changed, 0 unchanged, 0 removed\n"
    )
    assert listing(project) == before
    assert not (project / "indexes").exists()


def test_a_dry_run_says_what_is_done_then(indexed, ragkit):
    change_the_corpus(indexed)
    before = listing(indexed)
    done = ragkit("ingest", "--dry-run")
    assert done.out == (
        "new: new.md\nchanged: week1/syllabus.txt\nrenamed: notes.md -> old notes.md\n"
        "removed: week1/lecture.html\n"
        "dry run: 1 new, 1 changed, 1 renamed, 0 unchanged, 1 removed\n"
    )
    foretold = ragkit("ingest", "--dry-run", "--json").form
    assert listing(indexed) == before
    did = ragkit("ingest", "--json").form
    assert (foretold["dry_run"], did["dry_run"]) == (True, False)
    assert foretold["changes"] == did["changes"]
    for name in ("new", "changed", "renamed", "unchanged", "removed"):
        assert foretold[name] == did[name]
    assert did["changes"]["renamed"] == [{"from": "notes.md", "to": "old notes.md"}]


def test_a_long_dry_run_is_cut_short(project, ragkit):
    write_project(project, {f"{number}.md": "Text.\n" for number in range(100)})
    lines = ragkit("ingest", "--dry-run").out.splitlines()
    assert lines[-2:] == [
        "83 more; --json lists every one",
        "dry run: 103 new, 0 changed, 0 unchanged, 0 removed",
    ]
    assert len(lines) == 22


def test_renames_are_counted_where_there_are_any(indexed, ragkit):
    change_the_corpus(indexed)
    assert ragkit("ingest").out == "1 new, 1 changed, 1 renamed, 0 unchanged, 1 removed, 0 failed\n"
    assert ragkit("ingest").out == "0 new, 0 changed, 3 unchanged, 0 removed, 0 failed\n"


def test_most_of_the_documents_gone(project, ragkit):
    write_project(project, {f"disk/{number}.md": f"Text {number}.\n" for number in range(10)})
    ragkit("ingest")
    (project / "corpus/disk").rename(project / "away")
    done = ragkit("ingest")
    assert_refused(
        done, 1, "10 of 13 documents are gone or ignored now", step="ragkit ingest --prune"
    )
    ahead = ragkit("ingest", "--dry-run")
    assert ahead.code == 0
    assert "it would be refused: 10 of 13 documents are gone" in ahead.err
    kept = ragkit("ingest", "--no-prune")
    assert kept.out == "0 new, 0 changed, 3 unchanged, 0 removed, 0 failed\n"
    assert "kept: 10 documents whose files are gone" in kept.err
    assert ragkit("ingest", "--prune").out.endswith(" 10 removed, 0 failed\n")


def test_a_failed_document_says_whether_an_earlier_version_stays(indexed, ragkit):
    for name in ("notes.md", "other.md"):
        (indexed / "corpus" / name).write_bytes(b"\x00\x01\x02" * 50)
    done = ragkit("ingest")
    first, second = done.lines("failed: ")
    assert first.endswith("it is not text; its earlier version stays searchable")
    assert second.endswith("it is not text")
    kept = {fail["document"]: fail["kept"] for fail in ragkit("ingest", "--json").form["failures"]}
    assert kept == {"notes.md": True, "other.md": False}


def test_another_encoder_needs_a_rebuild(indexed, ragkit, monkeypatch):
    with LocalIndex(indexed / "indexes/default", writable=True) as index:
        index.set_encoder(HashingEncoder(dim=16))
    monkeypatch.setenv("RAGKIT_ENCODER", "all-MiniLM-L6-v2")
    ahead = ragkit("ingest", "--dry-run")
    assert ahead.code == 0
    assert "it would be refused: the index was built by encoder 'hashing'" in ahead.err
    assert "refused" not in ragkit("ingest", "--dry-run", "--rebuild").err
    monkeypatch.setenv("RAGKIT_ENCODER", "hashing")
    assert_refused(ragkit("ingest"), 1, "was built by encoder", step="ragkit ingest --rebuild")
    assert ragkit("ingest", "--rebuild").out.startswith("0 new, 3 changed, 0 unchanged")
    assert ragkit("search", "dropout").code == 0


STOPPED = """
import os, signal, sys
import ragkit.ingest.batches as batches
from ragkit.cli.main import main
apply = batches.Writer.write
def stop(writer, batch):
    apply(writer, batch)
    os.kill(os.getpid(), int(sys.argv[1]))
batches.Writer.write = stop
main(["ingest"])
"""


def test_an_interruption_says_how_far_it_got(project, ragkit):
    text = "".join(f"# Part {part}\n\nThe text of part {part}.\n\n" for part in range(200))
    for number in (signal.SIGINT, signal.SIGTERM):
        write_project(project, {f"a{number}.md": f"{text}{number}", f"z{number}.md": "The last.\n"})
        done = run_process(project, str(int(number)), code=STOPPED)
        assert (done.code, done.out) == (130, "")
        assert " documents are in; run the same command to go on" in done.err
        assert "Traceback" not in done.err
    assert ragkit("ingest").out.endswith(" 0 removed, 0 failed\n")
    assert ragkit("ingest").out.startswith(f"0 new, 0 changed, {len(COURSE) + 4} unchanged")
