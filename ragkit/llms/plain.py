"""Asking a model without the marks of turns that it was trained on, to see how much hangs on them.

It loads nothing: the same weights answer.
"""

from ragkit.errors import ModelError
from ragkit.llms.llama_cpp import LlamaCppLLM
from ragkit.llms.pool import PooledLLM
from ragkit.llms.scripted import ScriptedLLM
from ragkit.protocols import LLM


def without_chat_template(llm: LLM) -> LLM:
    """Return the same model, asked in plain turns that end as those of base models do.

    A model that has no template, such as a rule, is returned as it is.

    >>> rule = ScriptedLLM("abstain")
    >>> without_chat_template(rule) is rule
    True

    Raises:
        ModelError: The model is on a server, which applies the template itself.
    """
    if isinstance(llm, LlamaCppLLM | PooledLLM):
        return llm.without_template()
    if isinstance(llm, ScriptedLLM):
        return llm
    raise ModelError(
        f"the server of {llm.info.name} applies its chat template itself",
        hint="leave the template axis out, or name a GGUF file with --model",
    )
