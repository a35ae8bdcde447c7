"""A classifier named by path: its labels, its parts of long passages, and what may be broken."""

import json

import pytest

from ragkit.errors import ModelError
from ragkit.evaluation.judges import LabelledClaim, open_judge
from tests.evaluation.judges.tiny_detector import write_detector

NLI = {"0": "CONTRADICTION", "1": "ENTAILMENT"}


def claim(text, *passages):
    return LabelledClaim(text, passages, supported=True)


def no_model():
    raise AssertionError("a detector needs no other model")


def open_detector(folder):
    return open_judge(str(folder), load_encoder=no_model, load_llm=no_model)


def test_scores_are_probabilities_of_the_label_that_backs(tmp_path):
    judge = open_detector(write_detector(tmp_path / "nli", NLI))
    backed, denied, open_ = judge.score(
        [claim("moss", "green"), claim("moss", "red"), claim("moss", "rain")]
    )
    assert (judge.name, judge.tier) == ("nli", "T3")
    assert backed == pytest.approx(0.982, abs=1e-3)  # 1 / (1 + e^-4)
    assert denied == pytest.approx(0.018, abs=1e-3)
    assert open_ == 0.5


def test_a_label_that_speaks_against_it_is_turned_round(tmp_path):
    judge = open_detector(write_detector(tmp_path / "one", {"0": "hallucinated"}))
    made_up, fine = judge.score([claim("moss", "red"), claim("moss", "green")])
    assert made_up < 0.02 < fine == 0.5


def test_the_best_passage_and_the_best_part_of_it_count(tmp_path):
    judge = open_detector(write_detector(tmp_path / "nli", NLI, most_tokens=16))
    long = "rain " * 100 + "green"
    best, without, none = judge.score(
        [claim("moss", "red", long), claim("moss", "rain " * 100), claim("moss")]
    )
    assert best > 0.98
    assert (without, none) == (0.5, 0.0)


def test_a_claim_longer_than_a_part_is_cut(tmp_path):
    judge = open_detector(write_detector(tmp_path / "nli", NLI, most_tokens=16))
    assert judge.score([claim("moss " * 50, "green")])[0] > 0.98


def test_its_identity_is_that_of_its_weights(tmp_path):
    one = open_detector(write_detector(tmp_path / "one", NLI))
    same = open_detector(write_detector(tmp_path / "same", NLI))
    other = open_detector(write_detector(tmp_path / "other", {"0": "hallucinated"}))
    assert one.identity == same.identity != other.identity


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("content", [None, "garbage"])
def test_what_is_missing_or_damaged_is_named(tmp_path, name, content):
    folder = write_detector(tmp_path / "nli", NLI)
    (folder / name).unlink()
    if content:
        (folder / name).write_text(content)
    with pytest.raises(ModelError, match=name) as raised:
        open_detector(folder)
    assert "model.onnx, tokenizer.json and config.json" in raised.value.hint


def test_labels_that_tell_nothing_are_listed(tmp_path):
    folder = write_detector(tmp_path / "nli", NLI)
    (folder / "config.json").write_text(json.dumps({"id2label": {"0": "LABEL_0"}}))
    with pytest.raises(ModelError, match="LABEL_0"):
        open_detector(folder)
