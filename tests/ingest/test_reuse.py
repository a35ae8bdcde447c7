"""Nothing is encoded twice, and what was only renamed is not even read."""

import shutil
import time

import pytest

from ragkit.ingest import IngestOptions, ingest
from tests.ingest.reading import read_here
from tests.ingest.states import fresh_state, state_of
from tests.small_project import COURSE, write_project

LONG = "# Zoo\n\n" + "".join(
    f"# Paddock {number}\n\nThe animal of paddock {number} eats {number * 7} apples a day, and then"
    " it sleeps in the sun until somebody comes along.\n\n"
    for number in range(12)
)


def refuse_to_read(files, **_options):
    """Stand in for reading where nothing may be read."""
    assert not files, [file.name for file in files]
    yield from ()


@pytest.fixture
def zoo(corpus, sync, encoder):
    """The corpus with a document of 13 chunks, ingested."""
    write_project(corpus.parent, {"zoo.md": LONG})
    sync(chunk_tokens=40)
    encoder.encoded = 0
    return corpus / "zoo.md"


@pytest.fixture
def compare(index, encoder, corpus, tmp_path):
    """Check that the index is equal to one that is made at once."""

    def check(**options):
        fresh = fresh_state(corpus, tmp_path / "indexes/fresh", **options)
        followed = state_of(index, encoder)
        for part, value in fresh.items():
            assert followed[part] == value, part

    return check


# --- embeddings -----------------------------------------------------------------------------------


def test_a_changed_document_encodes_only_its_changed_chunks(zoo, sync, encoder, compare):
    zoo.write_text(LONG.replace("eats 21 apples", "eats 22 pears"))
    report = sync(chunk_tokens=40)
    assert (report.changed, report.encoded_chunks, encoder.encoded) == (("zoo.md",), 1, 1)
    compare(chunk_tokens=40)


def test_a_copy_is_read_but_not_encoded(zoo, sync, encoder, compare):
    shutil.copy(zoo, zoo.with_name("copy of zoo.md"))
    report = sync(chunk_tokens=40)
    assert (report.new, report.encoded_chunks) == (("copy of zoo.md",), 0)
    compare(chunk_tokens=40)


def test_a_passage_that_stands_twice_is_encoded_once(sync, corpus, encoder):
    for name in ("a.md", "b.md", "c.md"):
        (corpus / name).write_text("# Same\n\nThe same text.\n")
    assert sync().encoded_chunks == encoder.encoded == 4  # three of the course, and this


def test_another_chunk_size_encodes_what_is_cut_otherwise(zoo, sync, index, compare):
    before = index.chunk_count()
    report = sync(chunk_tokens=400)
    assert len(report.changed) == 4
    assert index.chunk_count() < before
    assert report.encoded_chunks == index.chunk_count() - 2  # lecture and syllabus are as before
    compare(chunk_tokens=400)
    assert sync(chunk_tokens=400, rebuild=True).encoded_chunks == 0


def test_a_renamed_and_edited_document_reuses_what_it_can(zoo, sync, compare):
    zoo.rename(zoo.with_name("animals.md"))
    zoo.with_name("animals.md").write_text(LONG.replace("eats 21 apples", "eats 22 pears"))
    report = sync(chunk_tokens=40)
    assert (report.new, report.removed) == (("animals.md",), ("zoo.md",))
    assert report.encoded_chunks == 1
    compare(chunk_tokens=40)


# --- names ----------------------------------------------------------------------------------------


def test_a_renamed_document_is_not_read(zoo, sync, compare, index, encoder):
    (zoo.parent / "week 7").mkdir()
    zoo.rename(zoo.parent / "week 7/the zoo.md")
    report = sync(chunk_tokens=40, read=refuse_to_read)
    assert report.renamed == (("zoo.md", "week 7/the zoo.md"),)
    assert (report.new, report.changed, report.removed, report.unchanged) == ((), (), (), 3)
    assert encoder.encoded == 0
    stored = {document.path: document for document in index.documents()}
    assert stored["week 7/the zoo.md"].metadata == {"week": "7"}
    compare(chunk_tokens=40)


def test_a_title_that_was_the_name_changes_with_it(sync, corpus, index, compare):
    """It is part of what is embedded, so the document is read and encoded again."""
    sync()
    (corpus / "week1/syllabus.txt").rename(corpus / "week1/Deadlines.txt")
    report = sync()
    assert report.renamed == (("week1/syllabus.txt", "week1/Deadlines.txt"),)
    assert (report.new, report.removed, report.encoded_chunks) == ((), (), 1)
    titles = {document.path: document.title for document in index.documents()}
    assert titles["week1/Deadlines.txt"] == "Deadlines"
    compare()


def test_another_suffix_is_another_format(sync, corpus, index, compare):
    sync()
    (corpus / "notes.md").rename(corpus / "notes.txt")
    assert sync().renamed == (("notes.md", "notes.txt"),)
    assert "txt" in {document.format for document in index.documents()}
    compare()


def test_a_renamed_document_that_cannot_be_read_so_is_removed(sync, corpus, stored):
    sync()
    (corpus / "notes.md").rename(corpus / "notes.pdf")
    report = sync()
    assert [failure.name for failure in report.failed] == ["notes.pdf"]
    assert not report.failed[0].kept
    assert stored() == ["week1/lecture.html", "week1/syllabus.txt"]


@pytest.mark.parametrize("read", [read_here, refuse_to_read])
def test_documents_that_swap_their_names(sync, corpus, compare, encoder, read):
    """Titles from the text stay; others change with the name and are read again."""
    ours = read is read_here
    texts = ("Text one.\n", "Text two, longer.\n") if ours else ("# One\n\nText.\n", "# Two\n\n2\n")
    for name, text in zip(("a.md", "b.md"), texts, strict=True):
        (corpus / name).write_text(text)
    sync()
    encoder.encoded = 0
    (corpus / "a.md").rename(corpus / "aside")
    (corpus / "b.md").rename(corpus / "a.md")
    (corpus / "aside").rename(corpus / "b.md")
    report = sync(read=read)
    assert report.renamed == (("a.md", "b.md"), ("b.md", "a.md"))
    assert encoder.encoded == (2 if ours else 0)
    compare()


def test_a_name_that_differs_in_case_only(sync, corpus, compare, stored):
    sync()
    (corpus / "notes.md").rename(corpus / "aside")
    (corpus / "aside").rename(corpus / "Notes.MD")
    assert sync(read=refuse_to_read).renamed == (("notes.md", "Notes.MD"),)
    assert stored()[0] == "Notes.MD"
    compare()


def test_a_document_renamed_over_another(sync, corpus, compare, stored):
    sync()
    (corpus / "notes.md").rename(corpus / "week1/lecture.html")
    report = sync()
    assert report.renamed == (("notes.md", "week1/lecture.html"),)
    assert report.removed == ("week1/lecture.html",)
    compare()


def test_a_new_document_under_the_name_of_a_renamed_one(sync, corpus, compare):
    sync()
    (corpus / "notes.md").rename(corpus / "old.md")
    (corpus / "notes.md").write_text("# Fresh\n\nQuite another text.\n")
    report = sync()
    assert (report.new, report.renamed) == (("notes.md",), (("notes.md", "old.md"),))
    compare()


def test_a_folder_of_500_documents_is_renamed(sync, corpus, tmp_path, encoder, stored):
    write_project(
        corpus.parent, {f"old/part {n}.md": f"# Part {n}\n\nText {n}.\n" for n in range(500)}
    )
    sync()
    (corpus / "old").rename(corpus / "week 3")
    encoder.encoded = 0
    start = time.perf_counter()
    report = sync(read=refuse_to_read)
    assert (len(report.renamed), report.unchanged, encoder.encoded) == (500, 3, 0)
    assert time.perf_counter() - start < 5  # 0.2 s on an idle machine
    assert sum(name.startswith("week 3/") for name in stored()) == 500


def test_what_moved_out_of_what_was_asked_for_stays(sync, corpus, stored):
    """Only week1 is compared, so its copy elsewhere is not looked for."""
    sync()
    (corpus / "notes.md").rename(corpus / "week1/notes.md")
    report = sync(corpus / "week1")
    assert (report.new, report.renamed, report.removed) == (("week1/notes.md",), (), ())
    assert set(stored()) == {*COURSE, "week1/notes.md"}


def test_files_are_hashed_only_where_a_stored_document_has_their_size(sync, corpus, index, encoder):
    """A file that nobody may read is found by reading it, not before."""
    sync()
    (corpus / "notes.md").unlink()
    (corpus / "other.md").write_text("Of another size than the one that is gone.\n")
    opened = []

    def listen(progress):
        opened.append(progress.phase)

    options = IngestOptions(read=read_here)
    report = ingest(
        (), corpus=corpus, index=index, encoder=encoder, options=options, on_progress=listen
    )
    assert (report.new, report.removed, report.renamed) == (("other.md",), ("notes.md",), ())
