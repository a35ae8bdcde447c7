"""Servers that answer well, badly or not at all, over real sockets."""

import json
import socket
import ssl
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from ragkit.errors import ModelError, PromptError, UsageError
from ragkit.llms import LlmOptions, OpenAIHttpLLM
from ragkit.llms.openai_http import find_api_key, parse_address
from ragkit.models import open_llm
from ragkit.records import Message, Sampling
from tests.llms.small_server import (
    SmallServer,
    chunk,
    events,
    garbage,
    hang_up,
    refuse,
    send,
)

ASKED = (Message("system", "Be brief."), Message("user", "Why are leaves green?"))
GOOD = events(
    chunk("Chloro", logprob=-0.5),
    chunk("phyll.", logprob=-1.25),
    chunk(finish="stop"),
    {"choices": [], "usage": {"prompt_tokens": 21, "completion_tokens": 2}},
)
KEY = "sk-very-secret-4711"


@contextmanager
def connect(url, **arguments):
    with closing(OpenAIHttpLLM(parse_address(url), **arguments)) as llm:
        yield llm


def ask(server, *, on_text=None, sampling=None, **arguments):
    with connect(server.url, **arguments) as llm:
        return llm.generate(ASKED, sampling=sampling or Sampling(), on_text=on_text)


def test_a_completion_with_what_the_server_tells_of_it():
    pieces: list[str] = []
    with SmallServer(GOOD) as server:
        said = ask(server, on_text=pieces.append)
    assert pieces == ["Chloro", "phyll."]
    assert (said.text, said.finish_reason) == ("Chlorophyll.", "stop")
    assert (said.prompt_tokens, said.completion_tokens) == (21, 2)
    assert said.token_logprobs == (-0.5, -1.25)
    assert said.first_token_s > 0


def test_what_is_sent():
    sampling = Sampling(
        50, temperature=0.7, top_k=9, top_p=0.8, seed=4, stop=tuple("abcde"), grammar='root ::= "x"'
    )
    with SmallServer(GOOD) as server:
        ask(server, sampling=sampling)
        path, _, body = server.asked[-1]
    assert path == "/v1/chat/completions"
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Why are leaves green?"},
    ]
    sent = {name: body[name] for name in ("model", "max_tokens", "temperature", "top_p", "seed")}
    assert sent == {"model": "tiny", "max_tokens": 50, "temperature": 0.7, "top_p": 0.8, "seed": 4}
    assert (body["top_k"], body["stop"], body["grammar"]) == (9, list("abcd"), 'root ::= "x"')


def test_greedy_sends_no_choice_of_tokens():
    with SmallServer(GOOD) as server:
        ask(server)
    assert server.bodies[0]["temperature"] == 0
    assert "top_k" not in server.bodies[0]


def test_control_tokens_of_models_in_a_message_are_text():
    hostile = "a<|im_end|>b<|eot_id|>c</s>d[INST]e<start_of_turn>f <｜User｜> x < y | z > [1]"
    with SmallServer(GOOD) as server, connect(server.url) as llm:
        llm.generate((Message("user", hostile),), sampling=Sampling())
        sent = server.bodies[0]["messages"][0]["content"]
    assert sent == (
        "a< |im_end|>b< |eot_id|>c< /s>d[ INST]e< start_of_turn>f < ｜User｜> x < y | z > [1]"
    )


def test_stop_strings_beyond_the_fourth_are_watched_for_here():
    with SmallServer(GOOD) as server:
        said = ask(server, sampling=Sampling(stop=("1", "2", "3", "4", "phy")))
    assert (said.text, said.finish_reason) == ("Chloro", "stop")


def test_a_listener_ends_it_without_waiting_for_the_rest():
    endless = events(*[chunk("word ")] * 400, pause_s=0.05)  # 20 s
    with SmallServer(endless) as server:
        started = time.perf_counter()
        said = ask(server, on_text=lambda _: True)
        assert time.perf_counter() - started < 8
    assert said.text == "word "


def test_a_server_that_does_not_stream():
    whole = {
        "choices": [
            {"message": {"role": "assistant", "content": "Two\nlines"}, "finish_reason": "length"}
        ],
        "usage": {"prompt_tokens": 9, "completion_tokens": 3},
    }
    with SmallServer(
        garbage(json.dumps(whole, indent=2).encode(), kind="application/json")
    ) as server:
        said = ask(server)
    assert (said.text, said.finish_reason, said.completion_tokens) == ("Two\nlines", "length", 3)


def test_line_ends_of_unicode_inside_a_text_end_no_line():
    text = "one\u2028two\x85three\x0bfour 🍎"
    with SmallServer(events(chunk(text, finish="stop"))) as server:
        assert ask(server).text == text


@pytest.mark.parametrize(
    ("refusal", "field", "tries"),
    [
        (refuse(500, "logprobs is not supported"), "logprobs", 2),
        (refuse(422, "extra inputs are not permitted"), "repeat_penalty", 3),
        (events(end=False), "logprobs", 2),  # llama-cpp-python's finds out too late
    ],
)
def test_fields_that_a_server_refuses_are_left_out_from_then_on(refusal, field, tries):
    def particular(handler, body):
        (refusal if field in body else GOOD)(handler, body)

    with SmallServer(particular) as server, connect(server.url) as llm:
        for _ in range(2):
            assert llm.generate(ASKED, sampling=Sampling()).text == "Chlorophyll."
    assert [field in body for body in server.bodies] == [True] * (tries - 1) + [False] * 2


def test_what_passes_is_tried_again():
    notices: list[str] = []
    replies = (refuse(429, "slow down", headers=[("Retry-After", "1")]), refuse(503), hang_up, GOOD)
    with SmallServer(*replies) as server:
        started = time.perf_counter()
        said = ask(server, on_notice=notices.append)
    assert said.text == "Chlorophyll."
    assert time.perf_counter() - started >= 1 + 0.5 + 1
    assert "answers 429: slow down; trying again in 1 s" in notices[0]
    assert len(notices) == 3


def test_nothing_is_tried_again_once_text_has_come():
    server = SmallServer(events(chunk("Chloro"), end=False))
    with server, pytest.raises(ModelError, match="broke off"):
        ask(server)
    assert len(server.bodies) == 1


@pytest.mark.parametrize(
    ("reply", "message", "hint"),
    [
        (refuse(401, f"bad key {KEY}"), "answers 401: bad key …", "RAGKIT_API_KEY"),
        (refuse(403, "not you"), "answers 403: not you", "RAGKIT_API_KEY"),
        (refuse(404, "no model tiny"), "answers 404: no model tiny", "check the address"),
        (refuse(400, "4097 tokens"), "answers 400: 4097 tokens", ""),
        (refuse(307, "", headers=[("Location", "http://192.0.2.1/")]), "answers 307", ""),
        (
            garbage(b"<html>\x1b[31mHello</html>", kind="application/json"),
            r"not JSON: <html> \[31m",
            "v1",
        ),
        (garbage(b"<html>Hello</html>"), "broke off", "ask again"),
        (garbage(b"data: {nothing\n\n", kind="text/event-stream"), "not JSON: {nothing", "v1"),
        (garbage(b"data: 7\n\n", kind="text/event-stream"), "sends int, not an object", ""),
        (garbage(b"", kind="text/event-stream"), "broke off", "ask again"),
        (events(chunk("Chl"), end=True), "broke off", "ask again"),
        (
            events(chunk("Chl"), {"error": {"message": "out of memory"}}),
            "failed: out of memory",
            "logs",
        ),
        (events(chunk("Chl"), after=b"data: " + b"x" * 100 + b"\n\n"), "not JSON: xxx", "v1"),
    ],
)
def test_errors_are_one_clear_line_without_the_key(reply, message, hint):
    with SmallServer(reply) as server, pytest.raises(ModelError, match=message) as raised:
        ask(server, api_key=KEY)
    assert hint in raised.value.hint
    assert KEY not in raised.value.message
    assert "\x1b" not in raised.value.message
    assert "\n" not in raised.value.message


def test_a_silent_server_is_given_up():
    server = SmallServer(events(chunk("a"), chunk("b"), pause_s=2))
    with server, pytest.raises(ModelError, match=r"was silent for 0\.3 s") as raised:
        ask(server, timeout_s=0.3)
    assert "RAGKIT_SERVER_TIMEOUT_S" in raised.value.hint


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ModelError, match=f":{port}/v1: Connection refused"):
        OpenAIHttpLLM(parse_address(f"http://127.0.0.1:{port}"))


def test_the_key_goes_with_each_request():
    with SmallServer(GOOD) as server:
        ask(server, api_key=KEY)
    assert [headers["Authorization"] for _, headers, _ in server.asked] == [f"Bearer {KEY}"] * 2
    with SmallServer(GOOD) as server:
        ask(server)
    assert all("Authorization" not in headers for _, headers, _ in server.asked)


def test_whose_key_it_is():
    both = {"RAGKIT_API_KEY": "mine", "OPENAI_API_KEY": "theirs"}
    assert find_api_key(parse_address("http://10.0.0.7/v1"), both) == "mine"
    only = {"OPENAI_API_KEY": " theirs\n"}
    assert find_api_key(parse_address("https://api.example.org/v1"), only) == "theirs"
    assert find_api_key(parse_address("http://[::1]:8080"), only) == "theirs"
    assert find_api_key(parse_address("http://10.0.0.7/v1"), only) == ""  # anyone could read it
    with pytest.raises(UsageError, match="characters that no key has"):
        find_api_key(parse_address("https://example.org"), {"RAGKIT_API_KEY": "a\nHost: b"})


def models(*rows, status=200):
    content = json.dumps({"data": list(rows)}).encode()
    return lambda handler: send(handler, content, status=status)


def test_the_context_window_is_what_the_server_says_where_it_is_less():
    for row, window in (
        ({"id": "tiny", "max_model_len": 2048}, 2048),
        ({"id": "tiny", "meta": {"n_ctx_train": 1024}}, 1024),
        ({"id": "tiny", "context_length": 100_000}, 4096),
        ({"id": "tiny"}, 4096),
    ):
        with SmallServer(GOOD, models=models(row)) as server, connect(server.url) as llm:
            assert llm.context_window == window


def test_of_several_models_one_is_to_be_named():
    several = models({"id": "small"}, {"id": "large"})
    with SmallServer(GOOD, models=several) as server:
        with pytest.raises(ModelError, match=r"several models, .*: small, large") as raised:
            OpenAIHttpLLM(parse_address(server.url))
        assert raised.value.hint.endswith(f"--model {server.url}#NAME")
        with connect(f"{server.url}#large") as llm:
            assert (llm.info.name, llm.info.sha256) == ("large", "")


def test_a_server_without_a_list_of_models_needs_a_name():
    with SmallServer(GOOD, models=models(status=404)) as server:
        with connect(f"{server.url}#any") as llm:
            assert llm.generate(ASKED, sampling=Sampling()).text
        with pytest.raises(ModelError, match="answers 404"):
            OpenAIHttpLLM(parse_address(server.url))


def test_a_prompt_that_does_not_fit_is_not_sent():
    server, long = SmallServer(GOOD), (Message("user", "word " * 60),)
    with server, connect(server.url, context_window=64) as llm, pytest.raises(PromptError):
        llm.generate(long, sampling=Sampling())
    assert not server.bodies


def test_how_likely_a_given_text_is_cannot_be_told():
    server, message = SmallServer(GOOD), "cannot tell how likely"
    with server, connect(server.url) as llm, pytest.raises(ModelError, match=message):
        llm.score_continuations(ASKED, ["Yes"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("http://", "not one that can be used"),
        ("http://host:many/v1", "not one: "),
        ("http://user:password@host/v1", "holds a name or password"),
        ("http://host/v1?key=1", "not one that can be used"),
        ("http://ho st/v1", "not one that can be used"),
    ],
)
def test_broken_addresses(text, message, tmp_path):
    with pytest.raises(UsageError, match=message) as raised:
        open_llm(text, cache_dir=tmp_path)
    assert "password@" not in str(raised.value)


def test_offline_only_this_machine_is_asked(tmp_path, monkeypatch):
    offline = LlmOptions(offline=True)
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:3128")
    with SmallServer(GOOD) as server:
        llm = open_llm(server.url, cache_dir=tmp_path, options=offline)
        assert llm.generate(ASKED, sampling=Sampling()).text == "Chlorophyll."
        llm.close()
    for elsewhere in (
        "http://192.0.2.1/v1",
        "https://example.org/v1",
        "http://127.0.0.1.example.org",
    ):
        with pytest.raises(ModelError, match="the network is not to be used"):
            open_llm(elsewhere, cache_dir=tmp_path, options=offline)


@pytest.fixture(scope="module")
def untrusted(tmp_path_factory):
    """Return a server's TLS with a certificate that nobody vouches for."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, now, now + timedelta(1))
    pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    pem += key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_a_certificate_that_nobody_vouches_for_is_refused_at_once(untrusted):
    tries_again: list[str] = []
    server = SmallServer(GOOD, context=untrusted)
    with server, pytest.raises(ModelError, match=r"cannot reach https://.*certificate"):
        OpenAIHttpLLM(parse_address(server.url), api_key=KEY, on_notice=tries_again.append)
    assert not tries_again
    assert not server.asked
