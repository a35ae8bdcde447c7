"""What is kept of a conversation for a model: whole turns, the oldest dropped first."""

import pytest

from ragkit.chat import trim_turns
from tests.chat.said import turn_of

TURNS = tuple(turn_of(f"question number {n}", f"answer number {n}") for n in range(4))


def count_words(text):
    return len(text.split())


@pytest.mark.parametrize(
    ("budget", "kept"), [(0, 0), (5, 0), (6, 1), (11, 1), (12, 2), (23, 3), (24, 4), (999, 4)]
)
def test_the_oldest_go_first(budget, kept):
    found = trim_turns(TURNS, budget=budget, count_tokens=count_words)
    assert found == TURNS[len(TURNS) - kept :]


def test_a_long_turn_hides_those_before_it():
    """Older turns that would still fit do not stand in for it: they would seem to be the last."""
    turns = (*TURNS, turn_of("word " * 50), TURNS[0])
    assert trim_turns(turns, budget=30, count_tokens=count_words) == (TURNS[0],)


def test_only_the_beginning_of_an_answer_counts():
    turn = turn_of("question", "word " * 500)
    assert len(turn.said.split()) == 60
    assert trim_turns((turn,), budget=61, count_tokens=count_words) == (turn,)
