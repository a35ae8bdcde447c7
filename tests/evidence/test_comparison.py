"""Questions that compare two things get a sentence on each."""

import pytest

from ragkit.evidence.comparison import LEAST_SHARE, complete_comparison, sides_of
from ragkit.evidence.ranking import Candidate, Ranked
from ragkit.evidence.units import Unit
from ragkit.records import Chunk, Hit, Sentence

QUESTION = "What is the difference between top-k and top-p sampling?"


def ranked(text, score, *, context=""):
    hit = Hit(Chunk("0", "a.md", text, 0, len(text)), 1.0, 1)
    return Ranked(Candidate(hit, Unit(Sentence(text, 0, len(text)), context)), {}, score)


def order(*units, question=QUESTION):
    return [one.candidate.unit.sentence.text for one in complete_comparison(question, units)]


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (QUESTION, "k", "p"),
        ("Bi-encoder vs cross-encoder, what's the difference?", "bi", "cross"),
        ("How does BERT differ from GPT when it is trained?", "bert", "gpt"),
        ("Compare dropout with weight decay.", "dropout", "weight"),
        ("How are dense vectors different from sparse ones?", "dens", "spars"),
    ],
)
def test_sides_are_told_apart_by_the_words_that_only_one_has(question, one, other):
    first, second = sides_of(question)
    assert one in first
    assert other in second
    assert not first & second


@pytest.mark.parametrize(
    "question", ["What is top-k?", "Compare them.", "What is the difference?", "A vs A", ""]
)
def test_nothing_is_compared(question):
    assert sides_of(question) is None


def test_the_best_sentence_on_the_other_side_is_raised():
    k, again, p = ranked("Top-k cuts.", 2.0), ranked("So top-k cuts.", 1.8), ranked("p adds.", 1.6)
    completed = complete_comparison(QUESTION, (k, again, p))
    assert [one.candidate.unit.sentence.text for one in completed][:2] == ["Top-k cuts.", "p adds."]
    assert completed[1].score == LEAST_SHARE * 2.0
    assert completed[1].features == {"other_side": pytest.approx(0.3)}


def test_a_heading_tells_what_a_sentence_is_about():
    units = ranked("Top-k cuts.", 2.0), ranked("k again.", 1.8), ranked("Adds.", 1.6, context="p")
    assert order(*units)[1] == "Adds."


def test_a_heading_with_both_sides_tells_nothing():
    heading = "Top-k and top-p"
    k, filler = ranked("Top-k.", 2.0, context=heading), ranked("So.", 1.9, context=heading)
    p = ranked("Top-p.", 1.6, context=heading)
    assert order(k, filler, p) == ["Top-k.", "So.", "Top-p."]
    assert complete_comparison(QUESTION, (k, filler, p))[2].score == LEAST_SHARE * 2.0


def test_one_sentence_on_both_sides_is_enough():
    both = ranked("Top-k keeps a number, top-p a share.", 2.0)
    assert order(both, ranked("top-p", 1.0)) == ["Top-k keeps a number, top-p a share.", "top-p"]
    assert complete_comparison(QUESTION, (both, ranked("p", 1.0)))[1].score == 1.0


def test_a_sentence_that_fits_badly_is_not_raised():
    units = ranked("Top-k cuts.", 2.0), ranked("p.", 1.4)
    assert complete_comparison(QUESTION, units) == units


def test_other_questions_and_no_evidence_stay_as_they_are():
    units = (ranked("Top-k cuts.", 2.0), ranked("p adds.", 1.0))
    assert complete_comparison("What is top-k?", units) == units
    assert complete_comparison(QUESTION, ()) == ()
