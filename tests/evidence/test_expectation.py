"""What form an answer is expected to have, and which texts hold anything of that form."""

import pytest

from ragkit.evidence.expectation import expect_answer, meets


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("How many attention heads does BERT have?", "count"),
        ("What is the number of layers?", "count"),
        ("How much of the grade is the exam?", "amount"),
        ("What learning rate was used?", "amount"),
        ("How long may the talk be?", "length"),
        ("When is the exam?", "time"),
        ("In which year was it published?", "time"),
        ("Who teaches the course?", "person"),
        ("Where is the lab?", "place"),
        ("In which room is the exam?", "place"),
        ("Why is padding masked?", "reason"),
        ("What is mean pooling?", "meaning"),
        ("How does classifier-free guidance work?", "meaning"),
        ("What is the difference between BERT and GPT?", "other"),
        ("How does dropout help?", "other"),
        ("What is Shannon's estimate?", "other"),
        ("Does it work when the mask is missing, or why not?", "time"),
        ("", "other"),
    ],
)
def test_the_form_is_told_from_the_question(question, form):
    assert expect_answer(question).form == form


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        ("How many heads does it have?", "It has twelve heads.", "There are many heads."),
        ("How many layers are there?", "Layers: 24; Width: 1024", "There are several models of it"),
        ("How many layers has GPT-2?", "GPT-2 has 48 layers.", "GPT-2 has many layers."),
        ("What is the dropout rate?", "Dropout of 0.1 is applied.", "Dropout is applied."),
        ("How long may the talk be?", "Talks take 15 minutes.", "Talks are on 9 December 2025."),
        ("When is it due?", "Hand it in on 12 December.", "Hand it in as one zip file."),
        ("Who wrote the paper?", "It was written by Ada Lovelace.", "It was written long ago."),
        ("Who is Ilse?", "The lecturer, Ilse Marwede, decides.", "Then Ilse decides."),
        ("Where is the lab?", "The lab is in room 3.", "The lab begins early."),
        ("What temperature did they use?", "Temperature: 0.7", "Wang (2022): at a temperature."),
        ("What is mode collapse?", "So the modes collapse.", "The optimiser may collapse."),
        ("Why is it slow?", "It is slow because it waits.", "It is slow."),
    ],
)
def test_a_text_meets_the_form_or_does_not(question, holds, lacks):
    expected = expect_answer(question)
    assert meets(holds, expected)
    assert not meets(lacks, expected)


def test_numbers_of_the_question_are_no_answer():
    expected = expect_answer("How much of the 35% is the essay?")
    assert not meets("The 35% are shared.", expected)
    assert meets("Of the 35%, the essay is 20%.", expected)


def test_a_verb_after_how_much_is_not_what_is_measured():
    assert meets("Weight: 35%", expect_answer("How much does the exam count?"))
    assert meets("Pages of the examination: 12", expect_answer("How many exam pages are there?"))


def test_a_share_is_seldom_called_so_where_it_stands():
    expected = expect_answer("What percentage of the grade is the exam?")
    assert meets("Exam: 35%", expected)
    assert not meets("The exam is written.", expected)


def test_anything_meets_an_open_question():
    assert meets("Whatever.", expect_answer("Which mask is it?"))
