"""Which words of two texts differ."""

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from ragkit.evaluation.report.differences import mark_differences

TEXTS = st.text(alphabet="ab \n.<é", max_size=40)


@given(TEXTS, TEXTS)
def test_the_pieces_are_the_texts_and_what_is_unchanged_is_the_same_but_for_spaces(one, other):
    before, after = mark_differences(one, other)
    assert "".join(piece.text for piece in before) == one
    assert "".join(piece.text for piece in after) == other
    same = [
        "".join(piece.text for piece in side if not piece.changed).split()
        for side in (before, after)
    ]
    assert "".join(same[0]) == "".join(same[1])


def test_no_space_before_a_word_is_marked():
    before, _ = mark_differences("How deep is it?", "How deep was it?")
    assert [piece.text for piece in before if piece.changed] == ["is"]


def test_long_prompts_are_compared_in_no_time():
    """Thirty pairs of them stand on a page."""
    chance = random.Random(0)
    words = [f"word{at}" for at in range(800)] + ["the", "of", "a", "in"] * 20
    one = [chance.choice(words) for _ in range(1500)]
    other = [chance.choice(words) if at % 25 == 0 else word for at, word in enumerate(one)]
    start = time.perf_counter()
    before, _ = mark_differences(" ".join(one), " ".join(other))
    assert time.perf_counter() - start < 2  # with spaces as tokens it took 6 s
    assert 40 < sum(piece.changed for piece in before) <= 60
