"""The evidence that weights are fitted on: which of its sentences count as answering."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

from ragkit.encoders import HashingEncoder
from ragkit.index import LocalIndex

TOOLS = Path(__file__).parents[2] / "evals" / "tools"
ANSWER = "The bridge of Varness opened in 1604."
TEXT = f"The mayor of Varness gave a short speech at the bridge. {ANSWER}"


@pytest.fixture
def items(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOLS))
    yield import_module("evidence_items")
    sys.modules.pop("evidence_items", None)


def answering(items, tmp_path, **how):
    """Return the sentences that count as answering, of those that are not."""
    encoder = HashingEncoder()
    item = items.Item("made", "answerable", "g", "When did the bridge of Varness open?", **how)
    with LocalIndex(tmp_path, writable=True) as index:
        index.set_encoder(encoder)
        index.apply(list(items.changes({"Varness": [TEXT]}, encoder)))
        found = items.measure(item, index, encoder)
    texts = [one.candidate.unit.sentence.text for one in found.ranked]
    assert len(texts) == 2
    return [text for text, right in zip(texts, found.answering, strict=True) if right]


def test_a_sentence_that_touches_gold_answers(items, tmp_path):
    start = TEXT.index("1604")
    found = answering(items, tmp_path, answers=(), gold=(("Varness.txt", start, start + 4),))
    assert found == [ANSWER]


def test_gold_of_another_document_answers_nothing(items, tmp_path):
    assert not answering(items, tmp_path, answers=("1604",), gold=(("Oslo.txt", 0, len(TEXT)),))


def test_without_gold_an_accepted_answer_has_to_stand_there(items, tmp_path):
    assert answering(items, tmp_path, answers=("1604",)) == [ANSWER]
