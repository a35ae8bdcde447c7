"""Several answers to one question, and which of them mean the same."""

import math

import pytest

from ragkit.encoders import HashingEncoder
from ragkit.evaluation.bench import perform
from ragkit.evaluation.meanings import cluster_meanings, semantic_entropy
from ragkit.evaluation.records import Task, Variant
from ragkit.index import LocalIndex
from tests.evaluation.small_suite import HOMEWORK, bench_over
from tests.small_index import write_course

BASE = Variant("base", "base", "as it is")
QUESTION = "How long is the bridge at Orsk?"


def test_a_rule_scatters_over_one_meaning(tmp_path):
    with LocalIndex(write_course(tmp_path / "index")) as index:
        bench = bench_over(index)
        outcome = perform(Task(HOMEWORK, BASE, "samples"), bench)
        asked = perform(Task(HOMEWORK, BASE), bench)
    assert outcome.error == ""
    assert outcome.extra["texts"] == ["Homework is due on Friday at noon."] * 5
    assert outcome.extra["clusters"] == [0] * 5
    assert (outcome.prompt, outcome.passages) == (asked.prompt, asked.passages)
    assert outcome.readings == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It is 140 metres long.", "140 m [2]."),
        ("The bridge is 140 metres.", "The length of the bridge at Orsk is 140 metres [1]."),
        ("Twelve metres.", "12 metres"),
        ("The documents do not say.", "The text does not mention the length."),
        ("", "  "),
    ],
)
def test_wordings_of_one_meaning(one, other):
    assert cluster_meanings(QUESTION, [one, other], HashingEncoder()) == (0, 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It is 140 metres long.", "It is 150 metres long."),
        ("It is 140 metres long.", "It is 140 kilometres long."),
        ("It is 140 metres long.", "It is not 140 metres long."),
        ("It is 140 metres long.", "The documents do not say."),
        ("It was built by Mara Venn.", "It was built by Orla Venn."),
        ("It opened on 3 May 1901.", "It opened on 3 May 1902."),
        ("It is long.", ""),
    ],
)
def test_different_meanings(one, other):
    assert cluster_meanings(QUESTION, [one, other], HashingEncoder()) == (0, 1)


def test_entropy_is_greatest_where_all_differ():
    told = ["140 m", "150 m", "160 m", "170 m", "180 m"]
    clusters = cluster_meanings(QUESTION, told, HashingEncoder())
    assert semantic_entropy(clusters) == pytest.approx(math.log(5))
