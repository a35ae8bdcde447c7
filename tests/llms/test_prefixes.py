"""Prefixes on disk: the same bits as without them, and nothing lost where they are damaged."""

import os

import pytest

from ragkit.llms import LlamaCppLLM, LoraAdapter
from ragkit.llms.prefixes import SavedPrefixes
from ragkit.models import prepare_llm
from ragkit.records import Message, Sampling
from tests.llms.small_lora import query_matrices, write_lora

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
SKY, LEAVES = "Why is the sky blue?", "Why are leaves green?"


@pytest.fixture
def ask(cache_dir, tmp_path):
    """Ask a model that was just opened, as a new process does."""
    path = prepare_llm("smollm2-135m-instruct", cache_dir=cache_dir).path

    def with_a_new_model(*questions, lora=None):
        llm = LlamaCppLLM(
            path, name="small", sha256="0", context_window=1024, lora=lora,
            prefix_dir=tmp_path / "prefixes",
        )  # fmt: skip
        said = []
        for question in questions:
            asked = (SYSTEM, Message("user", question))
            completion = llm.generate(asked, sampling=Sampling(4, temperature=1.0, seed=5))
            said.append((completion.token_logprobs, llm.evaluated_prompt_tokens))
        llm.close()
        return said

    return with_a_new_model


@pytest.mark.model
def test_what_comes_twice_is_read_from_disk_the_third_time(ask, tmp_path):
    """Bit for bit the same log-probabilities, with 256 tokens less to evaluate."""
    ((of_sky, length),) = ask(SKY)
    assert length > 256
    assert not list((tmp_path / "prefixes").glob("*.kv"))
    ((of_leaves, leaves_length),) = ask(LEAVES)
    assert leaves_length > 256
    (kept,) = (tmp_path / "prefixes").glob("*.kv")
    assert ask(SKY, LEAVES, SKY) == [
        (of_sky, length - 256),
        (of_leaves, leaves_length - 256),
        (of_sky, length - 256),
    ]
    kept.write_bytes(kept.read_bytes()[:-1])
    assert ask(SKY) == [(of_sky, length)]
    assert ask(SKY) == [(of_sky, length - 256)]  # it was kept again


@pytest.mark.model
def test_what_was_read_with_an_adapter_is_no_prefix_without_it(ask, tmp_path):
    """Nor the other way round, nor at another scale; each is read from disk where it fits."""
    path = write_lora(tmp_path / "noise.gguf", query_matrices(scale=0.5))
    ways = [None, LoraAdapter(path, "5e"), LoraAdapter(path, "5e", scale=0.5)]
    first = [ask(SKY, lora=lora) for lora in ways]
    assert len({said for ((said, _),) in first}) == 3
    assert [ask(SKY, lora=lora) for lora in ways] == first  # each was wanted once before: kept now
    assert len(list((tmp_path / "prefixes").glob("*.kv"))) == 3
    third = [ask(SKY, lora=lora) for lora in ways]
    assert third == [[(said, length - 256)] for ((said, length),) in first]


@pytest.mark.model
def test_a_state_that_llama_cpp_refuses_is_forgotten(cache_dir):
    path = prepare_llm("smollm2-135m-instruct", cache_dir=cache_dir).path
    llm = LlamaCppLLM(path, name="small", sha256="", context_window=512)
    asked = (Message("user", "Why are leaves green?"),)
    expected = llm.generate(asked, sampling=Sampling(4)).token_logprobs
    llm._native.restore_prefix(TOKENS, b"\0" * 10_000)
    assert llm.generate(asked, sampling=Sampling(4)).token_logprobs == expected
    llm.close()
