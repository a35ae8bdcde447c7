"""The verdicts on what the built-in samples hold: references, quotes, twins, echoes."""

from functools import cache
from pathlib import Path

from ragkit.evaluation.records import Reading
from ragkit.evaluation.scoring.verdicts import judge
from ragkit.evaluation.suites import load_suite

EVALS = Path(__file__).parents[3] / "evals"
DENYING_GOLD = "hum-dryhands"
"""Its gold says "no harbour dues for 15 months", so that a negation near the number is right."""


@cache
def samples(name="hallucination"):
    return load_suite(name, evals_dir=EVALS).samples


def verdicts_of(sample, *texts):
    return {judge(sample, Reading(text, abstained=False)).verdict for text in texts}


def wanting(*kinds):
    return [one for one in samples() if one.kind in kinds]


def test_references_accepted_answers_and_quotes_are_right():
    for sample in wanting("answerable", "counterfactual", "noisy", "closed-book"):
        said = [f"It is {answer}." for answer in sample.answers]
        quotes = [sample.gold[0].quote] if sample.gold else []
        assert verdicts_of(sample, sample.reference, *sample.answers, *said, *quotes) == {
            "correct"
        }, sample.id
    for sample in wanting("conflicting"):
        assert verdicts_of(sample, sample.reference) == {"correct"}, sample.id


def test_denied_answers_and_alternatives_are_wrong():
    for sample in wanting("answerable", "counterfactual"):
        either = [f"It is {answer} or Zorblax." for answer in sample.answers]
        denied = [f"It is not {answer}." for answer in sample.answers]
        assert verdicts_of(sample, *either) == {"wrong"}, sample.id
        assert sample.base_id == DENYING_GOLD or verdicts_of(sample, *denied) == {"wrong"}, (
            sample.id
        )


def test_a_premise_is_put_right_by_its_correction_or_by_denying_it():
    for sample in wanting("false-premise"):
        right = (f"It is {sample.correction[0]}.", sample.gold[0].quote)
        denied = f"It is not {sample.premise}."
        assert verdicts_of(sample, *right, denied) == {"correct"}, sample.id
        assert verdicts_of(sample, f"Because of {sample.premise}.") == {"wrong"}, sample.id


def test_the_answers_of_the_world_are_wrong():
    for sample in wanting("leak", "counterfactual"):
        found = {judge(sample, Reading(f"It is {w}.", abstained=False)) for w in sample.world}
        assert {(one.verdict, one.reason) for one in found} == {("wrong", "world-answer")}, (
            sample.id
        )


def test_a_swapped_twin_is_wrong_and_the_original_right():
    for sample in samples("memorisation"):
        if sample.twin and sample.kind in ("answerable", "counterfactual"):
            assert verdicts_of(sample, sample.twin.original) == {"correct"}, sample.id
            assert verdicts_of(sample, sample.twin.swapped) == {"wrong"}, sample.id


def test_to_abstain_is_never_wrong_nor_correct():
    declined = "The documents do not say."
    assert {v for sample in samples() for v in verdicts_of(sample, declined)} == {"abstained"}


def test_to_repeat_the_question_is_wrong():
    assert {v for sample in samples() for v in verdicts_of(sample, sample.question)} == {"wrong"}
