"""Words as FTS5 expressions."""

import pytest

from ragkit.index.query import match_phrase, match_prefix, telling_words


@pytest.mark.parametrize(
    ("text", "telling", "phrase"),
    [
        ("", (), '""'),
        ("?!", (), '""'),
        ("pooling", ("pooling",), '"pooling"'),
        ("pooling pooling", ("pooling", "pooling"), '"pooling pooling"'),
        ("the pooling", ("pooling",), '"the pooling"'),
        ("who is it", ("who", "is", "it"), '"who is it"'),
        ('a "b" * NEAR(c, 2)', ("b", "NEAR", "c", "2"), '"a b NEAR c 2"'),
        ("top-k = 0.95", ("top", "k", "0", "95"), '"top k 0 95"'),
        ("nul\0nul", ("nul", "nul"), '"nul nul"'),
        ("cafe\u0301s", ("cafés",), '"cafés"'),
    ],
)
def test_expressions(text, telling, phrase):
    assert telling_words(text) == telling
    assert match_phrase(text) == phrase
    assert match_prefix(text) == f"{phrase} *"


def test_a_very_long_query_searches_for_each_word_once():
    """SQLite's time grows with the square of the words."""
    assert telling_words("pooling pooling " * 100).count("pooling") == 200
    assert telling_words("pooling pooling " * 1000) == ("pooling",)
