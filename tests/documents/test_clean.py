import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.documents.clean import (
    clean_line,
    clean_text,
    join_lines,
    strip_bullet,
    subscript,
    superscript,
)
from ragkit.documents.decode import decode_text

HOSTILE = st.text(
    st.sampled_from("ab 2-\n\t\x00\x1b[31m]\x9b\x07\\\u00ad\u200b\u202e\ufb01²\ud83d\ude00\uf0b7ͅé́")
)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u202a-\u202e\u2066-\u2069\ufb00-\ufb06]")


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("ef\ufb01cient \ufb02ow o\ufb03ce", "efficient flow office"),
        ("x² + H₂O = ½", "x² + H₂O = ½"),
        ("𝑃(𝑤)", "P(w)"),
        ("\uff21\uff22\uff23", "ABC"),
        ("a\u00a0b\u2003c   d", "a b c d"),
        ("re\u00adtrieval", "retrieval"),
        ("\x1b[1;31mred\x1b[0m \x1b]0;title\x07end \x9b2Jx", "red end x"),
        ("pay \u202eno\u202c more\u200b", "pay no more"),
        ("ig\U000e0041\U000e0042nore", "ignore"),
        ("\ud83d\ude00 and a lone \ud83d", "😀 and a lone \ufffd"),
        ("non\u2011breaking", "non-breaking"),
        ("Intro . . . . . . . . . . 12", "Intro … 12"),
    ],
)
def test_what_typesetting_adds_is_removed(dirty, clean):
    assert clean_text(dirty) == clean


def test_code_keeps_its_spaces():
    assert clean_text("if x:\n\n    y  =  1\n", code=True) == "if x:\n\n    y  =  1"


@given(HOSTILE)
def test_cleaning_twice_changes_nothing(text):
    once = clean_text(text)
    assert clean_text(once) == once
    assert not CONTROL.search(once)
    assert "\n" not in clean_line(text)
    once.encode()


@given(HOSTILE)
def test_clean_code_holds_no_control_characters(text):
    once = clean_text(text, code=True)
    assert clean_text(once, code=True) == once
    assert not CONTROL.search(once)


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["We use retri-", "eval."], "We use retrieval."),
        (["state-of-the-", "art"], "state-of-the-art"),
        (["an n-", "gram"], "an n-gram"),
        (["GPT-", "4"], "GPT-4"),
        (["Jean-", "Paul"], "Jean-Paul"),
        (["self-", "attention"], "self-attention"),
        (["transformer-", "based"], "transformer-based"),
        (["one", "two"], "one two"),
        (["10 -", "20"], "10 - 20"),
    ],
)
def test_words_broken_at_a_line_end_are_made_whole(lines, joined):
    assert join_lines(lines) == joined


def test_the_document_itself_says_whether_a_hyphen_belongs_to_a_word():
    assert join_lines(["fine-", "tuning"], words={"fine-tuning"}) == "fine-tuning"
    assert join_lines(["fine-", "tuning"], words={"finetuning"}) == "finetuning"


def test_bullets_are_taken_off_and_numbers_kept():
    assert strip_bullet("• late work") == "late work"
    assert strip_bullet("\uf0b7 late work") is None  # cleaned to a bullet first
    assert strip_bullet(clean_text("\uf0b7 late work")) == "late work"
    assert strip_bullet("3. hand in") == "3. hand in"
    assert strip_bullet("a) hand in") == "a) hand in"
    assert strip_bullet("2025 was a year") is None


def test_raised_and_lowered_text_stays_so():
    assert superscript("10") == "¹⁰"
    assert superscript("th") == "th"
    assert subscript("t-1") == "ₜ₋₁"
    assert subscript("Θ") == "_Θ"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_any_editors_encoding_is_read(encoding):
    text = "Die Prüfung kostet 5 €.\n" * 3
    assert decode_text(text.encode(encoding)) == text
