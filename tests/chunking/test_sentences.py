import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.chunking import split_sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["Late work loses 10 % a day.", "After five days it is not accepted."],
        ["See e.g. Fig. 3 and Eq. (2), i.e. the loss."],
        ["Dr. Ilse Marwede teaches it.", "Prof. Ng does not."],
        ["Vaswani et al. (2017) is required.", "Smith et al. disagree."],
        ["A value of 0.7 vs. 3.5 is approx. five times less.", "No. 5 is best."],
        ["J. R. Firth said it.", "I agree."],
        ["Is it due on Monday?", "Yes!", "Good."],
        ['He said "Stop."', "Then he left."],
        ["“Who wrote it?” asked the tutor.", "(Nobody knew.)", "So it stayed."],
        ["Wait… it goes on.", "Then it ends…", "Here."],
        ["Read https://example.org/a.html?x=1.2 first.", "Then ask."],
        ["Python 3.11 is needed.", "Version 3.12 works too."],
        ["The room is B2.", "The time is 10 a.m. on Friday."],
        ["Section 2.1. applies.", "It is short."],
        ["Are notes allowed?", "No.", "Phones?", "No."],
        ["这是第一句。", "这是第二句!"],
        ["Das kostet z.B. 5 Euro.", "Dr. Weber zahlt."],
        ["It weighs 40 %.", "2 points are added."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences):
    text = " ".join(sentences)
    assert [sentence.text for sentence in split_sentences(text)] == sentences


def test_a_line_end_always_ends_a_sentence():
    text = "first item\nsecond item. with more\n\n3. third\nx = f(1.5)"
    assert [sentence.text for sentence in split_sentences(text)] == [
        "first item", "second item. with more", "3. third", "x = f(1.5)",
    ]  # fmt: skip


def test_text_without_sentences_has_none():
    assert split_sentences("") == split_sentences(" \n\n ") == ()


@given(st.text(st.sampled_from("aB1.?!…\"”') \n,。é"), max_size=60) | st.text(max_size=40))
def test_sentences_hold_all_text_but_white_space(text):
    end = 0
    for sentence in split_sentences(text):
        assert sentence.start >= end
        assert not text[end : sentence.start].strip()
        assert sentence.text == text[sentence.start : sentence.end]
        assert sentence.text == sentence.text.strip() != ""
        assert "\n" not in sentence.text
        end = sentence.end
    assert not text[end:].strip()
