"""Prefixes on disk: the same bits as without them, and nothing lost where they are damaged."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ragkit.llms import LlamaCppLLM
from ragkit.llms.prefixes import SavedPrefixes
from ragkit.models import prepare_llm
from ragkit.records import Message, Sampling

TOKENS = list(range(128))
STATE = b"some numbers" * 100


def test_what_is_saved_is_found_for_the_same_tokens_and_identity(tmp_path):
    kept = SavedPrefixes(tmp_path / "new", {"cpu": "a"})
    assert kept.load(TOKENS) is None
    kept.save(TOKENS, STATE)
    assert kept.load(TOKENS) == STATE
    assert kept.load(TOKENS[:-1]) is None
    assert SavedPrefixes(tmp_path / "new", {"cpu": "a"}).load(TOKENS) == STATE
    assert SavedPrefixes(tmp_path / "new", {"cpu": "b"}).load(TOKENS) is None


def test_only_what_comes_again_is_wanted(tmp_path):
    kept = SavedPrefixes(tmp_path, {})
    assert [kept.was_wanted_before(TOKENS) for _ in range(2)] == [False, True]
    assert not kept.was_wanted_before(TOKENS[1:])


def test_any_flipped_or_missing_byte_is_as_no_file(tmp_path):
    kept = SavedPrefixes(tmp_path, {})
    kept.save(TOKENS, STATE)
    (path,) = tmp_path.glob("*.kv")
    whole = path.read_bytes()
    for position in (0, 20, len(whole) - 1):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        assert kept.load(TOKENS) is None
    for length in (0, 10, 40, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert kept.load(TOKENS) is None


def test_those_used_longest_ago_go_first(tmp_path):
    size = len(STATE) + 100
    kept = SavedPrefixes(tmp_path, {}, most_bytes=3 * size)
    for number in range(3):
        kept.save([number], STATE)
        for path in tmp_path.glob("*.kv"):
            os.utime(path, (path.stat().st_mtime - 100,) * 2)
    assert kept.load([0]) == STATE  # used just now
    kept.save([3], STATE)
    assert [kept.load([number]) is not None for number in range(4)] == [True, False, True, True]
    kept.save([4], STATE * 4)  # alone too large
    assert kept.load([4]) is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_no_error(tmp_path):
    tmp_path.chmod(0o500)
    kept = SavedPrefixes(tmp_path / "new", {})
    assert not kept.was_wanted_before(TOKENS)
    kept.save(TOKENS, STATE)
    assert kept.load(TOKENS) is None


def test_a_folder_that_is_a_file_is_no_error(tmp_path):
    (tmp_path / "file").write_text("")
    kept = SavedPrefixes(tmp_path / "file", {})
    assert not kept.was_wanted_before(TOKENS)
    kept.save(TOKENS, STATE)
    assert kept.load(TOKENS) is None


SYSTEM = Message("system", "You are a patient teacher. " + "Answer with care. " * 70)
SCRIPT = """
import json, sys
from pathlib import Path
from ragkit.llms import LlamaCppLLM
from ragkit.records import Message, Sampling
path, prefixes, *questions = sys.argv[1:]
llm = LlamaCppLLM(
    Path(path), name="small", sha256="0", context_window=1024, prefix_dir=Path(prefixes)
)
for question in questions:
    asked = (Message("system", SYSTEM), Message("user", question))
    said = llm.generate(asked, sampling=Sampling(8, temperature=1.0, seed=5))
    print(json.dumps([said.text, said.token_logprobs, llm.evaluated_prompt_tokens]))
"""


@pytest.fixture
def ask(cache_dir, tmp_path):
    path = prepare_llm("smollm2-135m-instruct", cache_dir=cache_dir).path

    def in_a_process_of_its_own(*questions):
        script = f"SYSTEM = {SYSTEM.content!r}\n{SCRIPT}"
        folder = str(tmp_path / "prefixes")
        arguments = [sys.executable, "-c", script, str(path), folder, *questions]
        done = subprocess.run(arguments, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        return [json.loads(line) for line in done.stdout.splitlines()]

    return in_a_process_of_its_own


@pytest.mark.model
def test_the_next_process_reads_the_prefix_of_the_second(ask, tmp_path, cache_dir):
    """Bit for bit the same log-probabilities, with 256 tokens less to evaluate."""
    ((text, logprobs, length),) = ask("Why is the sky blue?")
    assert not list((tmp_path / "prefixes").glob("*.kv"))
    ((_, _, evaluated),) = ask("Why are leaves green?")
    assert list((tmp_path / "prefixes").glob("*.kv"))
    assert evaluated > 256
    assert ask("Why is the sky blue?", "Why are leaves green?", "Why is the sky blue?") == [
        [text, logprobs, length - 256],
        [*ask("Why are leaves green?")[0][:2], evaluated - 256],
        [text, logprobs, length - 256],
    ]
    (kept,) = (tmp_path / "prefixes").glob("*.kv")
    kept.write_bytes(kept.read_bytes()[:-1])
    assert ask("Why is the sky blue?") == [[text, logprobs, length]]


@pytest.mark.model
def test_a_state_that_llama_cpp_refuses_is_forgotten(cache_dir):
    path = prepare_llm("smollm2-135m-instruct", cache_dir=cache_dir).path
    llm = LlamaCppLLM(Path(path), name="small", sha256="", context_window=512)
    asked = (Message("user", "Why are leaves green?"),)
    expected = llm.generate(asked, sampling=Sampling(4)).token_logprobs
    llm._native.restore_prefix(TOKENS, b"\0" * 10_000)
    assert llm.generate(asked, sampling=Sampling(4)).token_logprobs == expected
    llm.close()
