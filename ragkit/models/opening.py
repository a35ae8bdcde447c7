"""A model's name to an LLM that is ready to answer."""

import os
from pathlib import Path

from ragkit.llms import LlamaCppLLM, LlmOptions, OpenAIHttpLLM, ScriptedLLM
from ragkit.llms.openai_http import (
    find_api_key,
    is_server_address,
    parse_address,
    refuse_network,
)
from ragkit.models.preparation import prepare_llm
from ragkit.protocols import LLM, NoticeListener, ignore_notice

SCRIPTED = "scripted:"


def open_llm(
    model: str,
    *,
    cache_dir: Path,
    options: LlmOptions | None = None,
    on_notice: NoticeListener = ignore_notice,
) -> LLM:
    """Return the LLM that a user names.

    Args:
        model: A name in the catalogue, a GGUF file, the address of an OpenAI-compatible server
            ("http://localhost:8080/v1#qwen"), or a rule ("scripted:abstain").
        cache_dir: Where prepared files are kept.
        options: How to run it; None for the defaults.
        on_notice: Hears what takes a moment, and where texts are sent.

    Raises:
        UsageError: An unknown name or rule, or a broken address.
        ModelError: The model is missing, damaged, or does not fit the memory; or its server cannot
            be asked.
    """
    options = options or LlmOptions()
    if model.startswith(SCRIPTED):
        return ScriptedLLM(model.removeprefix(SCRIPTED), context_window=options.context_window)
    if is_server_address(model):
        return _open_server(model, options, on_notice)
    prepared = prepare_llm(model, cache_dir=cache_dir, on_notice=on_notice, threads=options.threads)
    return LlamaCppLLM(
        prepared.path,
        name=prepared.name,
        sha256=prepared.sha256,
        context_window=options.context_window,
        threads=options.threads,
        verbose=options.verbose,
    )


def _open_server(model: str, options: LlmOptions, on_notice: NoticeListener) -> LLM:
    """Return a model on a server; what it is sent leaves the machine, unless it is on it."""
    address = parse_address(model)
    if options.offline:
        refuse_network(address)
    if not address.is_loopback:
        on_notice(f"questions and passages of your documents are sent to {address.host}")
    return OpenAIHttpLLM(
        address,
        api_key=find_api_key(address, os.environ),
        context_window=options.context_window,
        timeout_s=options.server_timeout_s,
        on_notice=on_notice,
    )
