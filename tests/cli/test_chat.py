"""`ragkit chat`: from a pipe, for machines, and on a terminal."""

import io
import signal
import stat
import subprocess
import sys
import time

import pytest

from tests.cli.test_ask import ANSWER_FORM
from tests.json_forms import typed
from tests.small_project import ANSWER, QUESTION, UNANSWERABLE, run_process

if sys.platform != "win32":
    from tests.cli.terminal import Terminal

FOLLOW_UP = "and for BERT?"
MEANT = "What dropout rate did BERT use?"
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="there is no such terminal")


def flat(text):
    return " ".join(text.split())


@pytest.fixture
def chat(indexed, ragkit, monkeypatch):
    """Ask lines from a pipe: `chat("When ...?", "/why")`."""

    def run(*lines, options=()):
        piped = io.TextIOWrapper(io.BytesIO("".join(f"{line}\n" for line in lines).encode()))
        monkeypatch.setattr(sys, "stdin", piped)
        return ragkit("chat", *options)

    return run


# --- from a pipe ----------------------------------------------------------------------------------


def test_one_after_another(chat):
    done = chat(QUESTION, "", "   ", UNANSWERABLE)
    assert (done.code, done.err) == (0, "")
    first, second = done.out.split(f"> {UNANSWERABLE}")
    assert ANSWER in flat(first)
    assert first.startswith(f"> {QUESTION}")
    assert "Your documents do not say." in second


def test_a_follow_up_is_shown_as_it_was_understood(chat):
    done = chat(QUESTION, FOLLOW_UP, "When is homework due?")
    assert f"> {FOLLOW_UP}\nasked: {MEANT}\n" in done.out
    assert done.out.count("asked: ") == 1


def test_follow_ups_are_left_alone_on_demand(chat):
    assert "asked: " not in chat(QUESTION, FOLLOW_UP, options=["--rewrite", "off"]).out


def test_an_object_a_line(chat):
    done = chat(QUESTION, FOLLOW_UP, "/why", options=["--json"])
    first, second = done.forms
    assert flat(done.err).startswith(f"asked {MEANT} answer ")  # of /why
    assert typed(first, ANSWER_FORM | {"asked": str})
    assert (first["asked"], first["question"]) == (QUESTION, QUESTION)
    assert (second["asked"], second["question"]) == (FOLLOW_UP, MEANT)


def test_nothing_is_asked(chat):
    done = chat()
    assert done == (0, "", "")


def test_bytes_that_are_no_text(indexed):
    done = subprocess.run(
        [sys.executable, "-m", "ragkit", "chat"],
        input=b"\xff\xfe dropout rate?\n", capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"dropout rate?" in done.stdout


def test_one_that_fails_does_not_end_it(chat):
    long = f"What is {'dropout ' * 600}?"
    done = chat(long, QUESTION, options=["--context-window", "400"])
    assert done.code == 1
    assert len(done.lines("error: ")) == 1
    assert ANSWER in flat(done.out)
    failed, answered = chat(long, QUESTION, options=["--context-window", "400", "--json"]).forms
    assert (failed["asked"], bool(failed["error"])) == (long, True)
    assert answered["mode"] == "generated"


def test_without_an_index(project, ragkit):
    done = ragkit("chat")
    assert (done.code, done.lines("next: ")) == (1, ["run: ragkit ingest"])


def test_a_filter_that_means_nothing_is_told_at_once(chat):
    done = chat(QUESTION, options=["--format", "pdf"])
    assert (done.code, done.out) == (1, "")


# --- commands -------------------------------------------------------------------------------------


def test_commands_are_listed(chat):
    text = chat("/help").out
    for name in ("/sources", "/why", "/strategy", "/model", "/save", "/clear", "/quit"):
        assert name in text


def test_an_unknown_command_names_the_known(chat):
    done = chat("/sorces", QUESTION)
    assert done.code == 1
    (error,) = done.lines("error: ")
    assert "'/sorces'" in error
    assert "/sources" in error
    assert ANSWER in flat(done.out)


@pytest.mark.parametrize("command", ["/sources", "/why", "/save x.md"])
def test_there_has_to_be_an_answer(chat, command):
    done = chat(command)
    assert done.code == 1
    assert done.lines("next: ") == ["ask something first"]


def test_the_passages(chat):
    out = chat(QUESTION, "/sources").out
    assert (
        out.count("The original Transformer used a dropout rate of 0.1.")
        > out.split("> /sources")[0].count("The original Transformer used a dropout rate of 0.1.")
        - 1
    )
    assert "notes.md" in out


def test_why(chat):
    shown = flat(chat(QUESTION, FOLLOW_UP, "/why").out.partition("> /why")[2])
    assert shown.startswith(f"asked {MEANT} answer ")
    assert "Evidence 0." in shown
    quoted = flat(chat(QUESTION, "/why", options=["--model", "scripted:invent"]).out)
    assert "answer quoted: " in quoted
    assert "model said “It was first described in 1987" in quoted


def test_a_strategy(chat):
    done = chat("/strategy", "/strategy few-shot", QUESTION, "/strategy nowhere")
    assert "few-shot-cot" in done.out
    assert "scripted:copy-first-source, few-shot" in flat(done.out)
    assert "unknown strategy 'nowhere'" in done.lines("error: ")[0]


def test_a_model(chat):
    done = chat("/model scripted:invent", QUESTION, "/model", "/model nowhere.gguf", QUESTION)
    assert done.out.count("In the words of your documents") == 2
    assert "scripted:invent\n" in done.out
    assert "nowhere.gguf" in done.lines("error: ")[0]


def test_history_and_forgetting(chat):
    done = chat(QUESTION, FOLLOW_UP, "/history", "/clear", "/history", FOLLOW_UP)
    assert f"2 {FOLLOW_UP} asked: {MEANT}" in flat(done.out)
    assert "nothing was said yet" in done.out
    assert done.out.count("asked: ") == 2  # not the last


def test_saving(chat, indexed):
    done = chat(QUESTION, FOLLOW_UP, "/save chat.md", "/save chat.md")
    text = (indexed / "chat.md").read_text("utf-8")
    assert text.startswith(f"## {QUESTION}\n")
    assert f"*asked: {MEANT}*" in text
    assert f"{ANSWER} \\[1\\]" in flat(text)
    assert "- \\[1\\] notes.md\n" in text
    assert done.lines("error: ") == ["chat.md exists"]
    assert done.lines("next: ") == ["another name, or: /save! chat.md"]
    assert chat(UNANSWERABLE, "/save! chat.md").code == 0
    text = (indexed / "chat.md").read_text("utf-8")
    assert text.startswith(f"## {UNANSWERABLE}\n\n**Your documents do not say.**")


def test_a_file_that_cannot_be_saved(chat, indexed):
    done = chat(QUESTION, "/save", "/save corpus", "/save nowhere/chat.md", "/quit", QUESTION)
    errors = done.lines("error: ")
    assert len(errors) == 3
    assert "needs a file" in errors[0]
    assert "is a folder" in errors[1]
    assert "nowhere" in errors[2]
    assert done.out.count(f"> {QUESTION}") == 1  # nothing after /quit


# --- on a terminal --------------------------------------------------------------------------------


@pytest.fixture
def terminal(indexed, tmp_path, monkeypatch):
    """Start a chat on a terminal, with a history of its own."""
    monkeypatch.setenv("RAGKIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("COLUMNS", raising=False)
    started = []

    def start(*options, env=None):
        started.append(Terminal("chat", *options, env=env))
        started[-1].expect("> ")
        return started[-1]

    yield start
    for one in started:
        one.__exit__()


@on_posix
def test_a_chat(terminal, tmp_path):
    chat = terminal(env={"NO_COLOR": "1"})
    assert "3 documents · scripted:copy-first-source" in chat.shown
    chat.send("When is homework duX\x7fe?\n")  # editing
    assert "Friday at noon" in chat.expect("checked.*\n")
    chat.send("half a questi")
    chat.expect("half a questi")
    chat.press_ctrl_c("Ctrl-D or /quit ends the chat")
    chat.expect("> ")
    chat.send("/hist\t\n")  # completed
    chat.expect("1  When is homework due")
    chat.expect("\n> ")
    chat.send("\x04")
    assert chat.wait() == 0
    assert "\x1b[3" not in chat.shown  # no colour
    history = tmp_path / "cache/chat-history"
    assert history.read_text().splitlines() == ["When is homework due?", "/history"]
    assert stat.S_IMODE(history.stat().st_mode) == 0o600


@on_posix
def test_earlier_lines_come_back(terminal):
    first = terminal()
    first.send("When is homework due?\n")
    first.expect("checked")
    first.expect("\n> ")
    first.send("/quit\n")
    assert first.wait() == 0
    second = terminal()
    second.send("\x1b[A\x1b[A\n")  # two lines up, over /quit
    assert "Friday at noon" in second.expect("checked")


@on_posix
def test_what_is_typed_ahead_is_asked_next(terminal):
    """And what was typed is not shown in the middle of an answer."""
    chat = terminal()
    chat.send("When is homework due?\nWhat does attention weigh?\n/quit\n")
    first, _, rest = chat.expect("(?s)checked.*checked").partition("checked")
    assert "Friday at noon" in first
    assert "What does attention weigh?" in rest
    assert chat.wait() == 0


@on_posix
def test_an_ingest_meanwhile_is_told(terminal, indexed):
    chat = terminal()
    chat.send("What colour are zebras?\n")
    chat.expect("– evidence|checked")
    (indexed / "corpus/zoo.md").write_text("Zebras are black and white. Their colour is striped.")
    assert run_process(indexed, "ingest").code == 0
    chat.send("What colour are zebras?\n")
    shown = chat.expect("checked")
    assert "zoo.md" in shown
    assert "the documents have changed" in shown


@on_posix
def test_a_request_to_end_ends_it(terminal):
    chat = terminal()
    time.sleep(0.5)  # until it waits for a key
    chat.process.send_signal(signal.SIGTERM)
    assert chat.wait() == 130
    assert "Traceback" not in chat.shown


@on_posix
@pytest.mark.model
def test_ctrl_c_stops_the_answer_and_not_the_chat(terminal, cache_dir):
    """While the model is loaded or reads, and in the middle of its words."""
    environment = {"RAGKIT_CACHE_DIR": str(cache_dir), "RAGKIT_LORA": "none"}  # it talks longer
    chat = terminal("--model", "smollm2-135m-instruct", env=environment)
    chat.send(f"{QUESTION}\n")
    chat.expect("…")  # at work, with nothing said yet
    chat.press_ctrl_c("stopped")
    chat.send(f"{QUESTION}\n")
    chat.expect(r"… \S")  # its first words
    chat.press_ctrl_c("stopped")
    assert "^C" not in chat.shown  # nothing is echoed into an answer
    chat.send("/history\n")
    chat.expect("nothing was said yet")
    chat.send(f"{QUESTION}\n")
    chat.expect("checked|evidence")
    chat.expect("\n> ")
    chat.send("\x04")
    assert chat.wait() == 0
    assert "Traceback" not in chat.shown
