"""The call "twin": log-probabilities of a sentence and its twin, and how a model goes on."""

from dataclasses import replace

import pytest

from ragkit.evaluation.bench import perform, verbatim_share
from ragkit.evaluation.measures.planning import BASE
from ragkit.evaluation.records import Task, Twin
from ragkit.index import LocalIndex
from tests.evaluation.small_suite import HOMEWORK, POOLING, bench_over
from tests.small_index import write_course

TWIN = Twin(
    "Homework is due on Friday at noon.",
    "Homework is due on Monday at noon.",
    ("Friday", "Monday"),
)


@pytest.fixture
def index(tmp_path):
    with LocalIndex(write_course(tmp_path / "index")) as opened:
        yield opened


def test_a_model_that_says_the_twin_finds_it_likelier(index):
    bench = bench_over(index, "abstain")
    said = Twin("The documents do not say.", "The documents do not lie.", ("say", "lie"))
    outcome = perform(Task(replace(HOMEWORK, twin=said), BASE, "twin"), bench)
    assert outcome.error == ""
    original, swapped = outcome.extra["original"], outcome.extra["swapped"]
    assert original["tokens"] == swapped["tokens"] == 5.0
    assert original["mean"] == pytest.approx(-0.105, abs=1e-3)
    assert original["mean"] > swapped["mean"]
    assert swapped["lowest_fifth"] == pytest.approx(-13.8, abs=0.1), "the one word of five"
    assert outcome.extra["rest"] == "not say."
    assert outcome.prompt.endswith("The documents do")


def test_a_sample_without_a_twin_is_an_error_of_its_own(index):
    outcome = perform(Task(POOLING, BASE, "twin"), bench_over(index))
    assert "no twin" in outcome.error
    assert "original" not in outcome.extra


def test_going_on_verbatim():
    assert verbatim_share("due on Friday at noon", "on Friday at noon.") == 1.0
    assert verbatim_share("on Monday at noon", "on Friday at noon.") == 0.5, "at noon"
    assert verbatim_share("", "noon") == 0.0
    assert verbatim_share("noon", "...") is None
