"""A judge's card: right on claims of known truth, thresholds from the other half, kept on disk."""

import gzip
import json
from dataclasses import replace

import pytest

from ragkit.encoders import HashingEncoder
from ragkit.errors import StorageError, UsageError
from ragkit.evaluation.judges import (
    choose_claims,
    judge_claims,
    load_cards,
    make_card,
    open_judge,
    read_claims,
    require_cards,
    save_cards,
)
from ragkit.evaluation.judges.checking import is_held_out
from ragkit.llms import ScriptedLLM
from tests.evaluation.judges.made_claims import claims, rows


class KnowingJudge:
    """Scores what is backed above what is not, but for some: its truth is known."""

    name, tier, identity = "knowing", "T3", {"errors": "known"}

    def __init__(self, *, wrong=0):
        self._wrong = wrong

    def score(self, claims):
        turned = {
            one.text for one in claims if is_held_out(one.group) and self._wrong and one.supported
        }
        return tuple(float(one.supported) if one.text not in turned else -1.0 for one in claims)


def card_of(judge, some=None):
    return make_card(judge, judge_claims(judge, some or claims()), "made")


def test_a_judge_that_knows_is_always_right():
    card = card_of(KnowingJudge())
    assert (card.balanced_accuracy, card.auroc) == (1.0, 1.0)
    assert card.threshold == 0.5
    assert card.n == sum(is_held_out(claim.group) for claim in claims())
    assert card.baselines["constant"] == 0.5


def test_what_is_wrong_in_the_half_that_is_measured_counts():
    card = card_of(KnowingJudge(wrong=1))
    assert card.balanced_accuracy == 0.5
    assert card.auroc == 0.0


def test_rules_see_changed_numbers_and_the_baselines_do_not():
    judge = open_judge("rules", load_encoder=HashingEncoder, load_llm=ScriptedLLM)
    card = card_of(judge)
    assert card.balanced_accuracy == 1.0
    assert card.balanced_accuracy_low > 0.9
    assert card.baselines["length"] <= 0.6
    assert card.balanced_accuracy_low <= card.balanced_accuracy <= card.balanced_accuracy_high


def test_too_few_claims_are_refused():
    with pytest.raises(UsageError, match="too few"):
        card_of(KnowingJudge(), claims()[:12])


def test_cards_are_kept_by_what_the_judge_is(tmp_path):
    judge = KnowingJudge()
    with pytest.raises(UsageError, match="knowing agrees with people") as raised:
        require_cards(judge, tmp_path)
    assert "judge-check FILE --judge knowing" in raised.value.hint
    card = card_of(judge)
    save_cards(judge, [card, replace(card, data="more", n=90)], tmp_path)
    path = save_cards(judge, [replace(card, auroc=0.5)], tmp_path)
    assert path.parent == tmp_path / "judges"
    assert load_cards(judge, tmp_path) == (
        replace(card, auroc=0.5),
        replace(card, data="more", n=90),
    )
    assert [one.data for one in require_cards(judge, tmp_path)] == ["more", "made"]
    other = KnowingJudge()
    other.identity = {"errors": "others"}
    assert load_cards(other, tmp_path) == ()
    path.write_text("{", encoding="utf-8")
    with pytest.raises(StorageError, match="is damaged"):
        load_cards(judge, tmp_path)


PUBLISHED = {
    "begin": (
        {
            "knowledge": "Moss is green.",
            "response": "It is green.",
            "begin_label": "Fully attributable",
            "part": "made",
        },
        ("It is green.", True),
    ),
    "wice": (
        {"claim": "Moss is red.", "evidence": ["Moss is green."], "label": "not_supported"},
        ("Moss is red.", False),
    ),
    "fool-me-twice": (
        {"text": "Moss is green.", "gold_evidence": [{"text": "It is."}], "label": "SUPPORTS"},
        ("Moss is green.", True),
    ),
    "expertqa": (
        {
            "question": "What is moss?",
            "answers": {
                "a": {
                    "claims": [
                        {
                            "claim_string": "Moss is a plant [1].",
                            "evidence": ["[1] Moss is one of the oldest plants on land."],
                            "support": "Complete",
                        },
                        {"claim_string": "No.", "evidence": ["short"], "support": "Partial"},
                    ]
                }
            },
        },
        ("Moss is a plant.", True),
    ),
    "halueval": (
        {"user_query": "Name one.", "chatgpt_response": "Moss.", "hallucination": "yes"},
        ("Moss.", False),
    ),
    "pairs": (
        {"claim": "Moss is red.", "passages": ["Moss is green."], "supported": False},
        ("Moss is red.", False),
    ),
}


@pytest.mark.parametrize("form", PUBLISHED)
def test_each_form_is_known_by_its_keys(tmp_path, form):
    row, expected = PUBLISHED[form]
    path = tmp_path / "claims.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(row).encode()))
    found, read = read_claims(path)
    assert found == form
    assert [(claim.text, claim.supported) for claim in read] == [expected]
    assert read[0].passages
    assert read_claims(path, form) == (found, read)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"claim": "A.", "passages": ["A."], "supported": "yes"}', "supported"),
        ('{"claim": "A.", "supported": true}', "passages"),
        ('{"question": "A?"}', "no known form"),
        ('{"answers": {"a": {}}, "question": "A?"}', "not in the form expertqa"),
        ("", "holds no claims"),
        ("{", "not JSON"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(tmp_path, line, said):
    path = tmp_path / "claims.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(UsageError, match=said) as raised:
        read_claims(path)
    assert "claims.jsonl" in raised.value.message
    assert raised.value.hint


def test_labels_are_drawn_alike_and_the_same_again():
    many = claims()[1::2] + claims()[:6:2]
    chosen = choose_claims(many, 6)
    assert sum(claim.supported for claim in chosen) == 3
    assert chosen == choose_claims(many, 6)
    assert len(choose_claims(many, None)) == len(many)


def test_our_own_form_is_read_back(tmp_path):
    path = tmp_path / "claims.jsonl"
    path.write_text("\n".join(map(json.dumps, rows())), encoding="utf-8")
    assert [claim.text for claim in read_claims(path)[1]] == [claim.text for claim in claims()]
