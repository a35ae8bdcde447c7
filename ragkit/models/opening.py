"""A model's name to an LLM that is ready to answer."""

import os
from pathlib import Path

from ragkit.errors import UsageError
from ragkit.llms import (
    LlamaCppLLM,
    LlmOptions,
    OpenAIHttpLLM,
    PooledLLM,
    ScriptedLLM,
)
from ragkit.llms.openai_http import (
    find_api_key,
    is_server_address,
    parse_address,
    refuse_network,
)
from ragkit.machine import main_memory, physical_cores
from ragkit.models.adapting import find_adapter, names_file
from ragkit.models.gguf import read_shape
from ragkit.models.offloading import choose_gpu_layers
from ragkit.models.preparation import prepare_llm
from ragkit.protocols import LLM, NoticeListener, ignore_notice

SCRIPTED = "scripted:"
_CACHES_SHARE = 0.25
"""Of the machine's memory: what the caches of engines beside each other may take."""


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
        UsageError: An unknown name or rule, a broken address, or an adapter for no GGUF file.
        ModelError: The model or its adapter is missing, damaged, or does not fit; or its server
            cannot be asked.
    """
    options = options or LlmOptions()
    is_file = not (model.startswith(SCRIPTED) or is_server_address(model))
    if names_file(options.lora) and not is_file:
        raise UsageError(
            f"a LoRA adapter is applied to GGUF files, not to {model.partition(':')[0]} models",
            hint="leave --lora out, or name a file with --model",
        )
    if model.startswith(SCRIPTED):
        return ScriptedLLM(model.removeprefix(SCRIPTED), context_window=options.context_window)
    if is_server_address(model):
        return _open_server(model, options, on_notice)
    return _open_file(model, options, cache_dir, on_notice)


def _open_file(
    model: str, options: LlmOptions, cache_dir: Path, on_notice: NoticeListener
) -> LlamaCppLLM | PooledLLM:
    """Return a model in a GGUF file, with its adapter, to be asked one or several prompts."""
    prepared = prepare_llm(model, cache_dir=cache_dir, on_notice=on_notice, threads=options.threads)
    engines = _count_engines(prepared.path, options)
    threads = max(1, (options.threads or physical_cores()) // engines)
    llm = LlamaCppLLM(
        prepared.path,
        name=prepared.name,
        sha256=prepared.sha256,
        context_window=options.context_window,
        threads=threads,
        gpu_layers=choose_gpu_layers(
            prepared.path, asked=options.gpu_layers, context_window=options.context_window
        ),
        lora=find_adapter(
            options.lora,
            weights_sha256=prepared.sha256,
            scale=options.lora_scale,
            cache_dir=cache_dir,
        ),
        prefix_dir=cache_dir / "prefixes",
        verbose=options.verbose,
    )
    if engines == 1 or llm.layers_on_gpu[0]:
        return llm
    return PooledLLM(llm, engines=engines, threads=threads)


def _count_engines(path: Path, options: LlmOptions) -> int:
    """Return how many prompts are asked at a time: as wished, or a core each while caches fit."""
    if options.engines > 0:
        return options.engines
    shape = read_shape(path)
    window = min(options.context_window, shape.context or options.context_window)
    fitting = main_memory().total * _CACHES_SHARE / max(1, shape.cache_bytes * window)
    return max(1, min(options.threads or physical_cores(), int(fitting)))


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
