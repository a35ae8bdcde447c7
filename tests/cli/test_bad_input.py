"""Bad input gets one clear line and the next step, and loses nothing."""

import io
import os
import shutil

import pypdf
import pytest

from ragkit.encoders import HashingEncoder
from ragkit.index import LocalIndex
from tests.small_project import (
    ANSWER,
    QUESTION,
    assert_refused,
    write_project,
)

LONG = "word " * 400


@pytest.fixture
def unharmed(indexed, ragkit):
    """A project whose index still answers when the test is over."""
    yield indexed
    done = ragkit("ask", QUESTION)
    assert (done.code, ANSWER in " ".join(done.out.split())) == (0, True), done.err


def counts(done):
    """Return the summary of an ingest as numbers: new, changed, unchanged, removed, failed."""
    return [int(part.split()[0]) for part in done.out.strip().split(", ")]


# --- the folder of documents ----------------------------------------------------------------------


def test_no_corpus(tmp_path, monkeypatch, project, ragkit):
    monkeypatch.chdir(tmp_path)
    assert_refused(ragkit("ingest"), 1, "there is no corpus", step="mkdir corpus")
    assert not (tmp_path / "indexes").exists()


def test_the_corpus_is_gone(unharmed, ragkit):
    (unharmed / "corpus").rename(unharmed / "elsewhere")
    assert_refused(ragkit("ingest"), 1, "corpus does not exist")
    assert_refused(ragkit("ingest", "--rebuild"), 1, "corpus does not exist")


def test_the_corpus_is_a_file(unharmed, ragkit):
    shutil.rmtree("corpus")
    (unharmed / "corpus").write_text("notes")
    assert_refused(ragkit("ingest"), 1, "corpus is not a folder")


def test_an_empty_corpus(unharmed, ragkit):
    """An empty folder is more often a mistake than the wish to forget everything."""
    shutil.rmtree("corpus")
    (unharmed / "corpus").mkdir()
    assert_refused(ragkit("ingest"), 1, "corpus holds no documents", step=".pdf")
    assert_refused(ragkit("ingest", "--rebuild"), 1, "corpus holds no documents", step="as it was")


def test_asking_after_an_ingest_of_an_empty_corpus(project, ragkit):
    """Mended: it said that the documents do not say, though there were none."""
    shutil.rmtree("corpus")
    (project / "corpus").mkdir()
    ragkit("ingest")
    for verb in (("ask",), ("search",), ("prompt", "show")):
        assert_refused(ragkit(*verb, QUESTION), 1, "no index", step="ragkit ingest")
    LocalIndex(project / "indexes" / "default", writable=True).close()
    assert_refused(ragkit("ask", QUESTION), 1, "holds no documents", step="ragkit ingest")


def test_only_unknown_types(unharmed, ragkit):
    shutil.rmtree("corpus")
    write_project(unharmed, {"a.xyz": "x", "b.xyz": "x"})
    done = ragkit("ingest")
    assert_refused(done, 1, "a.xyz: unsupported type (and 1 more)", step="ragkit reads")


def test_an_unknown_type_among_good_ones(project, ragkit):
    write_project(project, {"data.xyz": "x"})
    done = ragkit("ingest")
    assert (done.code, counts(done)) == (0, [3, 0, 0, 0, 0])
    assert done.lines("skipped: ") == ["data.xyz: unsupported type"]


def test_a_broken_document_among_good_ones(project, ragkit):
    (project / "corpus/broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    done = ragkit("ingest")
    assert (done.code, counts(done)) == (1, [3, 0, 0, 0, 1])
    (failed,) = done.lines("failed: ")
    assert failed.startswith("broken.pdf is broken")
    assert len(done.lines("next: ")) == 1
    assert "Traceback" not in done.err
    assert ragkit("ask", QUESTION).code == 0
    again = ragkit("ingest", "--json", "--quiet").form
    assert (again["unchanged"], again["failed"]) == (3, 1)
    assert again["failures"][0]["document"] == "broken.pdf"


def test_a_document_with_a_password(project, ragkit):
    typst = pytest.importorskip("typst")
    writer = pypdf.PdfWriter(io.BytesIO(typst.compile(b"The exam covers sesame seeds.")))
    writer.encrypt("sesame", algorithm="AES-256")
    writer.write(project / "corpus/exam.pdf")
    without, wrong = ragkit("ingest"), ragkit("ingest", "--password", "simsalabim")
    for done, step in ((without, "--password"), (wrong, "check the password")):
        assert (done.code, counts(done)[4]) == (1, 1)
        assert len(done.lines("failed: exam.pdf")) == 1
        (shown,) = done.lines("next: ")
        assert step in shown
    done = ragkit("ingest", "--password", "sesame")
    assert (done.code, counts(done)) == (0, [1, 0, 3, 0, 0])
    assert "sesame seeds" in ragkit("search", "exam").out
    for file in (project / "indexes/default").iterdir():
        assert b"simsalabim" not in file.read_bytes()


@pytest.mark.parametrize(
    "path", ["nowhere", "corpus/nowhere.md", "corpus/notes.md/below", "loop", "a" * 5000]
)
def test_a_path_that_cannot_be_read(unharmed, ragkit, path):
    """Mended: a name too long for the file system ended in a traceback."""
    (unharmed / "loop").symlink_to("loop")
    assert_refused(ragkit("ingest", path), 1, path[:50])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission(unharmed, ragkit):
    (unharmed / "corpus").chmod(0)
    try:
        assert_refused(ragkit("ingest"), 1, "not allowed", step="permissions")
        assert_refused(ragkit("ingest", "corpus/week1"), 1, "not allowed", step="permissions")
    finally:
        (unharmed / "corpus").chmod(0o755)


def test_a_folder_of_indexes_that_is_a_file(project, ragkit):
    (project / "indexes").write_text("")
    assert_refused(ragkit("ingest"), 1, "cannot use indexes", step="ragkit doctor")
    assert_refused(ragkit("ask", QUESTION), 1, "no index 'default'")


# --- the index ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "verb", [("search", "x"), ("ask", "x"), ("prompt", "show", "x"), ("index", "info")]
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_no_index(project, ragkit, verb, form):
    assert_refused(ragkit(*verb, *form), 1, "no index 'default'", step="ragkit ingest")


def test_no_index_of_that_name(unharmed, ragkit):
    done = ragkit("ask", QUESTION, "--index", "autumn")
    assert_refused(done, 1, "no index 'autumn'", step="there is: default")


@pytest.mark.parametrize("name", ["", "..", "a/b", "x" * 300])
def test_no_name_for_an_index(unharmed, ragkit, name):
    """Mended: a name too long for the file system ended in a traceback."""
    assert_refused(ragkit("ask", QUESTION, "--index", name), 2, "is no name for an index")


class OtherEncoder(HashingEncoder):
    def __init__(self):
        super().__init__(dim=32)
        self.name = "other"


def test_an_index_of_another_encoder(indexed, ragkit):
    with LocalIndex(indexed / "indexes/default", writable=True) as index:
        index.set_encoder(OtherEncoder())
    for verb in (("ask", QUESTION), ("search", "x"), ("prompt", "show", "x"), ("ingest",)):
        done = ragkit(*verb)
        assert_refused(done, 1, "was built by encoder 'other'", step="ragkit ingest --rebuild")
    assert counts(ragkit("ingest", "--rebuild")) == [0, 3, 0, 0, 0]
    assert ragkit("ask", QUESTION).code == 0


@pytest.mark.parametrize("junk", [b"", b"not a database at all" * 400])
def test_a_damaged_index(indexed, ragkit, junk):
    (indexed / "indexes/default/catalog.sqlite").write_bytes(junk)
    assert_refused(ragkit("ask", QUESTION), 1, "catalog.sqlite is", step="ragkit ingest")


def test_two_ingests_at_once(unharmed, ragkit):
    with LocalIndex(unharmed / "indexes/default", writable=True):
        done = ragkit("ingest")
        assert_refused(done, 1, f"is being written by process {os.getpid()}", step="wait")
        assert ragkit("ask", QUESTION).code == 0


# --- models ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "code", "message", "step"),
    [
        ("nowhere.gguf", 1, "there is no model at nowhere.gguf", "ragkit models list"),
        ("torn.gguf", 1, "torn.gguf is damaged or not a GGUF file", "ragkit models"),
        ("gpt-17", 2, "unknown model 'gpt-17'", ".gguf"),
        ("scripted:lie", 2, "unknown scripted rule 'lie'; known: abstain", ""),
    ],
)
def test_a_wrong_model(unharmed, ragkit, model, code, message, step):
    (unharmed / "torn.gguf").write_bytes(b"GGUF\x03\x00\x00\x00")
    assert_refused(ragkit("ask", QUESTION, "--model", model), code, message, step=step)


@pytest.mark.model
def test_a_truncated_model(unharmed, ragkit):
    from ragkit.models import find_llm

    with find_llm("smollm2-135m-instruct").open("rb") as whole:
        (unharmed / "half.gguf").write_bytes(whole.read(20_000_000))
    assert_refused(ragkit("ask", QUESTION, "--model", "half.gguf"), 1, "half.gguf")


def test_an_unknown_encoder(unharmed, ragkit):
    done = ragkit("ask", QUESTION, "--encoder", "word2vec")
    assert_refused(done, 2, "unknown encoder 'word2vec'", step="ragkit models list")


def test_an_encoder_of_the_hub_that_is_not_here(unharmed, ragkit):
    done = ragkit("ask", QUESTION, "--encoder", "nowhere/model")
    message = "encoder 'nowhere/model' is neither a folder nor a model on this machine"
    assert_refused(done, 1, message, step="ragkit models pull nowhere/model")


# --- questions and options ------------------------------------------------------------------------


@pytest.mark.parametrize("verb", [("ask",), ("prompt", "show")])
def test_a_question_longer_than_the_context_window(unharmed, ragkit, verb):
    done = ragkit(*verb, LONG, "--context-window", "256")
    assert_refused(done, 1, "the question is 400 tokens long", step="more briefly")
    assert "context window 256" in done.err


@pytest.mark.parametrize("verb", [("ask",), ("prompt", "show"), ("search",)])
@pytest.mark.parametrize("question", ["", "  \n "])
def test_an_empty_question(unharmed, ragkit, verb, question):
    assert_refused(ragkit(*verb, question), 2, "is empty")


@pytest.mark.parametrize("verb", [("ask",), ("prompt", "show"), ("search",)])
def test_a_question_that_is_no_text(unharmed, ragkit, verb):
    """Mended: it ended in a traceback."""
    assert_refused(ragkit(*verb, "what is \udcff?"), 2, "it is not valid UTF-8")


@pytest.mark.parametrize(
    ("arguments", "message", "step"),
    [
        (("aks",), "no command 'aks'; there are: ingest, search, ask", "ragkit --help"),
        (("index", "inof"), "No such command 'inof'", "ragkit index --help"),
        (("ask", "x", "--stratgey", "y"), "No such option", "ragkit ask --help"),
        (("search",), "Missing argument 'QUERY'", "ragkit search --help"),
        (("ask",), "give a question, or --batch FILE", "ragkit ask"),
        (("ask", "x", "--batch", "y"), "give a question, or --batch FILE", "ragkit ask"),
        (("ask", "--batch", "nowhere.txt"), "cannot read nowhere.txt", "UTF-8"),
        (("ask", "x", "--strategy", "few-shto"), "known: few-shot", "did you mean 'few-shot'?"),
        (("ask", "x", "--top-n", "many"), "'many' is not a valid integer", "ragkit ask --help"),
        (("ask", "x", "--top-n", "0"), "top_n must be between 1 and 1000, not 0", ""),
        (("ask", "x", "--temperature", "-1"), "temperature must be between 0.0 and 10.0", ""),
        (("ask", "x", "--top-p", "nan"), "top_p must be between 0.0 and 1.0", ""),
        (("ask", "x", "--min-sufficiency", "2"), "min_sufficiency must be between", ""),
        (("ask", "x", "--context-window", "1"), "context_window must be between 128", ""),
        (("ingest", "--chunk-tokens", "1"), "chunk_tokens must be between 16 and 8192", ""),
        (("ask", "x", "--project", "nowhere"), "nowhere is not a folder", "--project"),
        (("models", "verify", "gpt-17"), "unknown model 'gpt-17'", ""),
    ],
)  # fmt: skip
def test_a_wrong_command(unharmed, ragkit, arguments, message, step):
    assert_refused(ragkit(*arguments), 2, message, step=step)


@pytest.mark.parametrize(
    ("toml", "message", "step"),
    [
        ("top_n = ", "ragkit.toml is not valid TOML", "mend"),
        ("topn = 3", "unknown setting in ragkit.toml 'topn'; known: cache_dir", "'top_n'"),
        ("top_n = 'x'", "top_n must be int, not 'x' (in ragkit.toml)", ""),
    ],
)
def test_a_wrong_settings_file(unharmed, ragkit, toml, message, step):
    (unharmed / "ragkit.toml").write_text(toml)
    for arguments in (("ask", QUESTION), ("ingest",), ("index", "list")):
        assert_refused(ragkit(*arguments), 2, message, step=step)
    (unharmed / "ragkit.toml").unlink()


def test_a_wrong_way_to_read_pictures(unharmed, ragkit):
    (unharmed / "ragkit.toml").write_text("ocr = 'perhaps'")
    assert_refused(ragkit("ingest"), 2, "unknown value of ocr 'perhaps'; known: auto, off")
    (unharmed / "ragkit.toml").unlink()


def test_a_wrong_variable(unharmed, ragkit, monkeypatch):
    monkeypatch.setenv("RAGKIT_TOP_N", "many")
    assert_refused(ragkit("ask", QUESTION), 2, "top_n must be int, not 'many' (in RAGKIT_TOP_N)")
    monkeypatch.delenv("RAGKIT_TOP_N")


def test_what_nobody_foresaw_the_machine_to_refuse(unharmed, ragkit):
    """Mended: a traceback."""
    done = ragkit("ask", QUESTION, "--model", "a" * 5000 + ".gguf")
    assert_refused(done, 1, "ile name too long")
    with pytest.raises(OSError, match="File name too long"):
        ragkit("ask", QUESTION, "--debug", "--model", "a" * 5000 + ".gguf")
