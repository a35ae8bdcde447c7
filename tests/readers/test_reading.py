"""What follows from the logits of a window; logits made by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.protocols import TokenSpan
from ragkit.readers.reading import LONGEST_ANSWER, SpanReading, Window, best_span
from ragkit.records import SpanAnswer

# "Ada wrote it in 1843."
SPANS = tuple(TokenSpan(*span) for span in [(0, 3), (4, 9), (10, 12), (13, 15), (16, 20), (20, 21)])


def window(starts, ends, nothing=0.0, spans=SPANS):
    return Window(spans, np.float32(starts), np.float32(ends), nothing)


def test_the_best_answer_is_the_likeliest_span_and_its_odds_over_none():
    reading = SpanReading((window([0, 0, 0, 1, 5, 0], [0, 0, 0, 0, 4, 1], nothing=2.5),))
    assert reading.best_within(0, 21) == SpanAnswer(16, 20, 6.5)


def test_an_answer_is_looked_for_inside_the_characters_alone():
    reading = SpanReading((window([3, 0, 0, 1, 5, 0], [2, 0, 0, 0, 4, 1]),))
    assert reading.best_within(0, 9) == SpanAnswer(0, 3, 5.0)
    assert reading.best_within(21, 30) is None
    assert SpanReading(()).best_within(0, 9) is None


def test_of_several_windows_the_surer_one_counts_against_its_own_nothing():
    high_but_denied = window([9, 0, 0, 0, 0, 0], [9, 0, 0, 0, 0, 0], nothing=20.0)
    low = window([0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 1, 0], nothing=-1.0)
    reading = SpanReading((high_but_denied, low))
    assert reading.best_within(0, 21) == SpanAnswer(16, 20, 3.0)


logits = st.lists(st.floats(-20, 20, width=32), min_size=1, max_size=60)


@given(starts=logits, ends=logits)
def test_the_best_span_is_the_best_of_all_that_are_allowed(starts, ends):
    count = min(len(starts), len(ends))
    starts, ends = np.float32(starts[:count]), np.float32(ends[:count])
    (first, last), score = best_span(starts, ends)
    allowed = {
        (at, to): starts[at] + ends[to]
        for at in range(count)
        for to in range(at, min(count, at + LONGEST_ANSWER))
    }
    assert score == pytest.approx(max(allowed.values()), abs=1e-4)
    assert (first, last) in allowed
