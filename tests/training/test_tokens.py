"""Examples in the tokens of a model's file, with the mark by which it ends a turn."""

import pytest

from ragkit.llms import LlamaCppLLM
from ragkit.records import Message
from ragkit.training.records import Example
from ragkit.training.tokens import tokenize_examples
from tests.training.tiny_base import write_tiny_base

START, END = 256, 257


@pytest.fixture(scope="module")
def llm(tmp_path_factory):
    path = write_tiny_base(tmp_path_factory.mktemp("base") / "tiny.gguf")
    llm = LlamaCppLLM(path, name="tiny", sha256="", threads=1)
    yield llm
    llm.close()


def test_a_turn_is_what_llama_cpp_reads_and_ends_as_the_template_does(llm):
    prompt = llm.render_prompt([Message("user", "Why?")])
    before, said = llm.tokenize_turn(prompt, "the.")
    assert len(before) == llm.count_tokens(prompt)
    assert before[0] == START
    assert said == [258, *llm.tokenize_turn("", "e.")[1]]  # "th" is a token of its own
    assert said[-1] == END
    assert END not in said[:-1]


def test_a_model_without_a_template_ends_as_its_vocabulary_says(llm):
    assert llm.without_template().tokenize_turn("Why?", "So.")[1][-1] == END


def test_a_completion_cannot_end_the_turn_itself(llm):
    said = llm.tokenize_turn("", "No<|im_end|>more")[1]
    assert said.count(END) == 1


def test_the_end_is_the_first_that_a_template_writes_after_an_answer(tmp_path):
    """Also where the vocabulary names another."""
    template = "{% for m in messages %}{{ m.content }}<|im_start|>{% endfor %}"
    path = write_tiny_base(tmp_path / "other.gguf", template=template, eot=START)
    llm = LlamaCppLLM(path, name="other", sha256="", threads=1)
    assert llm.tokenize_turn("", "No.")[1][-1] == START
    llm.close()


def test_long_examples_are_left_out_and_counted(llm):
    made = [Example(str(n), "answer", "zero-shot", "d", "?" * n, "!") for n in (3, 30, 5)]
    found = tokenize_examples(made, llm, max_tokens=10)
    assert [one.id for one in found.examples] == ["3", "5"]
    assert found.too_long == 1
    assert [one.length for one in found.examples] == [5, 7]
