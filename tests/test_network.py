"""No test reaches anything but this machine, and ragkit itself does so only to pull a model."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from pytest_socket import SocketBlockedError, SocketConnectBlockedError

from ragkit.cli.main import VERBS
from ragkit.training.example_files import save_examples
from ragkit.training.records import Example
from tests.small_project import QUESTION, UNANSWERABLE, write_project
from tests.training.tiny_base import write_tiny_base


def test_the_network_is_blocked():
    blocked = (SocketBlockedError, SocketConnectBlockedError)
    with warnings.catch_warnings(action="ignore"), pytest.raises(blocked):
        socket.create_connection(("192.0.2.1", 80), timeout=0.1)  # RFC 5737: for documentation


def test_processes_started_by_tests_are_offline():
    assert os.environ["RAGKIT_OFFLINE"] == "1"


ROOT = Path(__file__).parent.parent


def test_onnxruntime_is_loaded_in_one_place_which_turns_its_telemetry_off():
    """From native code, where the sockets of tests are not blocked either."""
    importing = re.compile(r"^\s*(import onnxruntime|from onnxruntime)", re.MULTILINE)
    places = [
        *ROOT.glob("ragkit/**/*.py"),
        *ROOT.glob("tests/**/*.py"),
        *ROOT.glob("evals/**/*.py"),
    ]
    found = [path.name for path in places if importing.search(path.read_text(encoding="utf-8"))]
    assert found == ["runtime.py"]


# --- what ragkit asks for -------------------------------------------------------------------------

CODE = """
import json, sys
from ragkit.cli.main import main
for arguments in json.loads(sys.argv[1]):
    try:
        main(arguments)
    except SystemExit as ended:
        print("ENDED", ended.code, *arguments, file=sys.stderr)
"""
TRAIN = (
    "train --base tiny.gguf --examples one.jsonl --out a.gguf --held-out 0 --no-compile --no-proof"
).split()
USED = [
    (["ingest"], 0),
    (["search", QUESTION], 0),
    (["ask", QUESTION], 0),
    (["ask", UNANSWERABLE], 3),
    (["chat"], 0),
    (["prompt", "show", QUESTION], 0),
    (["index", "verify"], 0),
    (["models", "list"], 0),
    (["models", "verify"], 0),
    (["models", "pull", "all-MiniLM-L6-v2"], 0),
    (["doctor"], 0),
    (TRAIN, 0),
    # what is not here is not fetched without being asked for
    (["ask", QUESTION, "--model", "qwen3-4b"], 1),
    (["search", QUESTION, "--encoder", "intfloat/e5-small-v2"], 1),
    (["search", QUESTION, "--encoder", "BAAI/bge-m3"], 1),
    # nor, offline, though it is asked for
    (["models", "pull", "qwen3-4b", "--offline"], 1),
    (["models", "pull", "https://example.org/model.gguf", "--offline"], 1),
    (["ask", QUESTION, "--model", "http://example.org/v1#gpt", "--offline"], 1),
]
"""What is typed, and the code that it ends with."""


@pytest.fixture(scope="session")
def no_network(tmp_path_factory) -> Path:
    """A library that refuses every socket of a process that it is loaded into."""
    if sys.platform != "linux" or shutil.which("gcc") is None:
        pytest.skip("it takes Linux and gcc to refuse sockets below Python")
    library = tmp_path_factory.mktemp("no_network") / "no_network.so"
    source = Path(__file__).with_name("no_network.c")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


@pytest.fixture
def run(no_network, tmp_path, cache_dir):
    """Run Python code without a network; return how it ended and what it tried."""

    def run(code, *arguments):
        log = tmp_path / "attempts"
        settings = {
            "RAGKIT_OFFLINE": "0",
            "LD_PRELOAD": str(no_network),
            "NETWORK_LOG": str(log),
            "HOME": str(tmp_path / "home"),
            "XDG_CACHE_HOME": str(tmp_path / "home"),
            "HF_HOME": str(tmp_path / "hub"),
        }
        hidden = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=tmp_path,
            env={**hidden, **settings},
            input=f"{QUESTION}\n/quit\n",
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return done, log.read_text() if log.exists() else ""

    return run


def test_attempts_are_seen(run):
    _, tried = run("import urllib.request as r; r.urlopen('http://example.org')")
    assert tried == "getaddrinfo example.org\n"
    _, tried = run("import socket; socket.create_connection(('192.0.2.1', 80))")
    assert "socket IPv4" in tried or "getaddrinfo 192.0.2.1" in tried
    _, tried = run(CODE, json.dumps([["models", "pull", "qwen3-4b"]]))
    assert "getaddrinfo huggingface.co" in tried


@pytest.mark.model
def test_nothing_but_pulling_a_model_uses_the_network(run, tmp_path):
    """Not even on the first use of the encoder, though `offline` is not set.

    Mended: onnxruntime told its maker what it runs, some seconds after it had started, from where
    no test of Python's sockets sees it. Until it can, it keeps what it has to tell in a file.
    """
    write_project(tmp_path)
    write_tiny_base(tmp_path / "tiny.gguf")
    save_examples(
        tmp_path / "one.jsonl",
        [Example("q", "answer", "zero-shot", "d", "<|im_start|>user\nIs it?<|im_end|>\n", "Yes.")],
    )
    typed = [arguments for arguments, _ in USED]
    assert {arguments[0] for arguments in typed} >= VERBS.keys() - {"eval"}
    done, tried = run(CODE, json.dumps(typed))
    assert tried == ""
    assert not list((tmp_path / "home").rglob("*onnxruntime*"))
    ended = [line for line in done.stderr.splitlines() if line.startswith("ENDED")]
    assert ended == [f"ENDED {code} {' '.join(arguments)}" for arguments, code in USED], done.stderr
