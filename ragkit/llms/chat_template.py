"""Messages to the exact text that a model was trained on, by the template that its file holds.

It does not guess formats: a model without a template, a base model, gets plain text to go on from.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ragkit.errors import ModelError
from ragkit.records import Message

_TURN_MARK = "###"
_TURN_ENDS = (f"\n{_TURN_MARK}", "\nQuestion:", "\n\n[1] (")
"""Where a base model goes on to a question of its own: our mark of turns, or how ours begin.

Source: SmolLM2-135M-Instruct with its template taken away, few-shot, 8 made-up questions: without
these it went on to another question in all 8, with them in none; 7 of the answers were right.
"""


class ChatTemplate(NamedTuple):
    """How messages become the text that a model gets."""

    render: Callable[[Sequence[Message]], str]
    stop: tuple[str, ...] = ()
    """What ends a completion besides the model's own end of a turn."""


def compile_chat_template(source: str | None, *, bos: str, eos: str) -> ChatTemplate:
    r"""Return how a model wants to be asked.

    A last message of the assistant is the beginning of the completion: the model goes on from it.
    Models that may think in marks of their own are told not to: strategies say when to reason.

    >>> template = compile_chat_template(None, bos="", eos="")
    >>> template.render([Message("system", "Be brief."), Message("user", "Question: Why?")])
    'Be brief.\n\n###\n\nQuestion: Why?\nAnswer:'

    Args:
        source: The Jinja template of the model's file; None for plain text to complete.
        bos: Text of the token that begins a sequence, which some templates write.
        eos: Text of the token that ends one.

    Raises:
        ModelError: The template does not parse; when rendering: it refuses the messages.
    """
    if not source:
        return ChatTemplate(_render_plain, _TURN_ENDS)
    template = _compile(source)

    def render(messages: Sequence[Message]) -> str:
        turns, prefix = _split_prefix(messages)
        try:
            text = _render(template, turns, bos=bos, eos=eos)
        except ModelError:
            if all(message.role != "system" for message in turns):
                raise
            text = _render(template, fold_system(turns), bos=bos, eos=eos)
        return _end_thought(text) + prefix

    return ChatTemplate(render)


def fold_system(messages: Sequence[Message]) -> tuple[Message, ...]:
    r"""Return the messages with the system's words at the head of the first user message.

    For templates, such as Gemma's, that know no system role.

    >>> fold_system([Message("system", "Be brief."), Message("user", "Why?")])
    (Message(role='user', content='Be brief.\n\nWhy?'),)
    """
    system = "\n\n".join(message.content for message in messages if message.role == "system")
    rest = [message for message in messages if message.role != "system"]
    for position, message in enumerate(rest):
        if message.role == "user":
            rest[position] = Message("user", f"{system}\n\n{message.content}")
            break
    return tuple(rest)


def _render_plain(messages: Sequence[Message]) -> str:
    """Return turns as a text that shows its form: a base model goes on as it began.

    A message of the user that ends with a colon says itself how its answer begins.
    """
    turns, prefix = _split_prefix(messages)
    text = ""
    for message in turns:
        if message.role == "assistant":
            text += f" {message.content}"
            continue
        text += f"\n\n{_TURN_MARK}\n\n{message.content}" if text else message.content
        if message.role == "user" and not message.content.endswith(":"):
            text += "\nAnswer:"
    return f"{text} {prefix}" if prefix else text


def _end_thought(text: str) -> str:
    r"""Return the text without a thought left open, by which some templates make a model think.

    >>> _end_thought("<|Assistant|><think>\n")
    '<|Assistant|><think>\n\n</think>\n\n'
    """
    head = text.rstrip()
    return f"{head}\n\n</think>\n\n" if head.endswith("<think>") else text


def _split_prefix(messages: Sequence[Message]) -> tuple[Sequence[Message], str]:
    if messages and messages[-1].role == "assistant":
        return messages[:-1], messages[-1].content
    return messages, ""


def _compile(source: str) -> Any:
    """Compile with the options and functions that templates on model hubs expect.

    Source: `llama_cpp.llama_chat_format.Jinja2ChatFormatter` and transformers' chat_template_utils.
    """
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.filters["tojson"] = _to_json
    environment.globals["raise_exception"] = _refuse
    environment.globals["strftime_now"] = lambda form: datetime.now().astimezone().strftime(form)
    try:
        return environment.from_string(source)
    except TemplateError as error:
        raise ModelError(f"the model's chat template does not parse: {error}") from error


def _render(template: Any, messages: Sequence[Message], *, bos: str, eos: str) -> str:
    from jinja2 import TemplateError

    turns = [{"role": message.role, "content": message.content} for message in messages]
    try:
        return str(
            template.render(
                messages=turns,
                bos_token=bos,
                eos_token=eos,
                add_generation_prompt=True,
                enable_thinking=False,
            )
        )
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        raise ModelError(f"the model's chat template refuses the messages: {error}") from error


def _refuse(reason: str) -> str:
    from jinja2 import TemplateError

    raise TemplateError(reason)


def _to_json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)
