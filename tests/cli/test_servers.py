"""`--model http://...`: a project asks a model on a server."""

from ragkit.llms import ScriptedLLM
from tests.cli.test_ask import QUESTION
from tests.llms.small_server import SmallServer, answer_with, refuse

KEY = "sk-very-secret-4711"


def serving(rule="copy-first-source"):
    return SmallServer(answer_with(ScriptedLLM(rule)))


def test_the_answer_is_checked_like_any_other(indexed, ragkit, monkeypatch):
    monkeypatch.setenv("RAGKIT_API_KEY", KEY)
    with serving() as server:
        done = ragkit("ask", QUESTION, "--json", "--model", server.url)
        authorisation = {headers["Authorization"] for _, headers, _ in server.asked}
    assert (done.code, done.err) == (0, "")
    assert done.form["mode"] == "generated"
    assert done.form["model"] == {"name": "tiny", "sha256": "", "adapter": None}
    assert done.form["usage"]["prompt_tokens"] > 0
    assert KEY not in done.out
    assert authorisation == {f"Bearer {KEY}"}


def test_what_it_invents_is_not_shown(indexed, ragkit):
    with serving("invent") as server:
        done = ragkit("ask", QUESTION, "--json", "--model", server.url)
    assert "Geneva" in done.form["completion"]
    assert "Geneva" not in done.form["answer"]


def test_errors_are_one_line_and_the_next_step(indexed, ragkit, monkeypatch):
    monkeypatch.setenv("RAGKIT_API_KEY", KEY)
    with SmallServer(refuse(401, f"{KEY} is no key")) as server:
        done = ragkit("ask", QUESTION, "--model", server.url)
    assert (done.code, done.out) == (1, "")
    assert f"error: {server.url} answers 401: … is no key" in done.err
    assert "next: set the key: RAGKIT_API_KEY" in done.err
    assert KEY not in done.err


def test_elsewhere_is_not_asked_offline(indexed, ragkit, monkeypatch):
    monkeypatch.setenv("RAGKIT_OFFLINE", "1")
    done = ragkit("ask", QUESTION, "--model", "http://192.0.2.1/v1")
    assert (done.code, done.out) == (1, "")
    assert "192.0.2.1 is not this machine, and the network is not to be used" in done.err


def test_doctor_names_the_server(indexed, ragkit, monkeypatch):
    with serving() as server:
        monkeypatch.setenv("RAGKIT_MODEL", server.url)
        done = ragkit("doctor", "--json")
    (model,) = (check for check in done.form["checks"] if check["name"] == "model")
    assert model["good"]
    assert model["found"] == f"tiny, context window 4096, served by {server.url}"


def test_tokens_of_a_prompt_are_said_to_be_estimated(indexed, ragkit):
    with serving() as server:
        form = ragkit("prompt", "show", QUESTION, "--json", "--model", server.url).form
        shown = ragkit("prompt", "show", QUESTION, "--model", server.url).out
    assert form["estimated"] is True
    assert "Tokens, estimated: the tokenizer is the server's" in shown
    assert ragkit("prompt", "show", QUESTION, "--json").form["estimated"] is False
