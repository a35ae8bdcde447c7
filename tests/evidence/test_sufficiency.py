"""What makes the evidence enough, and which words tell why it is not; evidence made by hand."""

import math

import pytest

from ragkit.evidence.matching import QuestionTerms
from ragkit.evidence.ranking import Candidate, Ranked
from ragkit.evidence.sufficiency import (
    BIAS,
    READER_BIAS,
    READER_WEIGHTS,
    WEIGHTS,
    measure_sufficiency,
)
from ragkit.evidence.units import Unit
from ragkit.records import Chunk, Hit, Sentence

TEXT = "GPT-3 was trained on 300 billion tokens."
ABSENT = QuestionTerms(("gpt", "3", "layer"), (2.0, 1.0, 3.0), ("layers",), names=("gpt", "3"))
PRESENT = QuestionTerms(("gpt", "3", "layer"), (2.0, 1.0, 3.0), (), names=("gpt", "3"))


def ranked(*, cosine=0.6, nearby=0.8, form=1.0, score=2.0, missing=(), text=TEXT, **read):
    """Return a unit that was ranked, with these features."""
    hit = Hit(Chunk("0", "a.md", text, 0, len(text)), 1.0, 1)
    features = {"cosine": cosine, "nearby_coverage": nearby, "form": form, **read}
    unit = Unit(Sentence(text, 0, len(text)), "")
    return Ranked(Candidate(hit, unit), features, score, tuple(missing))


def measure(*best, question="How many layers does GPT-3 have?", terms=PRESENT, threshold=0.5):
    return measure_sufficiency(question, best, terms, threshold=threshold)


@pytest.mark.parametrize(
    ("read", "weights", "bias"),
    [({}, WEIGHTS, BIAS), ({"answer": 0.8}, READER_WEIGHTS, READER_BIAS)],
)
def test_the_score_is_the_logistic_function_of_what_each_feature_counts(read, weights, bias):
    found = measure(ranked(**read), ranked(score=1.0, **read))
    assert found.contributions.keys() == {*weights, "bias"} == {*found.features, "bias"}
    for name, value in found.features.items():
        assert found.contributions[name] == pytest.approx(weights[name] * value)
    assert found.contributions["bias"] == bias
    log_odds = sum(found.contributions.values())
    assert found.score == pytest.approx(1 / (1 + math.exp(-log_odds)))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"cosine": 0.8}, {"cosine": 0.3}),
        ({"nearby": 1.0}, {"nearby": 0.2}),
        ({"form": 1.0}, {"form": 0.0}),
        ({"missing": ()}, {"missing": ("gpt",)}),
        ({"score": 3.0}, {"score": 1.1}),
        ({"answer": 0.9}, {"answer": 0.2}),
    ],
)
def test_better_evidence_scores_more(better, worse):
    others = [ranked(form=0.0, cosine=0.1, score=1.0)] * 5
    assert measure(ranked(**better), *others).score > measure(ranked(**worse), *others).score


def test_the_form_and_the_names_have_to_stand_in_the_same_sentence():
    apart = measure(ranked(form=0.0), ranked(missing=("gpt",)))
    together = measure(ranked(form=0.0), ranked())
    assert (apart.features["missing_detail"], together.features["missing_detail"]) == (1.0, 0.0)


def test_an_open_question_needs_no_form():
    found = measure(ranked(form=0.0), question="Which models are there?")
    assert found.features["missing_detail"] == 0.0


def test_one_sentence_alone_is_taken_to_lead_as_others_do():
    alone = measure(ranked(score=2.1)).features["lead"]
    among = measure(*(ranked(score=score) for score in (2.1, 1.4, 1.3, 1.3, 1.2, 1.2)))
    assert alone == pytest.approx(among.features["lead"], abs=0.05)
    assert measure(ranked(score=0.4)).features["lead"] == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("best", "terms", "reason"),
    [
        (ranked(), ABSENT, "the documents never mention “layers”"),
        (
            ranked(missing=("gpt", "3")),
            PRESENT,
            "what comes closest says nothing of “GPT-3”",
        ),
        (
            ranked(form=0.0),
            PRESENT,
            "the documents come close, but hold no number of “layers”",
        ),
        (ranked(text="Nothing of it."), PRESENT, "no passage is about all of what is asked"),
    ],
)
def test_the_reason_names_what_is_missing(best, terms, reason):
    found = measure(best, terms=terms, threshold=1.0)
    assert not found.enough
    assert found.reason == reason


def test_the_reason_tells_a_number_of_something_else_from_none():
    found = measure(ranked(form=0.0), ranked(missing=("gpt",)), threshold=1.0)
    assert found.reason == ("the documents come close, but hold no number of “layers” with “GPT-3”")


def test_enough_needs_no_reason():
    assert measure(ranked(), threshold=0.0).reason == ""
