"""The bundled model: generation beside llama.cpp alone, and the time to the first token.

Run with: make bench. To reach: 0.95 of the tokens per second of llama.cpp on the same file and
threads, and a first token within a second of a prompt of 500 tokens.
"""

import statistics
import time

import pytest

from ragkit.llms import LlamaCppLLM, load_llama_cpp
from ragkit.llms.native.processor import has_broken_amx
from ragkit.machine import physical_cores
from ragkit.models import prepare_llm
from ragkit.records import Message, Sampling

TOKENS, ROUNDS = 96, 9
SYSTEM = Message("system", "You are a patient teacher. " + "Answer with care. " * 110)
STORY = (Message("user", "Tell a long story about an old tree, a river and a stone bridge."),)

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def prepared(cache_dir):
    return prepare_llm("smollm2-135m-instruct", cache_dir=cache_dir)


@pytest.fixture(scope="module")
def llm(prepared):
    opened = LlamaCppLLM(prepared.path, name="small", sha256="", context_window=2048)
    yield opened
    opened.close()


class Alone:
    """llama.cpp as its own examples call it: no text, no log-probabilities, nothing in between."""

    def __init__(self, path):
        self.library = load_llama_cpp()
        params = self.library.llama_model_default_params()
        params.use_extra_bufts = not has_broken_amx(self.library.llama_print_system_info())
        self.model = self.library.llama_model_load_from_file(str(path).encode(), params)
        context = self.library.llama_context_default_params()
        context.n_ctx, context.n_threads, context.n_threads_batch = (2048, *[physical_cores()] * 2)
        self.context = self.library.llama_init_from_model(self.model, context)
        self.sampler = self.library.llama_sampler_init_greedy()

    def generate(self, prompt):
        """Return the tokens after a prompt, and the seconds that all but the first took."""
        library, said, started = self.library, [], 0.0
        library.llama_memory_clear(library.llama_get_memory(self.context), 1)
        tokens = (library.llama_token * len(prompt))(*prompt)
        for _ in range(TOKENS):
            library.llama_decode(self.context, library.llama_batch_get_one(tokens, len(tokens)))
            said.append(library.llama_sampler_sample(self.sampler, self.context, -1))
            tokens = (library.llama_token * 1)(said[-1])
            if len(said) == 1:
                started = time.perf_counter()
        return said, time.perf_counter() - started

    def close(self):
        self.library.llama_sampler_free(self.sampler)
        self.library.llama_free(self.context)
        self.library.llama_model_free(self.model)


def test_generation_beside_llama_cpp_alone(benchmark, llm, prepared):
    """In turns, so that both see the same machine; what is compared is the median of the ratios."""
    alone = Alone(prepared.path)
    prompt = llm._native.vocabulary.tokenize(llm.render_prompt(STORY))
    ratios, ours = [], []

    def both():
        _, theirs_s = alone.generate(prompt)
        said = llm.generate(STORY, sampling=Sampling(max_new_tokens=TOKENS))
        assert said.completion_tokens == TOKENS
        ratios.append(theirs_s / said.generate_s)
        ours.append((TOKENS - 1) / said.generate_s)

    benchmark.pedantic(both, rounds=ROUNDS, warmup_rounds=1)
    alone.close()
    benchmark.extra_info["tokens per second"] = round(statistics.median(ours), 1)
    benchmark.extra_info["of llama.cpp alone"] = round(statistics.median(ratios), 3)
    assert statistics.median(ratios) >= 0.95


def test_first_token_of_a_prompt_of_500_tokens(benchmark, llm):
    numbers = iter(range(1000))

    def new():
        asked = (Message("system", f"{next(numbers)} {SYSTEM.content}"), *STORY)
        llm.generate(asked, sampling=Sampling(max_new_tokens=1))
        return llm.evaluated_prompt_tokens

    assert 450 <= benchmark.pedantic(new, rounds=ROUNDS, warmup_rounds=1) <= 600


def test_first_token_where_the_beginning_was_read_before(benchmark, llm):
    numbers = iter(range(1000))

    def new_question():
        asked = (SYSTEM, Message("user", f"What is {next(numbers)} times 3?"))
        llm.generate(asked, sampling=Sampling(max_new_tokens=1))
        return llm.evaluated_prompt_tokens

    assert benchmark.pedantic(new_question, rounds=ROUNDS, warmup_rounds=1) < 128
