"""Marks that models write, and what they point to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.evidence import parse_citations


@pytest.mark.parametrize(
    ("completion", "expected"),
    [
        ("It is 0.1 [1].", [("It is 0.1.", (1,))]),
        ("It is 0.1. [1]", [("It is 0.1.", (1,))]),
        ("Yes [1][2].", [("Yes.", (1, 2))]),
        ("Yes [1, 3].", [("Yes.", (1, 3))]),
        ("No mark at all.", [("No mark at all.", ())]),
        ("One [2]. Two [1].", [("One.", (2,)), ("Two.", (1,))]),
        ("", []),
        ("[1]", []),
        ("The interval [a, b] is closed [4].", [("The interval [a, b] is closed.", (4,))]),
    ],
)
def test_marks_leave_the_sentence(completion, expected):
    assert [tuple(sentence) for sentence in parse_citations(completion)] == expected


@given(st.text())
def test_any_completion_can_be_parsed(completion):
    for sentence in parse_citations(completion):
        assert sentence.text.strip()
        assert len(set(sentence.citations)) == len(sentence.citations)


def test_a_mark_that_begins_a_line_leaves_the_full_stop_before_it():
    assert [s.text for s in parse_citations("It sums to one.\n[3] Attention is a map.")] == [
        "It sums to one.",
        "Attention is a map.",
    ]
