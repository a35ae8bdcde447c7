"""Exact match and F1 as the evaluation script of SQuAD 2.0 has them, and words in a text."""

import pytest

from ragkit.evaluation.scoring import contains, exact_match, token_f1


@pytest.mark.parametrize(
    ("shown", "answers", "em", "f1"),
    [
        ("The Normans", ["normans"], 1, 1),
        ("Normans, of France!", ["the Normans"], 0, 2 / 4),
        ("in the 10th century", ["10th century", "the 10th and 11th"], 0, 4 / 5),
        ("a a b", ["a b b"], 0, 2 / 3),  # articles go first: "b" and "b b"
        ("", [], 1, 1),
        ("", ["Rollo"], 0, 0),
        ("Rollo", [], 0, 0),
        ("Rollo", ["", "Rollo"], 1, 1),
        ("the", [], 1, 1),
    ],
)
def test_measures_are_those_of_the_evaluation_script(shown, answers, em, f1):
    assert exact_match(shown, answers) == em
    assert token_f1(shown, answers) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("shown", "answer", "language", "f1"),
    [
        ("im 10. Jahrhundert", "das 10. Jahrhundert", "de", 4 / 5),
        ("le Rollon", "Rollon", "fr", 1),
        ("三百米", "三百二十米", "zh", 3 * 2 / 8),
        ("«Rollo»", "Rollo", "en", 1),
    ],
)
def test_f1_in_other_languages(shown, answer, language, f1):
    assert token_f1(shown, [answer], language) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("shown", "wanted", "held"),
    [
        ("It has 8,400 parts.", "8400", True),
        ("It has 18,400 parts.", "8,400", False),
        ("Hemp, not jute", "hemp", True),
        ("The hemps", "hemp", False),
        ("at -4 degrees", "4 degrees", False),
        ("", "hemp", False),
        ("hemp", "", False),
    ],
)
def test_words_stand_whole_in_a_text(shown, wanted, held):
    assert contains(shown, wanted) is held
