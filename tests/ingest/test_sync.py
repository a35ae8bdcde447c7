"""After an ingest the index is equal to the folder, and what did not change cost nothing."""

import os
import shutil

import pytest

import ragkit.ingest
from ragkit.documents import FoundFile
from ragkit.errors import StorageError
from ragkit.ingest.plan import make_plan
from ragkit.retrieval import Retriever
from tests.small_project import COURSE


def counts(report):
    """Return new, changed, unchanged, removed, failed."""
    return (
        *(len(report.new), len(report.changed), report.unchanged),
        *(len(report.removed), len(report.failed)),
    )


def find(index, encoder, query, top_n=5):
    return [hit.chunk for hit in Retriever(index, encoder).search(query, top_n=top_n)]


def age(path, seconds=100):
    """Move a file's time of change without changing its content."""
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns - seconds * 10**9))


def test_new(sync, stored, encoder, index):
    report = sync()
    assert counts(report) == (3, 0, 0, 0, 0)
    assert report.new == tuple(sorted(COURSE))
    assert stored() == sorted(COURSE)
    assert report.encoded_chunks == encoder.encoded == index.chunk_count() == 3


def garble(path):
    """Change what a file holds behind the back of an ingest: who reads it finds nonsense."""
    status = path.stat()
    path.write_bytes(b"\x00" * status.st_size)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_the_second_run_reads_and_encodes_nothing(sync, corpus, encoder):
    sync()
    encoder.encoded = 0
    for name in COURSE:
        garble(corpus / name)
    assert counts(sync()) == (0, 0, 3, 0, 0)
    assert encoder.encoded == 0


def test_changed(sync, corpus, encoder, index):
    sync()
    (corpus / "notes.md").write_text("The dropout rate is a secret, says the zebra.")
    encoder.encoded = 0
    report = sync()
    assert (counts(report), report.changed) == ((0, 1, 2, 0, 0), ("notes.md",))
    assert encoder.encoded == 1
    assert "zebra" in find(index, encoder, "zebra")[0].text
    assert all("Transformer" not in chunk.text for chunk in find(index, encoder, "Transformer"))


def test_changed_with_the_same_size(sync, corpus, encoder, index):
    sync()
    path = corpus / "week1/syllabus.txt"
    size = path.stat().st_size
    path.write_text(path.read_text().replace("Friday", "Sunday"))
    age(path)
    assert path.stat().st_size == size
    assert counts(sync()) == (0, 1, 2, 0, 0)
    assert "Sunday" in find(index, encoder, "homework")[0].text


def test_touched(sync, corpus, encoder):
    sync()
    encoder.encoded = 0
    age(corpus / "notes.md")
    assert counts(sync()) == (0, 0, 3, 0, 0)
    assert encoder.encoded == 0
    garble(corpus / "notes.md")  # the new time was remembered: it is not even hashed
    assert counts(sync()) == (0, 0, 3, 0, 0)


def test_removed(sync, corpus, stored, index, encoder):
    sync()
    (corpus / "notes.md").unlink()
    report = sync()
    assert (counts(report), report.removed) == ((0, 0, 2, 1, 0), ("notes.md",))
    assert stored() == ["week1/lecture.html", "week1/syllabus.txt"]
    assert len(find(index, encoder, "dropout")) == 2


def test_another_chunk_size_reads_everything_again(sync, index, corpus):
    (corpus / "long.md").write_text("A sentence about dropout in week one. " * 20)
    sync()
    before = index.chunk_count()
    assert counts(sync(chunk_tokens=32)) == (0, 4, 0, 0, 0)
    assert index.chunk_count() > before
    assert counts(sync(chunk_tokens=32)) == (0, 0, 4, 0, 0)


def test_rebuild_reads_everything_and_encodes_what_differs(sync, encoder, corpus, index):
    sync()
    encoder.encoded = 0
    status = (corpus / "notes.md").stat()
    (corpus / "notes.md").write_text(COURSE["notes.md"].replace("0.1", "0.2"))
    os.utime(corpus / "notes.md", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert counts(sync()) == (0, 0, 3, 0, 0)
    assert counts(sync(rebuild=True)) == (0, 3, 0, 0, 0)
    assert encoder.encoded == 1
    assert "0.2" in find(index, encoder, "dropout rate")[0].text


def test_a_rebuild_that_is_interrupted_leaves_what_was_there(sync, stored):
    """Mended: it emptied the index first."""

    def interrupt(progress):
        if progress.phase == "encoding":
            raise KeyboardInterrupt

    sync()
    before = stored()
    with pytest.raises(KeyboardInterrupt):
        sync(rebuild=True, on_progress=interrupt)
    assert stored() == before


def test_ingest_twice_is_ingest_once(sync, index):
    def state():
        return list(index.documents()), index.chunk_count()

    sync()
    once = state()
    sync()
    assert state() == once
    sync(rebuild=True)
    assert state() == once


# --- parts of the corpus, and what lies outside it ------------------------------------------------


def test_a_folder_syncs_only_what_lies_under_it(sync, corpus, stored):
    assert sync(corpus / "week1").new == ("week1/lecture.html", "week1/syllabus.txt")
    sync()
    (corpus / "week1/syllabus.txt").unlink()
    (corpus / "notes.md").unlink()
    (corpus / "week10").mkdir()
    (corpus / "week10/more.md").write_text("Not in week1.")
    assert counts(sync(corpus / "week1")) == (0, 0, 1, 1, 0)
    assert stored() == ["notes.md", "week1/lecture.html"]
    assert counts(sync()) == (1, 0, 1, 1, 0)
    assert stored() == ["week1/lecture.html", "week10/more.md"]


def test_a_single_document(sync, corpus, stored):
    assert sync(corpus / "notes.md").new == ("notes.md",)
    assert stored() == ["notes.md"]
    assert counts(sync(corpus / "notes.md", corpus / "week1/syllabus.txt")) == (1, 0, 1, 0, 0)


def test_a_document_outside_the_corpus(sync, tmp_path, stored, corpus):
    outside = tmp_path / "desk"
    outside.mkdir()
    (outside / "article.md").write_text("An article on my desk.")
    sync()
    name = (outside / "article.md").as_posix()
    assert sync(outside).new == (name,)
    assert counts(sync()) == (0, 0, 3, 0, 0)  # the corpus knows nothing of it, and leaves it
    assert name in stored()
    (outside / "letter.md").write_text("A letter.")
    (outside / "article.md").unlink()
    assert counts(sync(outside)) == (1, 0, 0, 1, 0)
    assert name not in stored()
    assert set(COURSE) <= set(stored())


@pytest.mark.parametrize("path", [".", "../corpus", "../corpus/week1/..", "week1/../../corpus"])
def test_the_corpus_by_other_names(sync, corpus, stored, monkeypatch, path):
    """Mended: these held no documents, it said."""
    monkeypatch.chdir(corpus)
    assert sync(corpus.joinpath(path) if path != "." else corpus / ".").new == tuple(sorted(COURSE))
    assert stored() == sorted(COURSE)


def test_a_relative_path_inside_a_corpus_named_otherwise(sync, corpus, monkeypatch, index, encoder):
    """Mended: `cd corpus/week1; ragkit ingest --project ../.. .` found nothing."""
    from pathlib import Path

    monkeypatch.chdir(corpus / "week1")
    report = ragkit.ingest.ingest(
        [Path()], corpus=Path("../../corpus"), index=index, encoder=encoder
    )
    assert report.new == ("week1/lecture.html", "week1/syllabus.txt")


def test_a_corpus_reached_through_a_link(sync, corpus, tmp_path, index, encoder, stored):
    (tmp_path / "link").symlink_to(corpus)
    for paths in ([corpus / "week1"], []):
        ragkit.ingest.ingest(paths, corpus=tmp_path / "link", index=index, encoder=encoder)
    assert stored() == sorted(COURSE)


def test_a_folder_above_the_corpus(sync, corpus, tmp_path, stored):
    """Mended: `ragkit ingest .` in a project found everything but its corpus."""
    (tmp_path / "README.md").write_text("Read me.")
    assert set(sync(tmp_path).new) == {*COURSE, (tmp_path / "README.md").as_posix()}
    assert counts(sync()) == (0, 0, 3, 0, 0)
    (corpus / "notes.md").unlink()
    assert counts(sync(tmp_path)) == (0, 0, 3, 1, 0)
    assert "notes.md" not in stored()


# --- what is not read -----------------------------------------------------------------------------


def test_ragkitignore(sync, corpus, stored):
    (corpus / ".ragkitignore").write_text("week1/*\n!week1/lecture.html\n")
    sync()
    assert stored() == ["notes.md", "week1/lecture.html"]
    (corpus / ".ragkitignore").write_text("*.md\n")
    assert counts(sync()) == (1, 0, 1, 1, 0)
    assert sync(corpus / "week1").unchanged == 2
    with pytest.raises(StorageError, match="holds no documents"):
        sync(corpus / "notes.md")  # the corpus's own rules hold inside it


def test_documents_of_an_unreadable_folder_are_kept(sync, corpus, stored):
    """A network folder that is away for a moment must not cost its documents."""
    sync()
    shutil.rmtree(corpus / "week1")
    (corpus / "week1").symlink_to("away")
    report = sync()
    assert counts(report) == (0, 0, 1, 0, 0)
    assert [(skip.name, skip.reason) for skip in report.skipped] == [
        ("week1", "broken symbolic link")
    ]
    assert stored() == sorted(COURSE)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_documents_of_a_folder_without_permission_are_kept(sync, corpus, stored):
    sync()
    (corpus / "week1").chmod(0)
    try:
        assert counts(sync()) == (0, 0, 1, 0, 0)
    finally:
        (corpus / "week1").chmod(0o755)
    assert stored() == sorted(COURSE)


def test_a_document_that_broke_keeps_its_old_version(sync, corpus, index, encoder, stored):
    sync()
    (corpus / "notes.md").write_bytes(b"\x00\x01\x02" * 50)
    for _ in range(2):  # it is reported until it is mended
        report = sync()
        assert counts(report) == (0, 0, 2, 0, 1)
        assert report.failed[0].name == "notes.md"
        assert report.failed[0].hint
        assert stored() == sorted(COURSE)
        assert "0.1" in find(index, encoder, "dropout rate")[0].text
    (corpus / "notes.md").write_text(COURSE["notes.md"])
    assert counts(sync())[4] == 0


def test_a_file_that_vanishes_before_it_is_read(index, sync, corpus):
    """Mended: comparing its content ended in a traceback."""
    sync()
    stored = {document.path: document for document in index.documents()}
    known = stored["notes.md"]
    gone = FoundFile(corpus / "gone.md", "notes.md", known.size_bytes, known.mtime_ns + 1)
    plan = make_plan([gone], [], stored, ["."], recipe_of=lambda _: known.recipe)
    assert plan.changed == plan.to_read == (gone,)


def test_a_copy_is_answered_from_once(sync, corpus, index, encoder):
    shutil.copy(corpus / "notes.md", corpus / "copy of notes.md")
    sync()
    texts = [chunk.text for chunk in find(index, encoder, "dropout rate", top_n=9)]
    assert len(texts) == len(set(texts)) == 3


# --- progress -------------------------------------------------------------------------------------


def test_phases_are_reported_in_order(sync, corpus):
    steps = []
    sync(on_progress=steps.append)
    phases = list(dict.fromkeys(step.phase for step in steps))
    assert phases == ["reading", "encoding", "saving"]
    assert all(0 <= step.done <= step.total for step in steps)
    reading = [step for step in steps if step.phase == "reading"]
    assert [step.detail for step in reading] == [*sorted(COURSE), ""]
    assert [step.done for step in reading] == [0, 1, 2, 3]
    for phase in phases:
        last = [step for step in steps if step.phase == phase][-1]
        assert last.done == last.total
