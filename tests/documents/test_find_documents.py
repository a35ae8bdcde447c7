import os
import shutil
import stat
import threading
import time
from pathlib import Path

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


@pytest.mark.skipif(os.name != "posix", reason="pipes and sockets of POSIX")
def test_special_files_are_reported(corpus, monkeypatch):
    root = corpus("a.md", "target/b.md")
    os.mkfifo(root / "pipe.md")
    monkeypatch.chdir(root)  # the path of a socket must be short
    os.mknod("socket.md", stat.S_IFSOCK | 0o600)
    (root / "to-pipe.md").symlink_to("pipe.md")
    (root / "device.md").symlink_to("/dev/zero")
    found = find_documents(root)
    assert names(found) == ["a.md", "target/b.md"]
    assert {file.name: file.reason for file in found.skipped} == {
        "pipe.md": "not a regular file but a pipe",
        "socket.md": "not a regular file but a socket",
        "to-pipe.md": "not a regular file but a pipe",
        "device.md": "symbolic link that leaves the folder",
    }
    assert find_documents(Path("pipe.md")).skipped[0].reason == "not a regular file but a pipe"
    assert find_documents(Path("/dev/zero")).skipped[0].reason == "not a regular file but a device"


def test_strange_names_are_names(corpus):
    strange = [
        "new\nline.md", "\x1b[31mred.md", "..md.md", "a..b/c../d.md", "'; DROP TABLE x; --.md",
        "100%_s {x} $HOME `id`.md", "-rf.md", " .md", "\u202etxt.md", "caf\u00e9.md",
        "cafe\u0301.md", "Notes.MD", "notes.md", "CON.md", "a" * 200 + ".md",
    ]  # fmt: skip
    root = corpus(*strange)
    found = find_documents(root)
    assert set(names(found)) == {name for name in strange if not name.startswith(".")}
    assert not found.skipped
    for file in found.files:
        assert file.path.read_text() == "text of " + file.name


def test_names_that_are_not_text_are_reported(corpus):
    root = os.fsencode(corpus("a.md"))
    try:
        os.mkdir(root + b"/caf\xe9")  # noqa: PTH102
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    for name in (b"/caf\xe9/b.md", b"/c\xff.md"):
        os.close(os.open(root + name, os.O_CREAT))
    found = find_documents(Path(os.fsdecode(root)))
    assert names(found) == ["a.md"]
    assert {skip.reason for skip in found.skipped} == {"its name is not valid UTF-8"}
    assert len(found.skipped) == 2


def test_deep_folders_are_walked_as_far_as_the_system_goes(corpus):
    root = corpus("a.md")
    deep = "/".join(["d"] * 300)
    (root / deep).mkdir(parents=True)
    (root / deep / "b.md").write_text("deep")
    assert names(find_documents(root)) == ["a.md", f"{deep}/b.md"]


@pytest.mark.skipif(os.name != "posix", reason="opens folders relative to others")
def test_a_path_too_long_for_the_system_is_reported(corpus):
    root = corpus("a.md")
    handle = os.open(root, os.O_RDONLY)
    for _ in range(25):
        os.mkdir("x" * 200, dir_fd=handle)
        inner = os.open("x" * 200, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(os.open("b.md", os.O_CREAT, dir_fd=handle))
    os.close(handle)
    found = find_documents(root)
    assert names(found) == ["a.md"]
    assert [skip.reason for skip in found.skipped] == ["file name too long"]


def test_a_folder_that_changes_while_it_is_walked(corpus):
    root = corpus("a.md", *(f"{n}/{n}.md" for n in range(20)))
    stop = threading.Event()

    def change():
        while not stop.is_set():
            for n in range(20):
                shutil.rmtree(root / str(n), ignore_errors=True)
                (root / str(n)).mkdir(exist_ok=True)
                (root / str(n) / f"{n}.md").write_text("again")

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(60):
            found = find_documents(root)
            assert "a.md" in names(found)
            assert {skip.reason for skip in found.skipped} <= {"no such file or directory"}
    finally:
        stop.set()
        thread.join()


def test_rules_that_would_take_for_ever_are_refused(corpus):
    root = corpus("a" * 200 + ".md")
    (root / ".ragkitignore").write_text("*.log\n" + "*a" * 30 + "b\n")
    with pytest.raises(StorageError, match=r"ragkitignore: line 2 has more than 4 stars in a name"):
        find_documents(root)
    (root / ".ragkitignore").write_text("**/*a*/x*a*b*c*/**/y\n")
    assert len(find_documents(root).files) == 1


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
