"""Engines beside each other: what is said depends on neither order, company nor threads."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from ragkit.errors import PromptError
from ragkit.llms import LlamaCppLLM, LlmOptions, PooledLLM, without_chat_template
from ragkit.models import open_llm, prepare_llm
from ragkit.records import Message, Sampling

pytestmark = pytest.mark.model

NAME = "smollm2-135m-instruct"
SYSTEM = Message("system", "You are a patient teacher. " + "Answer with care. " * 40)
QUESTIONS = ("Why are leaves green?", "Name a tree.", "What is a root?", "Who reads bark?")
ASKED = tuple(
    (SYSTEM, Message("user", "Moss drinks rain. " * (20 * at) + question))
    for at, question in enumerate(QUESTIONS)
)
SAMPLED = Sampling(max_new_tokens=12, temperature=1.0, seed=7)


@pytest.fixture(scope="module")
def prepared(cache_dir):
    return prepare_llm(NAME, cache_dir=cache_dir)


def open_engine(prepared, **options):
    return LlamaCppLLM(prepared.path, name=NAME, sha256="", context_window=768, **options)


@pytest.fixture(scope="module")
def pool(prepared):
    opened = PooledLLM(open_engine(prepared, threads=1), engines=3)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def alone(prepared):
    """What an engine of its own says to each, with two threads, which llama.cpp divides sums among
    where a cache holds 512 tokens, unless it is told not to."""
    engine = open_engine(prepared, threads=2)
    said = [engine.generate(messages, sampling=SAMPLED) for messages in ASKED]
    engine.close()
    assert max(completion.prompt_tokens for completion in said) > 400
    return [(one.text, one.token_logprobs, one.finish_reason) for one in said]


@pytest.mark.parametrize("seed", [1, 2])
def test_completions_are_those_of_an_engine_alone_bit_for_bit(pool, alone, seed):
    order = random.Random(seed).sample(range(len(ASKED)), len(ASKED))
    with ThreadPoolExecutor(len(ASKED)) as threads:
        asked = {at: threads.submit(pool.generate, ASKED[at], sampling=SAMPLED) for at in order}
    said = [asked[at].result() for at in range(len(ASKED))]
    assert [(one.text, one.token_logprobs, one.finish_reason) for one in said] == alone


def test_so_are_scores(pool):
    texts = ["Because of chlorophyll.", "Yes"]
    expected = pool.score_continuations(ASKED[0], texts)
    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(pool.score_continuations, m, texts) for m in ASKED[:3] * 2]
    assert asked[0].result() == asked[3].result() == expected


def test_a_listener_still_ends_a_completion(pool):
    heard: list[str] = []

    def listen(piece):
        heard.append(piece)
        return len(heard) == 3

    said = pool.generate(ASKED[0], sampling=Sampling(max_new_tokens=40), on_text=listen)
    assert said.text == "".join(heard)
    assert said.completion_tokens < 12


def test_a_prompt_goes_where_its_beginning_was_read(prepared):
    pool = PooledLLM(open_engine(prepared, threads=1), engines=2)
    other = (Message("user", "Stones are old. " * 60),)
    brief = Sampling(max_new_tokens=1)
    for messages in (ASKED[1], other, ASKED[1], other):
        pool.generate(messages, sampling=brief)
    read = [engine.evaluated_prompt_tokens for engine in pool._free]
    pool.close()
    assert all(0 < tokens <= 128 for tokens in read), read


def test_an_error_gives_the_engine_back(pool):
    for _ in range(4):
        with pytest.raises(PromptError):
            pool.generate((Message("user", "long " * 900),), sampling=SAMPLED)
    assert len(pool._free) == 3


def test_it_can_be_asked_without_its_template_too(pool, alone):
    plain = without_chat_template(pool)
    assert plain.render_prompt(ASKED[1]).endswith("Name a tree.\nAnswer:")
    assert plain.generate(ASKED[1], sampling=SAMPLED).token_logprobs != alone[1][1]
    assert pool.generate(ASKED[1], sampling=SAMPLED).token_logprobs == alone[1][1]


def test_opened_by_name(cache_dir):
    options = LlmOptions(engines=2, threads=2, context_window=512, gpu_layers=0)
    pool = open_llm(NAME, cache_dir=cache_dir, options=options)
    assert isinstance(pool, PooledLLM)
    assert (pool.engines, pool.context_window, pool.info.name) == (2, 512, NAME)
    pool.close()


def test_as_many_as_cores_and_memory_allow(cache_dir):
    """The smallest cache fits everywhere; one of a machine's whole memory nowhere twice."""
    options = LlmOptions(engines=0, threads=3, context_window=512, gpu_layers=0)
    pool = open_llm(NAME, cache_dir=cache_dir, options=options)
    assert isinstance(pool, PooledLLM)
    assert pool.engines == 3
    pool.close()
