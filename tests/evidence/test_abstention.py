"""Telling "the documents do not say" from an answer, in the words that models use."""

import pytest

from ragkit.evidence import is_abstention
from ragkit.prompting import ABSTENTION_PHRASE


@pytest.mark.parametrize(
    "completion",
    [
        ABSTENTION_PHRASE,
        "The documents do not say.",
        "The document does not mention the room.",
        "The provided context doesn't contain this information.",
        "The sources do not hold the answer.",
        "I don't know.",
        "I cannot answer this from the passages.",
        "There is no information about parking in the documents.",
        "This is not mentioned in the text.",
        "There is not enough information to answer.",
    ],
)
def test_abstentions(completion):
    assert is_abstention(completion)


@pytest.mark.parametrize(
    "completion",
    [
        "Dropout is not used at test time [1].",
        "The mask says which positions are padding.",
        "Beam search does not give diverse text.",
        "No, the exam is closed book [2].",
        "",
    ],
)
def test_answers(completion):
    assert not is_abstention(completion)
