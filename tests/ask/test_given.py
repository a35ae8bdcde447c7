"""Questions answered from passages that were chosen elsewhere."""

from dataclasses import replace

import pytest

from ragkit.ask import AskOptions, Assistant, Given
from ragkit.index import LocalIndex
from ragkit.llms import ScriptedLLM
from ragkit.prompting import load_strategy
from ragkit.retrieval import Retriever
from tests.small_index import ENCODER, write_course

QUESTION = "What does mean pooling average over the token embeddings?"
OPTIONS = AskOptions(always_generate=True)


@pytest.fixture
def assistant(tmp_path):
    with LocalIndex(write_course(tmp_path / "index")) as index:
        yield Assistant(index, ENCODER, load_llm=lambda: ScriptedLLM("copy-first-source"))


@pytest.fixture
def hits(assistant):
    return Retriever(assistant._index, ENCODER).search(QUESTION, top_n=3)


def without_times(answer):
    completion = answer.completion and replace(answer.completion, first_token_s=0, generate_s=0)
    return replace(answer, timings_s={}, completion=completion)


def test_what_would_be_found_makes_no_difference_when_given(assistant, hits):
    options = replace(OPTIONS, top_n=3)
    found = assistant.ask(QUESTION, options)
    given = assistant.ask(QUESTION, options, given=Given(hits))
    assert without_times(given) == without_times(found)


def test_only_given_passages_are_sources(assistant, hits):
    answer = assistant.ask(QUESTION, OPTIONS, given=Given(hits[2:]))
    assert {source.hit.chunk.id for source in answer.prompt.sources} == {hits[2].chunk.id}


def test_order_is_kept_where_it_is_wished(assistant, hits):
    turned = tuple(reversed(hits))
    by_best = assistant.ask(QUESTION, OPTIONS, given=Given(turned)).prompt.sources
    in_order = assistant.ask(QUESTION, OPTIONS, given=Given(turned, in_order=True)).prompt.sources
    wished = [hit.chunk.id for hit in turned]
    assert [source.hit.chunk.id for source in in_order] == wished
    assert [source.hit.chunk.id for source in by_best] != wished
    assert [source.id for source in in_order] == [1, 2, 3]
    for source in in_order:
        assert {sentence.source_id for sentence in source.sentences} == {source.id}


def test_no_overview_is_given_of_given_passages(assistant, hits):
    question = "Which documents are there?"
    assert assistant.ask(question, OPTIONS).scope == "corpus"
    assert assistant.ask(question, OPTIONS, given=Given(hits)).scope == "passages"


def test_no_passages_are_no_answer(assistant):
    answer = assistant.ask(QUESTION, OPTIONS, given=Given(()))
    assert answer.abstained
    assert answer.prompt is None


def test_a_strategy_made_elsewhere_is_used(assistant, hits):
    own = replace(load_strategy("zero-shot"), name="own", system="Say it in one word.")
    answer = assistant.ask(QUESTION, replace(OPTIONS, strategy=own), given=Given(hits))
    assert answer.prompt.strategy == "own"
    assert answer.prompt.messages[0].content == "Say it in one word."
