"""What becomes of documents whose files are gone."""

import shutil

import pytest

from ragkit.errors import StorageError
from tests.small_project import COURSE, write_project

MANY = {f"week {week}/part {part}.md": f"Part {part}.\n" for week in (2, 3) for part in range(8)}


def test_they_are_kept_if_asked_for(sync, corpus, stored):
    sync()
    (corpus / "notes.md").unlink()
    report = sync(prune=False)
    assert (report.removed, report.kept) == ((), ("notes.md",))
    assert stored() == sorted(COURSE)
    report = sync()
    assert (report.removed, report.kept) == (("notes.md",), ())


def test_most_of_a_corpus_is_not_removed_without_leave(sync, corpus, stored):
    """A drive that is not connected looks just like that."""
    write_project(corpus.parent, MANY)
    sync()
    shutil.rmtree(corpus / "week 2")
    assert len(sync().removed) == 8
    shutil.rmtree(corpus / "week 3")
    (corpus / "new.md").write_text("New.\n")
    before = stored()
    with pytest.raises(StorageError, match="8 of 11") as refused:
        sync()
    assert "--prune" in refused.value.hint
    assert stored() == before
    assert len(sync(prune=False).kept) == 8
    assert len(sync(prune=True).removed) == 8


def test_a_few_documents_are_removed_without_leave(sync, corpus):
    sync()
    (corpus / "notes.md").unlink()
    (corpus / "week1/lecture.html").unlink()
    assert len(sync().removed) == 2


def test_renamed_documents_are_not_gone(sync, corpus):
    write_project(corpus.parent, {f"{n}.md": f"# Part {n}\n\nText.\n" for n in range(20)})
    sync()
    for number in range(20):
        (corpus / f"{number}.md").rename(corpus / f"part {number}.md")
    report = sync()
    assert (len(report.renamed), report.removed) == (20, ())
