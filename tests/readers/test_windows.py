"""How a question and a passage become token ids, with the bundled encoder's tokenizer."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.errors import ModelError
from ragkit.readers.windows import (
    HEADING_TOKENS,
    MOST_TOKENS,
    QUESTION_TOKENS,
    WindowTokenizer,
    stretches,
)

CLS, SEP = 101, 102
SENTENCE = "Mean pooling averages the token vectors of a sentence. "


@pytest.fixture(scope="module")
def tokenizer(minilm_folder):
    return WindowTokenizer(minilm_folder / "tokenizer.json")


def test_a_window_is_framed_as_the_encoder_was_trained(tokenizer, minilm_folder):
    from transformers import AutoTokenizer

    (window,) = tokenizer.windows("What is it?", "It is a café.", heading="Notes")
    expected = AutoTokenizer.from_pretrained(minilm_folder)("What is it?", "Notes: It is a café.")
    assert list(window.ids) == expected["input_ids"]
    assert list(window.types) == expected["token_type_ids"]
    assert ["It is a café."[start:end] for start, end in window.spans] == [
        "It", "is", "a", "café", ".",
    ]  # fmt: skip


def test_a_long_passage_is_read_in_windows_that_overlap_and_leave_nothing_out(tokenizer):
    passage = SENTENCE * 100
    windows = list(tokenizer.windows("What does it average?", passage, heading="Pooling"))
    assert len(windows) > 3
    assert max(len(window.ids) for window in windows) == MOST_TOKENS
    read = {at for window in windows for span in window.spans for at in range(*span)}
    assert {at for at, character in enumerate(passage) if character != " "} == read
    for before, after in pairwise(windows):
        assert len(set(before.spans) & set(after.spans)) == 64


def test_long_questions_and_headings_are_cut(tokenizer):
    (window,) = tokenizer.windows("why " * 500, "It is.", heading="very " * 500)
    assert len(window.ids) == 1 + QUESTION_TOKENS + 1 + HEADING_TOKENS + 1 + 3 + 1
    assert (window.ids[0], window.ids[QUESTION_TOKENS + 1], window.ids[-1]) == (CLS, SEP, SEP)


@pytest.mark.parametrize("passage", ["", "   ", "\n\t"])
def test_a_passage_without_tokens_has_no_window(tokenizer, passage):
    assert list(tokenizer.windows("What is it?", passage)) == []


@given(count=st.integers(0, 5000), room=st.integers(100, 400))
def test_stretches_cover_all_and_fit(count, room):
    found = list(stretches(count, room))
    assert {at for start, end in found for at in range(start, end)} == set(range(count))
    assert all(0 < end - start <= room for start, end in found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("content", [None, "{}", "no json"])
def test_a_tokenizer_that_cannot_be_read_is_said(tmp_path, content):
    path = tmp_path / "tokenizer.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        WindowTokenizer(path)
