"""The tools that fit the reader: what they read, what they learn from it, and what they write."""

import doctest
import gzip
import json
import random
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from ragkit.readers import OnnxReader
from ragkit.readers.windows import WindowTokenizer
from ragkit.records import Passage

TOOLS = Path(__file__).parents[2] / "evals" / "tools"
NAMES = ("reader_examples", "reader_model", "train_reader")
PARAGRAPHS = {
    "The bridge of Varness opened in 1604. It has nine arches.": ("When did it open?", "1604"),
    "The mayor of Varness is Ida Holm. The bridge is his pride.": ("Who is mayor?", "Ida Holm"),
}
SETS = ("xquad.en", "xquad.de", "xquad.es", "xquad.ro", "xquad.tr", "nq-oracle", "qed")


@pytest.fixture
def tools(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOLS))
    yield {name: import_module(name) for name in NAMES}
    for name in NAMES:
        sys.modules.pop(name, None)


@pytest.fixture
def folder(tmp_path):
    """Sets in SQuAD form: two paragraphs of an article to fit on, one to measure on."""
    rows = [row(f"n{at}", "Normans", text, *asked) for at, (text, asked) in enumerate(facts())]
    rows.append(row("n9", "Normans", next(iter(PARAGRAPHS)), "Who built it?", None))
    rows += [row("w", "Warsaw", "Warsaw lies on the Vistula.", "Where is it?", "on the Vistula")]
    save(tmp_path / "squad2.jsonl.gz", rows)
    for name in (*SETS, "policyqa", "covid-qa"):
        save(tmp_path / f"{name}.jsonl.gz", [])
    written = tmp_path / "written"
    written.mkdir()
    asked = [{"q": "what is it", "span": "a test"}, {"q": "who made it", "none": "attribute"}]
    passage = {"document": "a-note", "text": "It is a test.", "questions": asked}
    for name in ("mine", "arts"):
        (written / f"{name}.jsonl").write_text(json.dumps(passage) + "\n")
    return tmp_path


def facts():
    return PARAGRAPHS.items()


def row(identity, title, context, question, answer):
    return {
        "id": identity, "title": title, "context": context, "question": question,
        "answers": [answer] if answer else [], "answerable": answer is not None,
    }  # fmt: skip


def save(path, rows):
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(one) + "\n" for one in rows)


@pytest.mark.parametrize("name", NAMES)
def test_examples_in_docstrings_hold(tools, name):
    assert doctest.testmod(tools[name]).failed == 0


def test_what_is_measured_is_not_learnt(tools, folder):
    fitted, measured = tools["reader_examples"].read_examples(
        folder, folder / "written", [], seed=0
    )
    assert {one.group for one in fitted} == {"Normans", "mine:a-note"}
    assert {one.group for one in measured} == {"Warsaw", "arts:a-note"}
    kinds = {(one.question, one.kind) for one in fitted}
    assert ("Who built it?", "near") in kinds
    assert ("who made it", "attribute") in kinds
    for example in (*fitted, *measured):
        assert bool(example.answers) == (example.kind == "answerable")
        for start, end in example.answers:
            assert example.passage[start:end] in ("1604", "Ida Holm", "on the Vistula", "a test")


def test_a_question_is_put_to_another_passage_only_if_that_does_not_answer(tools):
    examples = tools["reader_examples"]
    asked = [
        examples.Example("s", "answerable", question, "", text, ((at, at + len(answer)),), "g")
        for text, (question, answer) in facts()
        for at in [text.index(answer)]
    ]
    others = [one for _ in range(20) for one in examples._put_to_others(asked, random.Random(_))]
    assert {(one.question, one.kind, one.answers) for one in others} == {
        ("When did it open?", "other", ()), ("Who is mayor?", "other", ()),
    }  # fmt: skip
    assert all(PARAGRAPHS[one.passage][0] != one.question for one in others)
    holds_both = asked[1]._replace(passage="Since 1604 the mayor is Ida Holm.")
    assert examples._closest(asked[0], [asked[0], holds_both]) == []


@pytest.mark.model
def test_a_model_learns_and_its_graph_says_what_it_does(tools, tmp_path, minilm_folder):
    """Eight steps on two examples are enough to see that the loss falls and where answers lie."""
    import torch

    model_tools = tools["reader_model"]
    torch.manual_seed(0)
    example = tools["reader_examples"].Example
    text = next(iter(PARAGRAPHS))
    at = text.index("1604")
    tokenizer = WindowTokenizer(minilm_folder / "tokenizer.json")
    items = model_tools.itemise(
        [
            example("s", "answerable", "When did it open?", "", text, ((at, at + 4),), "g"),
            example("s", "near", "Who built the bridge?", "", text, (), "g"),
            example("s", "near", "Too long?", "", "word " * 400, (), "g"),
        ],
        tokenizer,
    )
    assert [item.example.question for item in items] == [
        "When did it open?", "Who built the bridge?",
    ]  # fmt: skip
    (first, last) = items[0].places[0]
    spans, begin = items[0].window.spans, items[0].window.first
    assert text[spans[first - begin].start : spans[last - begin].end] == "1604"
    model = model_tools.ReaderModel(minilm_folder)
    optimiser = torch.optim.AdamW([one for one in model.parameters() if one.requires_grad], 3e-4)
    losses = []
    for _ in range(8):
        batch = model_tools.collate(items)
        loss = model_tools.loss_of(model(batch.ids, batch.types, batch.attended), batch)
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2
    model_tools.export_model(model, tmp_path / "reader.onnx")
    reader = OnnxReader(tmp_path / "reader.onnx", minilm_folder, name="mine", threads=1)
    for item, reading in model_tools.read_items(model, items):
        (found,) = reader.read(item.example.question, [Passage(text)])
        expected, got = reading.windows[0], found.windows[0]
        assert expected.spans == got.spans
        assert np.abs(expected.starts - got.starts).max() < 0.5  # of 8-bit integers and bfloat16
        assert abs(expected.nothing - got.nothing) < 0.5


def test_the_best_threshold_is_the_best_of_all(tools):
    read = tools["train_reader"].Read
    answerable = [read("s", "answerable", 3.0, 0.8), read("s", "answerable", 1.0, 0.5)]
    others = [read("s", "near", 2.0, 0.0), read("s", "near", 0.0, 0.0)]
    f1, abstention = tools["train_reader"].best_threshold(answerable, others)
    # Answering the surest alone: (0.8 + 1 + 1) / 4; abstaining from the rest: P 2/3, R 1.
    assert f1 == pytest.approx(0.7)
    assert abstention == pytest.approx(0.8)
