"""What is kept together so that a quote can stand alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.evidence.units import split_units


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("One idea stands here now. Another idea stands there now.", 2),
        ("Mask the padding positions first. It would leak otherwise.", 1),
        ("KV cache. Stored keys and values of earlier tokens.", 1),
        ("Addition is not associative here. Two machines, therefore, may disagree.", 1),
        ("A first bullet of some length.\nIt is another bullet.", 2),
        ("", 0),
    ],
)
def test_sentences_that_lean_stay_with_their_neighbour(text, units):
    assert len(split_units(text)) == units


@given(st.text(alphabet="aIt. \nSo?", max_size=200))
def test_units_hold_all_text_in_order(text):
    units = split_units(text)
    at = 0
    for unit in units:
        assert not text[at : unit.start].strip()
        assert text[unit.start : unit.end] == unit.text
        at = unit.end
    assert not text[at:].strip()
