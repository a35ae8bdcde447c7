"""A model's name to an LLM that is ready to answer."""

from pathlib import Path

from ragkit.llms import LlamaCppLLM, ScriptedLLM
from ragkit.models.preparation import prepare_llm
from ragkit.protocols import LLM, NoticeListener, ignore_notice

SCRIPTED = "scripted:"


def open_llm(
    model: str,
    *,
    cache_dir: Path,
    context_window: int = 4096,
    threads: int = 0,
    on_notice: NoticeListener = ignore_notice,
    verbose: bool = False,
) -> LLM:
    """Return the LLM of a name in the catalogue, a GGUF file, or a rule ("scripted:abstain").

    Raises:
        UsageError: An unknown name or rule.
        ModelError: The model is missing, damaged, or does not fit the memory.
    """
    if model.startswith(SCRIPTED):
        return ScriptedLLM(model.removeprefix(SCRIPTED), context_window=context_window)
    prepared = prepare_llm(model, cache_dir=cache_dir, on_notice=on_notice, threads=threads)
    return LlamaCppLLM(
        prepared.path,
        name=prepared.name,
        sha256=prepared.sha256,
        context_window=context_window,
        threads=threads,
        verbose=verbose,
    )
