"""What is right to say to given sources."""

import pytest

from ragkit.prompting import load_strategy
from ragkit.training.records import TrainingItem
from ragkit.training.targets import (
    asks_to_explain,
    complete_abstention,
    complete_answer,
    find_answer,
    stands_in,
    word_answer,
)
from tests.training.sources import source

MILL = source(2, "The mill stands by the river.", "It was built by Ada  Holm in 1822.")


def item(question="Who built the mill?", answers=("Ada Holm",), **rest):
    return TrainingItem("q", question, answers, "", "notes.md", **rest)


def test_an_answer_is_found_across_white_space_and_letter_case():
    found = find_answer(("ada holm",), [source(1, "Nothing."), MILL])
    assert found is not None
    assert (found.text, found.source.id) == ("Ada Holm", 2)
    assert found.sentence == "It was built by Ada Holm in 1822."


@pytest.mark.parametrize("part", ["182", "Hol", "da Holm"])
def test_a_part_of_a_word_is_no_answer(part):
    assert find_answer((part,), [MILL]) is None


def test_a_fact_is_answered_in_a_few_words():
    found = find_answer(("Ada Holm",), [MILL])
    assert word_answer(item(), found) == "Ada Holm [2]."


def test_a_reason_is_answered_by_the_sentence():
    found = find_answer(("1822",), [MILL])
    assert word_answer(item("Why is it old?"), found) == "It was built by Ada Holm in 1822 [2]."
    assert word_answer(item("How old is it?"), found) == "1822 [2]."


def test_the_teachers_own_words_come_first():
    found = find_answer(("1822",), [MILL])
    assert word_answer(item(reference="Ada Holm built it."), found) == "Ada Holm built it [2]."


def test_each_sentence_of_the_teachers_words_is_cited_and_stands_in_the_source():
    found = find_answer(("Ada Holm",), [MILL])
    both = "The mill stands by the river. Ada Holm built it."
    said = "The mill stands by the river [2]. Ada Holm built it [2]."
    assert word_answer(item(reference=both), found) == said
    invented = "The mill stands by the river. Its owner sold the wheel."
    assert word_answer(item(reference=invented), found) is None


def test_what_stands_across_two_sentences_of_a_source_stands_there():
    cut = source(1, "It ended with Brown v.", "Board of Education.")
    assert find_answer(("Brown v. Board of Education",), [cut]) is None
    assert stands_in(("Brown v. Board of Education",), [cut])
    assert not stands_in(("Brown v. Topeka", "Bro"), [cut])


def test_a_text_that_cites_something_else_is_no_answer():
    cited = source(1, "It grew, as others found [12], by half.")
    found = find_answer(("others found [12]",), [cited])
    assert found is not None
    assert word_answer(item(), found) is None


def test_reasoning_has_the_form_of_the_strategy():
    found = find_answer(("Ada Holm",), [MILL])
    said = 'Source 2 says: "It was built by Ada Holm in 1822."\nAnswer: Ada Holm [2].'
    few, zero = load_strategy("few-shot-cot"), load_strategy("zero-shot-cot")
    assert complete_answer("Ada Holm [2].", item(), found, few) == said
    assert complete_answer("Ada Holm [2].", item(), found, zero) == f"Reasoning: {said}"
    assert complete_answer("Ada Holm [2].", item(), found, load_strategy("zero-shot")) == (
        "Ada Holm [2]."
    )
    own = complete_answer("Ada Holm [2].", item(reasoning="By elimination."), found, few)
    assert own == "By elimination.\nAnswer: Ada Holm [2]."


def test_abstaining_has_the_form_of_the_strategy():
    assert complete_abstention(load_strategy("one-shot")) == "The documents do not say."
    assert complete_abstention(load_strategy("zero-shot-cot")).endswith(
        "\nAnswer: The documents do not say."
    )


@pytest.mark.parametrize(
    ("question", "explains"),
    [
        ("How does a glacier form?", True),
        ("How far is it?", False),
        ("What does a stoma do?", True),
        ("What is the purpose of a weir?", True),
        ("Explain the tide.", True),
        ("What is a weir?", False),
        ("Which river?", False),
    ],
)
def test_which_questions_want_a_sentence(question, explains):
    assert asks_to_explain(question) is explains
