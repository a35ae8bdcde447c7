"""Several completions of one prompt: each its own seed, the same again whatever came between."""

import pytest

from ragkit.llms import LlamaCppLLM, PooledLLM, ScriptedLLM, generate_several
from ragkit.models import prepare_llm
from ragkit.records import Message, Sampling

NAME = "smollm2-135m-instruct"
SYSTEM = Message("system", "You are a patient teacher. " + "Answer with care. " * 30)
ASKED = (SYSTEM, Message("user", "Why are leaves green?"))
OTHER = (SYSTEM, Message("user", "Name a tree and a stone."))
WARM = Sampling(max_new_tokens=14, temperature=0.9)
SEEDED = [Sampling(max_new_tokens=14, temperature=0.9, seed=seed) for seed in range(5)]


@pytest.fixture(scope="module")
def llm(cache_dir):
    prepared = prepare_llm(NAME, cache_dir=cache_dir)
    opened = LlamaCppLLM(prepared.path, name=NAME, sha256="", context_window=1024, threads=2)
    yield opened
    opened.close()


def ask(llm, samplings=SEEDED, *, enough=lambda _text: False):
    said = generate_several(llm, ASKED, samplings=samplings, is_enough=enough)
    return [(one.text, one.token_logprobs) for one in said]


@pytest.mark.model
def test_seeds_say_different_things_and_the_same_again(llm):
    first = ask(llm)
    assert len({text for text, _ in first}) >= 3
    llm.generate(OTHER, sampling=WARM)
    assert ask(llm) == first


@pytest.mark.model
def test_they_leave_nothing_behind(llm):
    before = llm.generate(OTHER, sampling=WARM)
    ask(llm)
    after = llm.generate(OTHER, sampling=WARM)
    assert (after.text, after.token_logprobs) == (before.text, before.token_logprobs)
    ask(llm)
    llm.generate(ASKED, sampling=WARM)
    assert llm.evaluated_prompt_tokens <= 128


@pytest.mark.model
def test_each_is_what_its_seed_says_alone_up_to_the_last_bits(llm):
    """The first token comes from the very same logits; later ones from a batch of another size."""
    for at, (_, logprobs) in enumerate(ask(llm)):
        alone = llm.generate(ASKED, sampling=SEEDED[at])
        assert logprobs[0] == alone.token_logprobs[0]


@pytest.mark.model
def test_one_that_ends_early_ends_no_other(llm):
    whole = ask(llm)
    short = ask(llm, enough=lambda text: text.startswith(whole[0][0][:8]))
    assert len(short[0][1]) < len(whole[0][1])
    assert [len(logprobs) for _, logprobs in short[1:]] == [len(one) for _, one in whole[1:]]


@pytest.mark.model
def test_more_than_go_into_one_batch(llm):
    many = [Sampling(max_new_tokens=3, temperature=0.9, seed=seed) for seed in range(9)]
    said = ask(llm, many)
    assert len(said) == 9
    assert all(len(logprobs) == 3 for _, logprobs in said)


@pytest.mark.model
def test_engines_beside_each_other_draw_the_same(llm):
    pool = PooledLLM(llm, engines=2)
    assert ask(pool) == ask(llm) == ask(pool)


def test_a_rule_says_the_same_each_time():
    said = ask(ScriptedLLM("abstain"))
    assert [text for text, _ in said] == ["The documents do not say."] * 5
