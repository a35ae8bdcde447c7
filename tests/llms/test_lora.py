"""LoRA adapters on the bundled model: one that does nothing, one that does, and broken ones."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from ragkit.errors import ModelError, UsageError
from ragkit.files import sha256_of
from ragkit.llms import LlmOptions
from ragkit.models import find_llm, open_llm
from ragkit.records import Message, Sampling
from tests.llms.small_lora import query_matrices, write_lora

pytestmark = pytest.mark.model

NAME = "smollm2-135m-instruct"
ASKED = (Message("user", "Why are leaves green?"),)


@pytest.fixture
def say(cache_dir):
    def completion(lora="", *, scale=1.0, model=NAME):
        options = LlmOptions(context_window=256, lora=str(lora), lora_scale=scale)
        llm = open_llm(model, cache_dir=cache_dir, options=options)
        said = llm.generate(ASKED, sampling=Sampling(max_new_tokens=8))
        llm.close()
        return said.text, said.token_logprobs, llm.info.adapter

    return completion


def test_an_adapter_of_zeros_changes_nothing_bit_for_bit(say, tmp_path):
    zeros = write_lora(tmp_path / "zeros.gguf", query_matrices())
    plain = say()
    text, logprobs, adapter = say(zeros)
    assert (text, logprobs, "") == plain
    assert adapter == f"zeros {sha256_of(zeros)}"


def test_an_adapter_changes_what_is_said_as_strongly_as_its_scale(say, tmp_path):
    adapter = write_lora(tmp_path / "noise.gguf", query_matrices(scale=0.2))
    plain = say()
    assert say(adapter)[1] != plain[1]
    assert say(adapter, scale=0.0)[1] == plain[1]
    assert say(adapter, scale=0.5)[1] not in (plain[1], say(adapter)[1])
    assert say(adapter, scale=0.5)[2].startswith("noise x0.5 ")


def test_every_engine_of_a_pool_speaks_with_it(cache_dir, tmp_path):
    """Bit for bit as one engine of two threads does, in 16-bit numbers as adapters are shipped."""
    matrices = query_matrices(scale=0.5, rank=8, layers=range(30))
    adapter = write_lora(tmp_path / "noise.gguf", matrices, dtype=np.float16)
    asked = [(Message("user", f"{'Moss drinks rain. ' * n} Why?"),) for n in (1, 20, 40)]
    sampling = Sampling(max_new_tokens=8, temperature=1.0, seed=3)

    def ask_all(*, lora, engines):
        options = LlmOptions(
            context_window=512, threads=2, engines=engines, lora=lora, lora_scale=0.5, gpu_layers=0
        )
        llm = open_llm(NAME, cache_dir=cache_dir, options=options)
        with ThreadPoolExecutor(engines) as threads:
            said = list(threads.map(lambda one: llm.generate(one, sampling=sampling), asked * 2))
        llm.close()
        return [one.token_logprobs for one in said]

    alone = ask_all(lora=str(adapter), engines=1)
    assert ask_all(lora=str(adapter), engines=3) == alone
    plain = ask_all(lora="none", engines=3)
    assert not set(plain) & set(alone)


def test_it_goes_with_the_file_as_published_too(say, tmp_path):
    adapter = write_lora(tmp_path / "noise.gguf", query_matrices(scale=0.2))
    published = str(find_llm(NAME))
    assert say(adapter, model=published)[1] != say(model=published)[1]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: write_lora(path, query_matrices(), architecture="qwen2"), "arch mismatch"),
        (lambda path: write_lora(path, query_matrices(width=512)), "incorrect shape"),
        (lambda path: write_lora(path, query_matrices(layers=(77,))), "does not exist in base"),
        (lambda path: write_lora(path, query_matrices(), kind="dora"), "got: dora"),
        (lambda path: path.write_bytes(find_llm(NAME).read_bytes()), "got: model"),
        (lambda path: path.write_bytes(b""), "failed to load"),
        (
            lambda path: path.write_bytes(b"GGUF\x03\0\0\0" + bytes(range(256)) * 9),
            "failed to load",
        ),
        (
            lambda path: path.write_bytes(write_lora(path, query_matrices()).read_bytes()[:-1]),
            "corrupted or incomplete",
        ),
    ],
)
def test_what_is_no_adapter_for_the_model_is_said_with_the_reason(
    say, tmp_path, capfd, make, reason
):
    path = tmp_path / "wrong.gguf"
    make(path)
    with pytest.raises(ModelError, match=f"wrong.gguf is no LoRA adapter .*{reason}") as raised:
        say(path)
    assert "\n" not in raised.value.message
    assert capfd.readouterr() == ("", "")


def test_a_missing_adapter(say, tmp_path):
    with pytest.raises(ModelError, match="there is no LoRA adapter at"):
        say(tmp_path / "none.gguf")


def test_only_files_take_adapters(cache_dir, tmp_path):
    options = LlmOptions(lora=str(write_lora(tmp_path / "zeros.gguf", query_matrices())))
    for model in ("scripted:echo", "http://127.0.0.1:9/v1"):
        with pytest.raises(UsageError, match=r"applied to GGUF files, not to (scripted|http)"):
            open_llm(model, cache_dir=cache_dir, options=options)
