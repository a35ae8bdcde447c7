"""llama-cpp-python's own server with the bundled model, asked as any other server is."""

import json
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from ragkit.errors import ModelError
from ragkit.llms import LlamaCppLLM, OpenAIHttpLLM
from ragkit.llms.openai_http import parse_address
from ragkit.models import prepare_llm
from ragkit.records import Message, Sampling

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(
        not all(map(find_spec, ("uvicorn", "fastapi", "sse_starlette", "starlette_context"))),
        reason="the server is not installed: pip install 'llama-cpp-python[server]'",
    ),
]
ASKED = (Message("system", "Answer in one sentence."), Message("user", "Why are leaves green?"))
BRIEF = Sampling(max_new_tokens=16)


@pytest.fixture(scope="module")
def model_path(cache_dir):
    return prepare_llm("smollm2-135m-instruct", cache_dir=cache_dir).path


@pytest.fixture(scope="module", params=["1", "0"], ids=["with log-probabilities", "without"])
def served(request, model_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    script = Path(__file__).with_name("serve_llama_cpp.py")
    command = [sys.executable, str(script), str(model_path), str(port), request.param]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as server:
        try:
            yield _connect_when_ready(server, port), request.param == "1"
        finally:
            server.terminate()


def _connect_when_ready(server, port):
    for _ in range(100):
        try:
            return OpenAIHttpLLM(parse_address(f"http://127.0.0.1:{port}"), context_window=512)
        except ModelError:
            if server.poll() is not None:
                pytest.fail(server.stderr.read().decode())
            time.sleep(0.2)
    return pytest.fail("the server did not start")


def test_says_what_the_same_file_says_in_this_process(served, model_path):
    llm, offers_logprobs = served
    pieces: list[str] = []
    said = llm.generate(ASKED, sampling=BRIEF, on_text=pieces.append)
    here = LlamaCppLLM(model_path, name="here", sha256="", context_window=512)
    expected = here.generate(ASKED, sampling=BRIEF)
    here.close()
    assert llm.info.name == "small"
    assert said.text == expected.text == "".join(pieces)
    assert len(pieces) > 5
    assert said.finish_reason == expected.finish_reason
    if offers_logprobs:
        assert said.token_logprobs == pytest.approx(expected.token_logprobs, abs=0.05)
    else:
        assert said.token_logprobs == ()


def test_follows_a_grammar(served):
    llm, _ = served
    grammar = 'root ::= "{\\"grounded\\": " ("true" | "false") "}"'
    said = llm.generate(ASKED, sampling=Sampling(max_new_tokens=30, grammar=grammar))
    assert json.loads(said.text).keys() == {"grounded"}
