"""A full disk, an impatient user, hostile documents, a closed pipe: no traceback, nothing lost."""

import contextlib
import os
import subprocess
import sys
import unicodedata

import pytest

from tests.small_project import (
    QUESTION,
    TINY_MODELS,
    assert_refused,
    run_process,
    write_project,
)

# --- the disk, and the user's patience ------------------------------------------------------------

FULL_DISK = """
import resource, sys
from ragkit.cli.main import main
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
main(["ingest"])
"""


@pytest.mark.parametrize("limit", [0, 30_000, 400_000])
def test_a_full_disk(project, ragkit, limit):
    large = "".join(f"Zebra number {n} lives in paddock {n % 7}.\n\n" for n in range(9000))
    write_project(project, {"zebras.md": large})
    done = run_process(project, str(limit), code=FULL_DISK)
    assert_refused(done, 1, "no space left", step="free some space")
    assert ragkit("ingest").out.endswith(" 0 removed, 0 failed\n")
    assert ragkit("ask", QUESTION).code == 0
    listed = ragkit("index", "info", "--documents", "--json").form["listed"]
    assert len(listed) == 4


INTERRUPTED = """
import os, signal
import ragkit.ingest.batches as run
from ragkit.cli.main import main
cut = run.chunk_document
def cut_or_stop(document, **options):
    if document.path == "week1/syllabus.txt":
        os.kill(os.getpid(), signal.SIGINT)
    return cut(document, **options)
run.chunk_document = cut_or_stop
main(["ingest"])
"""


def test_ctrl_c(project, ragkit):
    done = run_process(project, code=INTERRUPTED)
    assert (done.code, done.out) == (130, "")
    assert "interrupted: 0 of 3 documents are in; run the same command to go on" in done.err
    assert "Traceback" not in done.err
    form = ragkit("ingest", "--json").form
    assert form["new"] + form["unchanged"] == 3
    assert ragkit("ask", QUESTION).code == 0


# --- hostile names and texts ----------------------------------------------------------------------

HOSTILE = {
    b"\x1b[31mred.md": "A red herring.",
    b"new\nline.md": "A herring on two lines.",
    b"quote\"s'.md": "A quoted herring.",
    "c1\x9b31m.md".encode(): "A herring in C1.",
    "\u202eterces.md".encode(): "A herring from right to left.",
    b":cat: [bold]x.md": "A herring for the cat.",
    b"[/red]x.md": "A herring out of the red.",
    b"'; DROP TABLE documents; --.md": "A herring that drops tables.",
    "zero\u200bwidth\u2066.md".encode(): "A herring that nobody sees.",
}


def assert_harmless(done):
    assert "Traceback" not in done.err
    for text in (done.out, done.err):
        steering = [c for c in text if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"]
        assert not steering, ascii(text)


def test_hostile_names(project, ragkit):
    folder = os.fsencode(project / "corpus")
    for name, text in HOSTILE.items():
        os.makedirs(os.path.dirname(folder + b"/" + name), exist_ok=True)  # noqa: PTH103, PTH120
        with open(folder + b"/" + name, "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(text)
    for name in (b"latin-\xe9.md", b"bro\nken\x1b[2J.pdf", b"\x1b]0;title\x07.xyz"):
        with open(folder + b"/" + name, "wb") as file:  # noqa: PTH123
            file.write(b"x")
    for form in ((), ("--json",)):
        done = ragkit("ingest", *form)
        assert_harmless(done)
        assert done.code == 1
        assert len(done.lines("failed: ")) == len(done.lines("next: ")) == 1
        assert "failed: bro ken[2J.pdf is broken" in done.err
        assert done.lines("skipped: ")[-1].startswith("latin-.md: its name is not valid UTF-8")
        for verb in (("search",), ("ask",), ("prompt", "show")):
            assert_harmless(ragkit(*verb, "Which herring?", "--top-n", "20", *form))
        assert_harmless(ragkit("index", "info", "--documents", *form))
    found = ragkit("search", "herring", "--top-n", "20", "--json").form["hits"]
    assert {os.fsencode(hit["document"]) for hit in found} >= set(HOSTILE)
    shown = ragkit("index", "info", "--documents").out
    assert ":cat: [bold]x.md" in shown
    assert len(ragkit("ingest", "new\nline\x1b[2J.md").err.splitlines()) == 2


def test_a_path_that_is_no_text(project, ragkit):
    """Mended: a document named on the command line ended in a traceback."""
    name = os.fsdecode(os.fsencode(project / "corpus") + b"/latin-\xe9.md")
    with open(name, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write("x")
    done = ragkit("ingest", name)
    assert_refused(done, 1, "not valid UTF-8")
    assert_harmless(done)


def test_hostile_text(project, ragkit):
    text = "# Ti\x1b[31mtle\n\nThe \x1b[2Jherring\x07 rate \x9b31m was \u202e7 percent.\n"
    page = "<title>Her\x1b]0;x\x07ring</title><p>The herring page\x1b[1m says 8 percent.</p>"
    write_project(project, {"hostile.md": text, "hostile.html": page})
    for form in ((), ("--json",)):
        assert_harmless(ragkit("ingest", "--rebuild", *form))
        for verb in (("search",), ("ask", "--raw", "--show-prompt"), ("prompt", "show")):
            done = ragkit(*verb, "What was the herring rate?", *form)
            assert done.code == 0
            assert_harmless(done)


def test_a_name_is_no_markup_on_a_terminal(tmp_path, monkeypatch):
    """Mended: the display of progress took "[/red]" for the end of a colour, and fell over."""
    project = write_project(tmp_path, {"[/red]herring.md": "A herring.", "[link=x]y.md": "A fish."})
    monkeypatch.chdir(project)
    for name, value in TINY_MODELS.items():
        monkeypatch.setenv(name, value)
    code, text = run_on_terminal("ingest")
    assert (code, b"[/red]herring.md" in text) == (0, True), text


def test_a_traceback_steers_no_terminal(project):
    """Mended: --debug wrote the name of a document as it is."""
    done = run_process(project, "ingest", "--debug", "no\x1b[2J\u202e.md")
    assert done.code == 1
    assert "Traceback" in done.err
    assert "no[2J.md does not exist" in done.err
    assert not set(done.err) & set("\x1b\u202e")


# --- pipes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [("search", "x"), ("search", "x", "--json"), ("index", "list"), ("--help",)]
)
def test_a_reader_that_goes_away(indexed, arguments):
    """Mended: exit code 1."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "ragkit", *arguments],
        stdout=write, stderr=subprocess.PIPE, env=os.environ | TINY_MODELS, check=False,
    )  # fmt: skip
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_pipe_gets_no_colours(indexed, ragkit, monkeypatch):
    for variable in ("", "1"):
        monkeypatch.setenv("NO_COLOR", variable)
        for arguments in (("ask", QUESTION), ("search", "x"), ("ask", ""), ("index", "list")):
            assert_harmless(ragkit(*arguments))


def run_on_terminal(*arguments):
    """Run the command line on a terminal; return the exit code and all that it shows."""
    import pty

    shown, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "ragkit", *arguments],
        stdin=terminal, stdout=terminal, stderr=terminal,
    ) as process:  # fmt: skip
        os.close(terminal)
        parts = []
        with contextlib.suppress(OSError):  # as Linux says that the other side has gone
            while part := os.read(shown, 65536):
                parts.append(part)
        code = process.wait()
    os.close(shown)
    return code, b"".join(parts)


def test_a_terminal_gets_colours_unless_they_are_not_wanted(indexed, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    for variable, coloured in ((None, True), ("1", False)):
        if variable:
            monkeypatch.setenv("NO_COLOR", variable)
        _, text = run_on_terminal("search", "dropout")
        assert b"notes.md" in text
        assert (b"\x1b[36m" in text or b"\x1b[1;36m" in text) is coloured


def test_an_old_encoding(indexed, monkeypatch):
    """Mended: a traceback, because the quotation marks could not be written."""
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    write_project(indexed, {"cafe.md": "Le café ouvre à midi 😀."})
    run_process(indexed, "ingest")
    done = run_process(indexed, "ask", "Le café ouvre ?")
    assert (done.code, "Le caf? ouvre" in done.out) == (0, True), done.err
    done = run_process(indexed, "search", "café", "--json")
    assert done.form["hits"][0]["text"] == "Le café ouvre à midi 😀."
