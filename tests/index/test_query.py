"""Words as FTS5 expressions."""

import pytest

from ragkit.index.query import match_any, match_phrase


@pytest.mark.parametrize(
    ("text", "any_of", "phrase"),
    [
        ("", "", '""'),
        ("?!", "", '""'),
        ("pooling", '"pooling"', '"pooling"'),
        ("pooling pooling", '"pooling"', '"pooling pooling"'),
        ("the pooling", '"pooling"', '"the pooling"'),
        ("who is it", '"who" OR "is" OR "it"', '"who is it"'),
        ('a "b" * NEAR(c, 2)', '"b" OR "NEAR" OR "c" OR "2"', '"a b NEAR c 2"'),
        ("top-k = 0.95", '"top" OR "k" OR "0" OR "95"', '"top k 0 95"'),
        ("nul\0nul", '"nul"', '"nul nul"'),
        ("cafe\u0301s", '"cafés"', '"cafés"'),
    ],
)
def test_expressions(text, any_of, phrase):
    assert match_any(text) == any_of
    assert match_phrase(text) == phrase
