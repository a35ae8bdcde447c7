"""The bundled model without its chat template: plain turns, the same weights, nothing left over."""

from contextlib import closing

import pytest

from ragkit.errors import ModelError
from ragkit.llms import LlamaCppLLM, OpenAIHttpLLM, without_chat_template
from ragkit.llms.openai_http import parse_address
from ragkit.models import prepare_llm
from ragkit.records import Message, Sampling
from tests.llms.small_server import SmallServer, chunk, events

NAME = "smollm2-135m-instruct"
ASKED = (
    Message("system", "Answer in one sentence."),
    Message("user", "[1] (a.md) Moss is green.\n\nQuestion: What colour is moss?"),
)
BRIEF = Sampling(max_new_tokens=24)


@pytest.fixture(scope="module")
def llm(cache_dir):
    prepared = prepare_llm(NAME, cache_dir=cache_dir)
    opened = LlamaCppLLM(prepared.path, name=NAME, sha256=prepared.sha256, context_window=1024)
    yield opened
    opened.close()


@pytest.mark.model
def test_the_prompt_is_plain_turns(llm):
    plain = without_chat_template(llm)
    text = plain.render_prompt(ASKED)
    assert text.startswith("Answer in one sentence.\n\n###\n\n[1] (a.md)")
    assert text.endswith("What colour is moss?\nAnswer:")
    assert llm.count_control_tokens(llm.render_prompt(ASKED)) == 2
    assert llm.count_control_tokens(text) == 0
    assert plain.count_tokens(text) < llm.count_tokens(llm.render_prompt(ASKED))


@pytest.mark.model
def test_it_stops_before_a_turn_of_its_own_invention(llm):
    plain = without_chat_template(llm)
    said = plain.generate(ASKED, sampling=BRIEF)
    assert said.text.strip()
    assert "###" not in said.text
    assert "Question:" not in said.text


@pytest.mark.model
def test_neither_way_of_asking_changes_the_other(llm):
    plain = without_chat_template(llm)
    with_marks = llm.generate(ASKED, sampling=BRIEF)
    without = plain.generate(ASKED, sampling=BRIEF)
    assert without.token_logprobs != with_marks.token_logprobs
    assert llm.generate(ASKED, sampling=BRIEF).token_logprobs == with_marks.token_logprobs
    assert plain.generate(ASKED, sampling=BRIEF).token_logprobs == without.token_logprobs


def test_a_server_applies_its_template_itself():
    with (
        SmallServer(events(chunk("Yes."))) as server,
        closing(OpenAIHttpLLM(parse_address(server.url))) as llm,
        pytest.raises(ModelError, match="tiny applies its chat template itself"),
    ):
        without_chat_template(llm)
