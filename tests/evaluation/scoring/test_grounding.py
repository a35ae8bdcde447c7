"""Sentences against the given passages, citations against gold, kinds of hallucination."""

import pytest

from ragkit.evaluation.records import GoldPlace, Outcome, Passage, Reading, ReadSentence, Sample
from ragkit.evaluation.scoring import score_outcome

WEIGHT = "The lead weight of Oldasz weighs 19 kilograms."
COLOUR = "The plate of Trovidge is painted orange."
PASSAGES = (
    Passage(1, "notes.md", 100, 100 + len(WEIGHT), WEIGHT, heading=("Notes", "Soundings")),
    Passage(2, "slides.pptx", 0, len(COLOUR), COLOUR),
)
SAMPLE = Sample(
    "a", "a", "answerable", "How heavy is the lead weight?", ("19 kilograms", "19 kg"),
    gold=(GoldPlace("notes.md", 100, 100 + len(WEIGHT), WEIGHT),),
)  # fmt: skip
LEAK = Sample("a", "a", "leak", "Which lake is the deepest?", world=("Baikal",))
NEAR = Sample("a", "a", "unanswerable-near", "Who made the lead weight?")
WHY = Sample(
    "a", "a", "false-premise", "Why is the plate white?", premise="white", correction=("orange",)
)


def score(sample, *sentences):
    read = tuple(ReadSentence(text, citations) for text, citations in sentences)
    reading = Reading(" ".join(one.text for one in read), abstained=False, sentences=read)
    outcome = Outcome(
        sample_id=sample.id, base_id=sample.base_id, kind=sample.kind, variant="base", axis="base",
        level="", call="ask", question=sample.question, passages=PASSAGES,
        readings={"model": reading},
    )  # fmt: skip
    return score_outcome(sample, outcome).scores["model"]


@pytest.mark.parametrize(
    ("sample", "text", "citations", "kind"),
    [
        (SAMPLE, "The lead weight weighs 19 kilograms.", (1,), None),
        (SAMPLE, "The lead weight weighs 19 kilograms.", (2,), "wrong-citation"),
        (SAMPLE, "The lead weight weighs 19 kilograms.", (9,), "wrong-citation"),
        (SAMPLE, "The lead weight weighs 19 kilograms.", (), None),
        (SAMPLE, "The lead weight weighs 23 kilograms.", (1,), "contradiction"),
        (SAMPLE, "It was cast in a foundry by the river.", (1,), "fabrication"),
        (SAMPLE, "The plate of Trovidge is painted orange.", (2,), None),  # wrong, yet backed
        (SAMPLE, "(notes.md) The lead weight of Oldasz weighs 19 kilograms.", (1,), None),
        (SAMPLE, "(slides.pptx, p. 2) The plate of Trovidge is painted orange.", (2,), None),
        (SAMPLE, "The documents do not say.", (), None),
        (NEAR, "A smith from Brounsk made the lead weight.", (1,), "fabrication"),
        (LEAK, "It is Lake Baikal.", (), "leakage"),
        (LEAK, "It is Lake Tahoe.", (), "fabrication"),
        (WHY, "Because white is easy to see.", (2,), "premise-accepted"),
        (WHY, "The plate is painted orange.", (2,), None),
        (WHY, "The plate of Trovidge is white.", (2,), "premise-accepted"),
        (WHY, "The lead weight of Oldasz weighs 19 kilograms.", (1,), None),  # beside the point
    ],
)
def test_kinds_of_hallucination(sample, text, citations, kind):
    assert score(sample, (text, citations)).labels.get("hallucination") == kind


def test_groundedness_is_of_factual_sentences():
    found = score(
        SAMPLE,
        ("The lead weight weighs 19 kilograms.", (1,)),
        ("It was made by Jorunn Hask in 1702.", ()),
        ("The documents do not say when.", ()),
    )
    assert found.verdict == "correct"
    assert found.labels["hallucination"] == "fabrication"  # a right answer with something made up
    assert (found.values["sentences"], found.values["groundedness"]) == (2.0, 0.5)
    assert found.values["citation_coverage"] == 0.5
    assert found.values["citation_support"] == 1.0


def test_the_heading_names_what_a_sentence_is_about():
    found = score(SAMPLE, ("In the Soundings the lead weight weighs 19 kilograms.", (1,)))
    assert found.values["groundedness"] == 1.0


@pytest.mark.parametrize(
    ("citations", "validity", "precision", "recall", "f1"),
    [
        ((1,), 1.0, 1.0, 1.0, 1.0),
        ((1, 2), 1.0, 0.5, 1.0, 2 / 3),
        ((2,), 1.0, 0.0, 0.0, 0.0),
        ((7,), 0.0, 0.0, 0.0, 0.0),
        ((), None, None, 0.0, 0.0),
    ],
)
def test_citations_against_gold(citations, validity, precision, recall, f1):
    values = score(SAMPLE, ("The lead weight weighs 19 kilograms.", citations)).values
    assert values["citation_validity"] == validity
    assert values["citation_precision"] == precision
    assert values["citation_recall"] == recall
    assert values["citation_f1"] == pytest.approx(f1)


def test_without_gold_among_the_passages_citations_have_no_precision():
    values = score(NEAR, ("A smith made it.", (1,))).values
    assert (
        values["citation_precision"] is values["citation_recall"] is values["citation_f1"] is None
    )
    assert values["citation_validity"] == 1.0
