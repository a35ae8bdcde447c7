"""Chat templates as models bring them."""

import pytest

from ragkit.errors import ModelError
from ragkit.llms.chat_template import compile_chat_template
from ragkit.records import Message

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
GEMMA = (
    "{{ bos_token }}{% if messages[0].role == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for m in messages %}<start_of_turn>{{ m.role }}\n{{ m.content }}<end_of_turn>\n{% endfor %}"
)
ASKED = (Message("system", "Be brief."), Message("user", "Why?"))


def test_chatml():
    render = compile_chat_template(CHATML, bos="", eos="").render
    assert render(ASKED) == (
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>\n"
        "<|im_start|>assistant\n"
    )


def test_last_assistant_message_is_the_beginning_of_the_completion():
    render = compile_chat_template(CHATML, bos="", eos="").render
    prefixed = (*ASKED, Message("assistant", "Because"))
    assert render(prefixed) == render(ASKED) + "Because"


def test_template_without_a_system_role_gets_it_with_the_first_question():
    render = compile_chat_template(GEMMA, bos="<bos>", eos="").render
    assert render(ASKED) == "<bos><start_of_turn>user\nBe brief.\n\nWhy?<end_of_turn>\n"


def test_base_model_gets_text_to_go_on_from():
    template = compile_chat_template(None, bos="<s>", eos="</s>")
    turns = (
        Message("system", "Be brief."),
        Message("user", "Question: What?"),
        Message("assistant", "This."),
        Message("user", "Question: Why?"),
    )
    text = "Be brief.\n\n###\n\nQuestion: What?\nAnswer: This.\n\n###\n\nQuestion: Why?\nAnswer:"
    assert template.render(turns) == text
    assert template.render((*turns, Message("assistant", "Because"))) == f"{text} Because"
    assert template.stop


def test_base_model_is_given_no_second_cue():
    render = compile_chat_template(None, bos="", eos="").render
    turns = [Message("user", "Question: What?\nReasoning:"), Message("assistant", "Hm.")]
    assert render(turns[:1]) == "Question: What?\nReasoning:"
    assert render([*turns, *turns[:1]]) == (
        "Question: What?\nReasoning: Hm.\n\n###\n\nQuestion: What?\nReasoning:"
    )


def test_chat_model_ends_its_turn_itself():
    assert compile_chat_template(CHATML, bos="", eos="").stop == ()


QWEN3 = CHATML + (
    "{% if enable_thinking is defined and enable_thinking is false %}<think>\n\n</think>\n\n"
    "{% endif %}"
)


@pytest.mark.parametrize("source", [QWEN3, CHATML + "<think>\n"])
def test_models_that_think_are_asked_to_answer_at_once(source):
    text = compile_chat_template(source, bos="", eos="").render(ASKED)
    assert text.endswith("<|im_start|>assistant\n<think>\n\n</think>\n\n")


def test_message_text_is_not_a_template():
    render = compile_chat_template(CHATML, bos="", eos="").render
    assert "{{ bos_token }}" in render((Message("user", "{{ bos_token }}"),))


@pytest.mark.parametrize("source", ["{% if %}", "{{ messages[0].nothing.at_all }}"])
def test_unusable_template_is_a_model_error(source):
    with pytest.raises(ModelError, match="chat template"):
        compile_chat_template(source, bos="", eos="").render(ASKED)


def test_template_cannot_reach_the_interpreter():
    render = compile_chat_template("{{ ''.__class__.__mro__ }}", bos="", eos="").render
    with pytest.raises(ModelError, match="unsafe"):
        render((Message("user", "Why?"),))
