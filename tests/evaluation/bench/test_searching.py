"""The call "search": three ways of finding passages, and what is kept of them."""

from dataclasses import replace

import pytest

from ragkit.evaluation.bench import SEARCHES, perform, search_variant
from ragkit.evaluation.gold import count_tokens, holds_any
from ragkit.evaluation.records import Task
from ragkit.index import LocalIndex
from tests.evaluation.small_suite import HOMEWORK, POOLING, bench_over
from tests.small_index import write_course


@pytest.fixture
def bench(tmp_path):
    with LocalIndex(write_course(tmp_path / "index")) as index:
        yield bench_over(index)


def found(bench, way, sample=POOLING):
    outcome = perform(Task(sample, search_variant(way), "search"), bench)
    assert outcome.error == ""
    return outcome


@pytest.mark.parametrize("way", SEARCHES)
def test_each_way_finds_the_gold(bench, way):
    outcome = found(bench, way)
    assert holds_any(outcome.passages[0], POOLING.gold)
    assert [passage.id for passage in outcome.passages] == list(range(1, len(outcome.passages) + 1))
    assert outcome.extra["tokens"] == [count_tokens(one.text) for one in outcome.passages]
    assert outcome.extra["top_n"] == 5
    assert outcome.completion is None
    assert outcome.readings == {}


def test_the_ways_differ_in_what_they_know(bench):
    lexical, dense, hybrid = (found(bench, way) for way in ("lexical", "dense", "hybrid"))
    assert len(lexical.passages) < len(dense.passages) == 6, "words find what shares a word"
    assert lexical.extra["top_cosine"] is None
    assert dense.extra["top_cosine"] == pytest.approx(dense.passages[0].cosine)
    assert hybrid.sufficiency is not None
    assert lexical.sufficiency is dense.sufficiency is None
    assert any(passage.evidence for passage in hybrid.passages)


def test_a_search_keeps_to_the_documents_that_a_sample_names(bench):
    for way in SEARCHES:
        outcome = found(bench, way, replace(HOMEWORK, within=("notes.md",)))
        assert {passage.document for passage in outcome.passages} <= {"notes.md"}


def test_the_model_is_not_loaded(tmp_path):
    def refuse():
        raise AssertionError("a search needs no model")

    with LocalIndex(write_course(tmp_path / "index")) as index:
        bench = bench_over(index)
        bench._load_llm = refuse
        assert found(bench, "hybrid").passages
