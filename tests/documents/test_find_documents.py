import os
import time

import pytest

from ragkit.documents import find_documents
from ragkit.documents.unsupported import unsupported_reason
from ragkit.errors import StorageError


@pytest.fixture
def corpus(tmp_path):
    """Make files from their names: `corpus("a.md", "b/c.pdf")`."""

    def make(*names: str):
        for name in names:
            path = tmp_path / "corpus" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("text of " + name)
        return tmp_path / "corpus"

    return make


def names(found):
    return [file.name for file in found.files]


def test_files_are_found_in_the_order_of_their_names(corpus):
    root = corpus("b.md", "a/z.PDF", "a-1.txt", "a/b/c.html")
    found = find_documents(root)
    assert names(found) == ["a-1.txt", "a/b/c.html", "a/z.PDF", "b.md"]
    first = found.files[0]
    status = (root / "a-1.txt").stat()
    assert (first.path, first.size_bytes, first.mtime_ns) == (
        root / "a-1.txt", status.st_size, status.st_mtime_ns,
    )  # fmt: skip


def test_hidden_files_lock_files_and_other_types_are_left_out(corpus):
    root = corpus("a.md", ".git/x.md", ".hidden.md", "~$deck.pptx", "film.mp4", "Makefile")
    found = find_documents(root)
    assert names(found) == ["a.md"]
    assert [(file.name, file.reason) for file in found.skipped] == [
        ("Makefile", unsupported_reason("")),
        ("film.mp4", unsupported_reason(".mp4")),
    ]


def test_ragkitignore_speaks_gitignore(corpus):
    root = corpus("keep.md", "old/a.md", "src/x.md", "src/keep.md", "week1.draft.md", "a/old/b.md")
    (root / ".ragkitignore").write_text("# comment\n/old/\n*.draft.md\nsrc/*\n!src/keep.md\n")
    assert names(find_documents(root)) == ["a/old/b.md", "keep.md", "src/keep.md"]


def test_a_nested_ignore_file_holds_below_its_folder(corpus):
    root = corpus("a/x.md", "a/b/x.md", "x.md", "a/y.md")
    (root / ".ragkitignore").write_text("y.md\n")
    (root / "a" / ".ragkitignore").write_text("/x.md\n!y.md\n")
    assert names(find_documents(root)) == ["a/b/x.md", "a/y.md", "x.md"]


def test_a_single_file_is_taken_alone(corpus):
    root = corpus("a.md", "b.md", "c.mp4")
    assert names(find_documents(root / "a.md")) == ["a.md"]
    assert find_documents(root / "c.mp4").skipped[0].reason == unsupported_reason(".mp4")


def test_links_never_lead_out_or_in_circles(corpus, tmp_path):
    root = corpus("a/x.md")
    (tmp_path / "outside.md").write_text("secret")
    (root / "inside.md").symlink_to(root / "a" / "x.md")
    (root / "out.md").symlink_to(tmp_path / "outside.md")
    (root / "a" / "loop").symlink_to(root)
    (root / "self.md").symlink_to(root / "self.md")
    (root / "gone.md").symlink_to(root / "nowhere.md")
    found = find_documents(root)
    assert names(found) == ["a/x.md", "inside.md"]
    assert {file.name: file.reason for file in found.skipped} == {
        "a/loop": "symbolic link to a folder above it",
        "gone.md": "broken symbolic link",
        "out.md": "symbolic link that leaves the folder",
        "self.md": "broken symbolic link",
    }


def test_special_files_are_reported(corpus):
    root = corpus("a.md")
    os.mkfifo(root / "pipe.md")
    (skipped,) = find_documents(root).skipped
    assert (skipped.name, skipped.reason) == ("pipe.md", "not a regular file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_folder_is_reported_and_the_rest_read(corpus):
    root = corpus("a.md", "locked/b.md")
    (root / "locked").chmod(0)
    try:
        found = find_documents(root)
    finally:
        (root / "locked").chmod(0o755)
    assert names(found) == ["a.md"]
    assert [(file.name, file.reason) for file in found.skipped] == [
        ("locked", "no permission to read it")
    ]


def test_a_missing_root_is_an_error(tmp_path):
    with pytest.raises(StorageError, match="does not exist"):
        find_documents(tmp_path / "none")


def test_ten_thousand_files_are_found_quickly(tmp_path):
    for folder in range(100):
        (tmp_path / f"f{folder}").mkdir()
        for file in range(100):
            (tmp_path / f"f{folder}" / f"{file}.md").touch()
    (tmp_path / ".ragkitignore").write_text("f1/\n*.draft.md\n")
    start = time.perf_counter()
    assert len(find_documents(tmp_path).files) == 9_900
    assert time.perf_counter() - start < 3  # 0.3 s on one slow core; a shared machine may stall
