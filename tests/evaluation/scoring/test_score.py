"""Verdicts by the kind of a sample."""

import pytest

from ragkit.evaluation.records import GoldPlace, Outcome, Reading, Sample
from ragkit.evaluation.scoring import score_outcome

GOLD = (GoldPlace("a.md", 0, 30, "The plate is painted orange and weighs 3 kg."),)
SAMPLES = {
    "answerable": Sample("a", "a", "answerable", "Which colour?", ("orange",), gold=GOLD),
    "without short answers": Sample("a", "a", "answerable", "Describe the plate.", gold=GOLD),
    "unanswerable": Sample("a", "a", "unanswerable-near", "Who made it?"),
    "leak": Sample("a", "a", "leak", "Which lake is deepest?", world=("Baikal",)),
    "counterfactual": Sample(
        "a", "a", "counterfactual", "What is g?", ("12.4",), world=("9.8", "9.81")
    ),
    "conflicting": Sample(
        "a", "a", "conflicting", "When?", ("9 May", "16 May"), sides=(("9 May",), ("16 May",))
    ),
    "false-premise": Sample(
        "a", "a", "false-premise", "Why is it white?", gold=GOLD, premise="white",
        correction=("orange",),
    ),
}  # fmt: skip
DECLINED = "The documents do not say."


def score(name, text, *, mode="", abstained=False, **values):
    sample = SAMPLES[name]
    outcome = Outcome(
        sample_id=sample.id, base_id=sample.base_id, kind=sample.kind, variant="base",
        axis="base", level="", call="ask", question=sample.question,
        readings={"model": Reading(text, abstained=abstained, mode=mode)}, **values,
    )  # fmt: skip
    return score_outcome(sample, outcome).scores


@pytest.mark.parametrize(
    ("name", "text", "verdict", "right", "reason"),
    [
        ("answerable", "It is orange.", "correct", True, ""),
        ("answerable", "It is white.", "wrong", False, "absent"),
        ("answerable", "Orange or red.", "wrong", False, "alternatives"),
        ("answerable", DECLINED, "abstained", False, "over-refusal"),
        ("without short answers", "An orange plate that weighs 3 kg.", "correct", True, ""),
        ("without short answers", "It is a plate.", "wrong", False, "absent"),
        ("unanswerable", DECLINED, "abstained", True, ""),
        ("unanswerable", "A smith.", "wrong", False, "asserted"),
        ("leak", "Lake Baikal.", "wrong", False, "world-answer"),
        ("leak", "The documents do not say, it is Baikal.", "wrong", False, "world-answer"),
        ("leak", "Lake Tahoe.", "wrong", False, "asserted"),
        ("leak", DECLINED, "abstained", True, ""),
        ("counterfactual", "It is 12.4.", "correct", True, ""),
        ("counterfactual", "It is 9.81.", "wrong", False, "world-answer"),
        ("counterfactual", "It is 12.4, and 9.81 elsewhere.", "wrong", False, "alternatives"),
        ("conflicting", "The notes say 9 May, the slides 16 May.", "correct", True, ""),
        ("conflicting", "It is 9 May.", "wrong", False, "one-side"),
        ("conflicting", "It is 1 May.", "wrong", False, "absent"),
        ("conflicting", "Is it 9 May, and not 16 May?", "wrong", False, "one-side"),
        ("false-premise", "It is orange.", "correct", True, ""),
        ("false-premise", "It is not white.", "correct", True, ""),
        ("false-premise", DECLINED, "abstained", True, ""),
        ("false-premise", "So that it is seen.", "wrong", False, "premise-accepted"),
    ],
)
def test_verdicts(name, text, verdict, right, reason):
    (found,) = score(name, text).values()
    assert (found.verdict, found.right, found.labels.get("reason", "")) == (verdict, right, reason)


def test_the_own_field_of_an_answer_comes_before_its_words():
    assert score("answerable", "", mode="abstained", abstained=True)["model"].verdict == "abstained"
    quoted = score("answerable", "It is orange.", mode="quoted")["model"]
    assert quoted.verdict == "correct"


def test_sub_scores():
    values = score("answerable", "It is orange.")["model"].values
    assert (values["em"], values["contains"], values["words"]) == (0.0, 1.0, 3.0)
    assert values["f1"] == pytest.approx(0.5)
    assert score("unanswerable", DECLINED)["model"].values["em"] == 1.0
    assert score("without short answers", "It is a plate.")["model"].values["em"] is None
    assert score("conflicting", "It is 9 May.")["model"].values["sides"] == 0.5


def test_an_error_is_wrong_in_both_views():
    scores = score("unanswerable", "", error="the model ran out of memory")
    assert {view: found.verdict for view, found in scores.items()} == {
        "shown": "wrong",
        "model": "wrong",
    }
    assert not any(found.right for found in scores.values())


def test_a_search_has_no_scores():
    sample = SAMPLES["answerable"]
    outcome = Outcome("a", "a", "answerable", "base", "base", "", "search", sample.question)
    assert not score_outcome(sample, outcome).scores
