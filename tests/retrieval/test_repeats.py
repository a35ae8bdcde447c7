"""What counts as the same passage twice."""

import pytest

from ragkit.records import Chunk
from ragkit.retrieval.repeats import Repeats

TEXT = (
    "Mean pooling averages the embeddings of all tokens of a text, so that long texts and short "
    "ones become vectors of the same length, which are then normalised to unit length."
)


def chunk(text):
    return Chunk("id", "a.md", text, 0, len(text))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (TEXT, True),
        (TEXT.upper().replace(",", " -"), True),
        (f"{TEXT} Slide", True),
        (TEXT.replace("averages", "does not average"), False),
        (f"{TEXT} Since 2019.", False),
        (TEXT.replace("normalised to", "never of"), False),
        ("Attention weighs every token by its relevance.", False),
        (" ".join(TEXT.split()[:15]), False),
        ("", False),
    ],
)
def test_repeats(other, same):
    repeats = Repeats()
    repeats.add(chunk(TEXT))
    assert repeats.holds(chunk(other)) is same


def test_nothing_repeats_nothing():
    assert not Repeats().holds(chunk(TEXT))


def test_two_passages_without_words_repeat_each_other_only_if_equal():
    repeats = Repeats()
    repeats.add(chunk("---"))
    assert repeats.holds(chunk("---"))
    assert not repeats.holds(chunk("***"))
