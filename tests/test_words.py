"""Words, the telling ones, and their stems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.words import STOP_WORDS, content_words, stem, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("?! — …", ()),
        ("Mean pooling", ("mean", "pooling")),
        ("p = 0.95, n = 40,000.", ("p", "0.95", "n", "40,000")),
        ("It's the students' don’t", ("it's", "the", "students", "don’t")),
        ("learning_rate=1e-4", ("learning_rate", "1e", "4")),
        ("GPT-3 (175B)", ("gpt", "3", "175b")),
        ("Größe naïve 東京", ("größe", "naïve", "東京")),
        ("2.1.3", ("2.1.3",)),
    ],
)
def test_words_of(text, words):
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What is the learning rate?", ("learning", "rate")),
        ("Tell me about attention, please: what is attention?", ("attention",)),
        ("Who is it?", ()),
        ("not every zebra", ("every", "zebra")),
    ],
)
def test_content_words(text, words):
    assert content_words(text) == words


@pytest.mark.parametrize(
    "forms",
    [
        "pooling pooled pools Pool pool's pool’s",
        "embedding embeddings embedded",
        "lecture lectures lecturing",
        "hopping hopped hops",
    ],
)
def test_forms_of_a_word_have_one_stem(forms):
    assert len({stem(form) for form in forms.split()}) == 1


def test_other_words_have_other_stems():
    words = ["pool", "poll", "token", "taken", "mean", "median", "0.95", "0.9", "bert", "gpt"]
    assert len({stem(word) for word in words}) == len(words)


@given(st.text(max_size=60))
def test_any_text(text):
    words = words_of(text)
    assert all(word == word.lower() for word in words)
    telling = content_words(text)
    assert len(telling) == len(set(telling))
    assert set(telling) == set(words) - STOP_WORDS
    for word in words:
        stem(word)
