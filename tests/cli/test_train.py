"""`ragkit train` on a tiny model: from examples to an adapter that llama.cpp applies."""

import json
import os
import re
import signal
import sys
import threading
import time

import pytest

from ragkit.llms import LlamaCppLLM, LoraAdapter
from ragkit.records import Message, Sampling
from ragkit.training.export import ROTATED_IN_PAIRS
from tests.small_project import assert_refused
from tests.training.tiny_base import write_tiny_base

WANTED = "Yes [1]"


@pytest.fixture
def tiny(project, monkeypatch):
    """A project beside a tiny model and examples for it."""
    write_tiny_base(project / "tiny.gguf")
    (project / "examples.jsonl").write_text("\n".join(map(json.dumps, examples())))
    return project


def examples(count=24):
    for number in range(count):
        yield {
            "id": str(number),
            "kind": "answer",
            "strategy": "zero-shot",
            "document": f"d{number % 8}",
            "prompt": f"<|im_start|>user\nIs {number} so?<|im_end|>\n<|im_start|>assistant\n",
            "completion": WANTED,
        }


LESSON = ("train", "--base", "tiny.gguf", "--examples", "examples.jsonl", "--no-compile")
QUICK = ("--rate", "0.03", "--rank", "8", "--tokens-per-step", "300", "--threads", "1")


def test_an_adapter_makes_a_model_say_what_it_was_shown(tiny, ragkit):
    done = ragkit(
        *LESSON, *QUICK, "--out", "a.gguf", "--epochs", "15", "--held-out", "0.2", "--json"
    )
    assert done.code == 0, done.err
    form = done.form
    assert form["adapter"]["size_bytes"] == (tiny / "a.gguf").stat().st_size
    assert form["examples"] == {"learnt": 21, "held_out": 3, "too_long": 0}
    assert form["recipe"]["alpha"] == 16.0
    assert form["last_step"]["held_out_loss"] < 0.5
    losses = [json.loads(line) for line in (tiny / "a.run/losses.jsonl").read_text().splitlines()]
    assert losses[-1] == form["last_step"]
    (proven,) = form["proof"]["files"]
    assert (proven["file"], proven["prompts"], form["proof"]["failures"]) == ("float32", 3, [])
    assert proven["same_completions"] == 3
    assert proven["with_adapter"]["mean_difference"] < 0.01
    assert (tiny / "a.run/curve.svg").read_text().startswith("<svg")
    adapter = LoraAdapter(tiny / "a.gguf", form["adapter"]["sha256"], 1.0)
    said = []
    for lora in (None, adapter):
        llm = LlamaCppLLM(tiny / "tiny.gguf", name="tiny", sha256="", threads=1, lora=lora)
        sampling = Sampling(max_new_tokens=20)
        said.append(llm.generate([Message("user", "Is 30 so?")], sampling=sampling).text)
        llm.close()
    assert said[0] != WANTED
    assert said[1] == WANTED


def test_training_goes_on_from_an_adapter(tiny, ragkit):
    held = ("--held-out", "0.2", "--json")
    first = ragkit(*LESSON, *QUICK, "--out", "a.gguf", "--epochs", "15", *held).form
    slow = ("--rate", "0.0001", "--tokens-per-step", "9000", "--threads", "1", "--from", "a.gguf")
    done = ragkit(*LESSON, *slow, "--out", "b.gguf", *held)
    assert done.code == 0, done.err
    assert "going on from the adapter a" in done.err
    assert done.form["recipe"]["rank"] == first["recipe"]["rank"] == 8
    assert done.form["last_step"]["step"] == 1
    assert done.form["last_step"]["loss"] < 0.5  # before anything was learnt anew
    anew = ragkit(*LESSON, *slow[:-1], "none", "--out", "c.gguf", *held)
    assert anew.form["last_step"]["loss"] > 2
    assert anew.form["recipe"]["rank"] == 16


def test_an_adapter_to_go_on_from_keeps_its_shape(tiny, ragkit):
    (tiny / "a.gguf").write_bytes(b"GGUF")
    given = (*LESSON, "--out", "b.gguf", "--from")
    assert_refused(ragkit(*given, "a.gguf", "--rank", "4"), 2, "own rank", step="--from none")
    assert_refused(ragkit(*given, "a.gguf"), 1, "a.gguf is damaged", step="ragkit train wrote")
    assert_refused(ragkit(*given, "b.gguf"), 1, "there is no LoRA adapter at b.gguf")


def test_it_says_what_came_of_it_and_what_to_type(tiny, ragkit):
    done = ragkit(*LESSON, *QUICK, "--out", "a.gguf", "--held-out", "0", "--batch-tokens", "64")
    assert done.code == 0
    assert re.search(r"trained on 24 examples, \d+ tokens in", done.out)
    assert "ragkit ask --lora a.gguf ..." in done.out
    assert re.search(r"llama.cpp says the same as transformers on \d of 4 prompts", done.out)
    assert "24 examples to learn, 0 held out" in done.err
    assert json.loads((tiny / "a.run/run.json").read_text())["batch_tokens"] == 64


def test_a_file_that_llama_cpp_reads_otherwise_is_no_success(tiny, ragkit, monkeypatch):
    monkeypatch.setitem(ROTATED_IN_PAIRS, "llama", False)
    lesson = (*LESSON, *QUICK, "--epochs", "15", "--held-out", "0.2")
    refused = ragkit(*lesson, "--out", "a.gguf")
    assert_refused(refused, 1, "with a.gguf llama.cpp does not say what was learnt")
    unproven = ragkit(*lesson, "--out", "b.gguf", "--no-proof", "--json")
    assert (unproven.code, unproven.form["proof"]) == (0, None)


def test_ctrl_c_keeps_what_is_done_and_a_resumed_run_ends_the_same(tiny, ragkit):
    whole = (*LESSON, *QUICK, "--epochs", "12")
    assert ragkit(*whole, "--out", "whole.gguf").code == 0
    stopper = _interrupt_when(tiny / "part.run/losses.jsonl")
    stopped = ragkit(*whole, "--out", "part.gguf")
    stopper.join()
    assert stopped.code == 130
    assert re.search(r"stopped: \d+ of \d+ steps are done and kept in part.run", stopped.err)
    assert "--resume" in stopped.err
    assert not (tiny / "part.gguf").exists()
    assert_refused(ragkit(*whole, "--out", "part.gguf"), 2, "there is a run", step="--resume")
    other = ragkit(*whole, "--out", "part.gguf", "--resume", "--rank", "4")
    assert_refused(other, 2, "begun with other values: alpha (16.0, now 8.0); rank (8, now 4)")
    assert ragkit(*whole, "--out", "part.gguf", "--resume").code == 0
    last = [(tiny / run / "losses.jsonl").read_text().splitlines()[-1] for run in RUNS]
    ends = [json.loads(line) for line in last]
    assert ends[0]["loss"] == ends[1]["loss"]
    assert ends[0]["step"] == ends[1]["step"]


RUNS = ("whole.run", "part.run")


def _interrupt_when(file):
    """Press Ctrl-C once a file says something."""

    def wait():
        while not (file.exists() and file.stat().st_size):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_questions_that_bring_their_contexts_become_examples(project, ragkit):
    """They are kept, to be read before training for long, and to go on from."""
    write_tiny_base(project / "tiny.gguf", context=8192)
    asked = {"question": "When was the mill lit?", "context": "The mill was lit in 1712."}
    (project / "set.jsonl").write_text(json.dumps({**asked, "answers": ["1712"], "title": "Mill"}))
    size = ("--max-tokens", "8000", "--rank", "2", "--no-compile", "--held-out", "0")
    options = ("--items", "set.jsonl", "--strategies", "zero-shot", "--out", "a.gguf", *size)
    done = ragkit("train", "--base", "tiny.gguf", *options)
    assert done.code == 0, done.err
    lines = (project / "a.run/examples.jsonl").read_text().splitlines()
    kept = [json.loads(line) for line in lines]
    right = next(example for example in kept if example["kind"] == "answer")
    assert right["strategy"] == "zero-shot"
    assert "The mill was lit in 1712." in right["prompt"]
    assert right["prompt"].endswith("<|im_start|>assistant\n")
    assert "1712" in right["completion"]
    assert "[1]" in right["completion"]


def test_what_to_install_is_said_where_it_is_missing(tiny, ragkit, monkeypatch):
    monkeypatch.setitem(sys.modules, "peft", None)
    done = ragkit(*LESSON, "--out", "a.gguf")
    assert_refused(done, 1, "training needs peft", step='pip install "ragkit[train]"')


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--out", "a.bin"), "an adapter is a .gguf file, not 'a.bin'"),
        (("--out", "tiny.gguf"), "there is a file tiny.gguf already"),
        (("--out", "a.gguf", "--resume"), "there is no run in a.run"),
        (("--out", "a.gguf", "--strategies", "zero-shto"), "unknown strategy 'zero-shto'"),
        (("--out", "a.gguf", "--targets", "q,qv"), "unknown target 'qv'"),
        (("--out", "a.gguf", "--device", "gpu"), "unknown device 'gpu'"),
        (("--out", "a.gguf", "--items", "examples.jsonl"), "give either --items or --examples"),
        (("--out", "a.gguf", "--max-tokens", "16"), "none of 24 examples has at most 16 tokens"),
        (("--out", "a.gguf", "--rate", "7"), "--rate"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(tiny, ragkit, more, said):
    assert_refused(ragkit(*LESSON, *more), 2, said)
    assert not list(tiny.glob("*.run/checkpoint*"))


def test_only_files_are_trained_for(tiny, ragkit):
    done = ragkit("train", "--examples", "examples.jsonl", "--out", "a.gguf")
    assert_refused(done, 2, "not for scripted:copy-first-source", step="--base")


def test_a_line_that_is_no_example_is_named(tiny, ragkit):
    with (tiny / "examples.jsonl").open("a") as file:
        file.write('\n{"id": "x"}\n')
    done = ragkit(*LESSON, "--out", "a.gguf")
    assert_refused(done, 2, "examples.jsonl:25 is no example")
