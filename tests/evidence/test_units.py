"""What is kept together so that a quote can stand alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.evidence.units import split_units, units_of
from ragkit.records import Block, Chunk


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


def units(*parts, heading=("Layers",)):
    """Return the units of a passage made of blocks, each a kind and its text."""
    text, blocks = "", []
    for kind, part in parts:
        text += "\n" if text else ""
        blocks.append(Block(kind, len(text), len(text) + len(part), heading))
        text += part
    return units_of(Chunk("0", "a.md", text, 0, len(text), heading=heading), blocks)


def texts(*parts):
    return [unit.sentence.text for unit in units(*parts)]


LONG = "word " * 25 + "end."


def test_a_short_list_stays_with_its_lead_in():
    parts = (
        ("paragraph", "This is only a remark. There are two kinds:"),
        ("item", "dense;"),
        ("item", "b."),
    )
    assert texts(*parts) == ["This is only a remark.", "There are two kinds:\ndense;\nb."]
    following = ("paragraph", "We need the following."), ("item", "Paper."), ("item", "A pen.")
    assert texts(*following) == ["We need the following.\nPaper.\nA pen."]


def test_each_bullet_of_a_long_list_knows_its_lead_in():
    found = units(("paragraph", "Three rules:"), ("item", LONG), ("item", LONG), ("item", LONG))
    assert [unit.sentence.text for unit in found] == ["Three rules:", LONG, LONG, LONG]
    assert [unit.context for unit in found] == ["Layers", *["Layers Three rules:"] * 3]


def test_a_formula_stays_with_what_announces_it_and_what_explains_it():
    announced = ("paragraph", "The loss is this. It is:"), ("paragraph", "L = −log p(x)")
    explained = ("paragraph", "where p is the model."), ("paragraph", "Next comes another thought.")
    assert texts(*announced, *explained) == [
        "The loss is this. It is:\nL = −log p(x)\nwhere p is the model.",
        "Next comes another thought.",
    ]


def test_code_stays_with_its_lead_in_and_rows_stay_alone():
    assert texts(("paragraph", "Run this:"), ("code", "a = 1\nb = 2")) == [
        "Run this:\na = 1\nb = 2"
    ]
    rows = ("paragraph", "Results:"), ("row", "Model: A; F1: 3"), ("row", "Model: B; F1: 4")
    assert texts(*rows) == ["Results:", "Model: A; F1: 3", "Model: B; F1: 4"]


def test_nothing_is_joined_across_headings():
    text = "It works so:\nGo."
    blocks = (Block("paragraph", 0, 12, ("One",)), Block("item", 13, 16, ("Two",)))
    found = units_of(Chunk("0", "a.md", text, 0, len(text)), blocks)
    assert [(unit.context, unit.sentence.text) for unit in found] == [
        ("One", "It works so:"),
        ("Two", "Go."),
    ]


def test_a_passage_that_begins_within_a_block_keeps_the_offsets_of_its_document():
    chunk = Chunk("0", "a.md", "ends here. More follows there now.", 100, 134)
    found = units_of(chunk, (Block("paragraph", 60, 134),))
    assert [(u.sentence.start, u.sentence.end) for u in found] == [(100, 134)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["paragraph", "item", "row", "code", "note"]),
            st.sampled_from(["A long enough sentence. And one.", "List:", "x = y", "b.", LONG]),
        ),
        max_size=8,
    )
)
def test_units_of_blocks_hold_all_text_once_in_order(parts):
    found = units(*parts)
    ends = [0, *(unit.sentence.end for unit in found)]
    assert all(unit.sentence.start >= end for unit, end in zip(found, ends, strict=False))
    held = "".join(unit.sentence.text for unit in found)
    assert "".join(held.split()) == "".join("".join(text for _, text in parts).split())
