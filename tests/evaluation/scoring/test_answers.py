"""What counts as giving an answer, by examples that a reader can judge."""

import pytest

from ragkit.evaluation.scoring import check_answer, declines

WEIGHT = ["19 kilograms", "19 kg"]
QUOTE = "She lowered a lead weight of 19 kilograms from a boat, in two summers at 640 points."


@pytest.mark.parametrize(
    ("text", "answers", "finding"),
    [
        ("It weighed 19 kg.", WEIGHT, "held"),
        ("It weighed nineteen kilograms.", WEIGHT, "held"),
        ("It weighed about 19 kilograms or so.", WEIGHT, "held"),
        (QUOTE, WEIGHT, "held"),
        ("It weighed 91 kilograms.", WEIGHT, "absent"),
        ("It weighed 19 grams.", WEIGHT, "absent"),
        ("It weighed 19 pounds.", ["19 kg", "19"], "unit"),
        ("It weighed 19.", ["19 kg", "19"], "held"),
        ("It weighed 3.6 g.", ["3.6 grams", "3.6"], "held"),
        ("It held 5 litres.", ["5 l", "5"], "held"),
        ("It pulled with 5 kilonewtons.", ["5 kN", "5"], "held"),
        ("It was 19 kg of it.", ["19%", "19"], "unit"),
        ("It did not weigh 19 kilograms.", WEIGHT, "denied"),
        ("It weighed 19 or 23 kilograms.", ["19", "19 kilograms"], "alternatives"),
        ("Either Cambridge or Oxford.", ["Cambridge"], "alternatives"),
        ("Oxford or Cambridge.", ["Cambridge"], "alternatives"),
        ("Cambridge/Oxford.", ["Cambridge"], "alternatives"),
        ("A debt or debts.", ["a debt", "debts"], "held"),
        ("In Rome, Paris, London, Vienna, Cambridge and Oxford.", ["Cambridge"], "listing"),
        ("Perhaps 17, 18, 19, 20 or so, 21 or 22 kilograms.", ["19"], "listing"),
        ("It opened on October 3, 1898.", ["3 October 1898"], "held"),
        ("It opened on 4 October 1898.", ["3 October 1898"], "absent"),
        ("It is not only hemp.", ["hemp"], "held"),
        ("Not jute. Hemp.", ["hemp"], "held"),
        ("word " * 120 + "hemp.", ["hemp"], "held"),  # one sentence, begun in time
        ("A word. " * 60 + "It is hemp.", ["hemp"], "late"),
        ("", ["hemp"], "absent"),
    ],
)
def test_what_gives_an_answer(text, answers, finding):
    assert check_answer(text, answers, gold=[QUOTE]) == finding


def test_what_the_gold_holds_is_no_other_answer():
    text = "It is beech or ash."
    assert check_answer(text, ["beech"], gold=["Blocks are of beech or ash."]) == "held"
    assert check_answer(text, ["beech"]) == "alternatives"


def test_an_answer_that_the_gold_gives_by_a_negation_is_not_denied():
    assert check_answer("It cannot be 40.", ["40"], gold=["The load cannot be 40."]) == "held"


@pytest.mark.parametrize(
    ("text", "telling", "abstained"),
    [
        ("The documents do not say.", (), True),
        ("I'm sorry, but the documents do not say.", (), True),
        ("Unfortunately. The text does not mention it.", (), True),
        ("The documents do not say when. They only describe how it was built.", (), True),
        ("The documents do not say, but it was built in 1987.", (), False),
        ("The documents do not say. It was built in 1987.", ("1987",), False),
        ("Die Unterlagen sagen nichts dazu, aber es war wohl 1987.", (), False),
        ("It was built in 1987. The documents do not say by whom.", (), False),
        (" ... ", (), True),
    ],
)
def test_what_is_an_abstention(text, telling, abstained):
    assert declines(text, telling=telling) is abstained


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("It is not 5,600 litres.", "denied"),
        ("It is not 5600.", "denied"),
        ("It is 5,600 litres or 900.", "alternatives"),
        ("It is 5,600 or 5600 litres.", "held"),
    ],
)
def test_a_short_form_within_a_longer_one_saves_nothing(text, finding):
    assert check_answer(text, ["5,600 litres", "5,600", "5600"]) == finding
