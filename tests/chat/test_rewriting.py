"""Follow-ups are completed, and what stands alone is left alone."""

import pytest

from ragkit.chat import rewrite_by_rules
from ragkit.chat.phrases import matter_of, phrases_of, subject_of
from ragkit.words import stem, words_of
from tests.chat.cases import (
    ALONE,
    ATTENTION,
    BPE,
    DROPOUT_RATE,
    GPUS,
    HELD_OUT,
    HOMEWORK,
    HOURS,
    LSTM,
    MISSED,
    NORM,
    PROPOSED,
    SEEN,
    SWITCHED,
    UNSEEN,
)
from tests.chat.said import turn_of


def rewrite(turn, question):
    return rewrite_by_rules(question, turn_of(*turn))


def missing(rewritten, words):
    """Return which words a question lacks, and which it should not have."""
    found = {stem(word) for word in words_of(rewritten)}
    return [
        word
        for word in words.split()
        if (stem(word.removeprefix("-")) in found) is word.startswith("-")
    ]


@pytest.mark.parametrize(
    "case", [*SEEN, *HELD_OUT, *UNSEEN], ids=lambda c: f"{c.turn[0]} {c.asked}"
)
def test_a_follow_up_gets_what_it_left_unsaid(case):
    rewritten = rewrite(case.turn, case.asked)
    assert missing(rewritten, case.words) == []
    assert rewritten[0].isupper()
    assert rewritten[-1] in "?."


@pytest.mark.parametrize("case", MISSED)
def test_what_is_missed_is_left_alone(case):
    """Known limits: nothing is made worse of them."""
    assert rewrite(case.turn, case.asked) == case.asked


@pytest.mark.parametrize("question", ALONE)
@pytest.mark.parametrize("turn", [BPE, HOMEWORK, HOURS, GPUS], ids=lambda turn: turn[0])
def test_what_stands_alone_is_left_alone(question, turn):
    assert rewrite(turn, question) == question


@pytest.mark.parametrize("case", [*SEEN, *HELD_OUT, *UNSEEN], ids=lambda c: c.asked)
def test_nothing_is_a_follow_up_before_anything_was_said(case):
    assert rewrite_by_rules(case.asked, None) == case.asked


@pytest.mark.parametrize(
    ("turn", "asked", "expected"),
    [
        (BPE, "Who invented it?", "Who invented byte-pair encoding?"),
        (BPE, "and WordPiece?", "How does WordPiece work?"),
        (BPE, "What about its downsides?", "What about the downsides of byte-pair encoding?"),
        (DROPOUT_RATE, "And for BERT?", "What dropout rate did BERT use?"),
        (HOMEWORK, "and in week 3?", "When is the homework of week 3 due?"),
        (HOMEWORK, "and the second one?", "When is the second homework due?"),
        (HOURS, "Where are they?", "Where are the office hours of Dr. Marwede?"),
        (HOURS, "What is her email?", "What is the email of Dr. Marwede?"),
        (PROPOSED, "When did they publish it?", "When did Srivastava and Hinton publish dropout?"),
        (PROPOSED, "In which year?", "Who proposed dropout, and in which year?"),
        (LSTM, "Is the latter easier to train?", "Is a GRU easier to train?"),
        (SWITCHED, "Why?", "Why is it that dropout is switched off at test time?"),
        (NORM, "Are they important?", "Are the advantages of layer normalisation important?"),
        (BPE, "and what's it good for?", "What's byte-pair encoding good for?"),
        (BPE, "where's it used, and why?", "Where's byte-pair encoding used, and why?"),
        (BPE, "when it's slow, what helps?", "When byte-pair encoding is slow, what helps?"),
        (NORM, "Who proposed it?", "Who proposed layer normalisation?"),
        (ATTENTION, "tell me more", "About scaled dot-product attention: tell me more."),
    ],
)
def test_it_reads_like_a_question(turn, asked, expected):
    assert rewrite(turn, asked) == expected


def test_a_follow_up_of_a_follow_up():
    """Each turn is completed from the last as it was understood."""
    last = turn_of(*BPE)
    for asked, expected in (
        ("Who invented it?", "Who invented byte-pair encoding?"),
        ("And WordPiece?", "Who invented WordPiece?"),
        ("When was it published?", "When was WordPiece published?"),
        ("why?", "When was WordPiece published, and why?"),
    ):
        rewritten = rewrite_by_rules(asked, last)
        assert rewritten == expected
        last = turn_of(rewritten)


@pytest.mark.parametrize("question", ["?", "...", "it", "and", "/", "🙂", "it it it", "a" * 5000])
def test_odd_questions_are_no_error(question):
    for turn in (BPE, ("?", ""), ("it", "it"), ("why", "")):
        assert rewrite(turn, question).strip()


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("What is mean pooling?", "mean pooling"),
        ("What is transfer learning?", "transfer learning"),
        ("mean pooling", "mean pooling"),
        ("What is global mean pooling good for?", "global mean pooling"),
        ("What does softmax mean?", "softmax"),
        ("Who teaches the course?", "the course"),
        ("Do I need a GPU for the lab?", "a GPU"),
        ("What is the goal of change detection?", "the goal of change detection"),
        ("How are loss functions chosen?", "loss functions"),
        ("Explain beam search", "beam search"),
        ("What happens at the end of training?", "the end of training"),
        ("Which optimiser should we use for Transformers?", "Transformers"),
        ("Why did GPT-3 need so many GPUs?", "GPT-3"),
        ("How many students are in the course?", "the course"),
        ("What's the difference between RAG and search?", "the difference between RAG and search"),
        ("How long may the report be?", "the report"),
        ("How do I renew my passport?", "my passport"),
        ("What is wrong with add-one smoothing?", "add-one smoothing"),
        ("Which optimiser did they use to train the original model?", "the original model"),
        ("What is the share of 20,000 words?", "the share of 20,000 words"),
    ],
)
def test_what_a_question_is_about(question, subject):
    assert subject_of(question).text == subject


def test_phrases():
    found = phrases_of("How many GPUs were used to train the 2nd model of Dr. Osei at night?")
    assert [phrase.text for phrase in found] == ["GPUs", "the 2nd model of Dr. Osei", "night"]
    assert found[0].asked
    assert found[1].inner.is_person
    assert found[2].preposition == "at"
    assert subject_of("Why?") is None
    assert matter_of("Why?") == ""
