"""Loading a LoRA adapter beside a model, and letting a context evaluate with it."""

import ctypes
from typing import Any, NamedTuple

from ragkit.errors import ModelError
from ragkit.llms.library import captured_log
from ragkit.llms.lora import LoraAdapter


class LoadedAdapter(NamedTuple):
    """An adapter in memory, which is freed with its model."""

    adapter: LoraAdapter
    handle: Any
    """As llama.cpp knows it."""


def load_adapter(library: Any, model: Any, adapter: LoraAdapter, *, verbose: bool) -> LoadedAdapter:
    """Return an adapter in memory, for any number of contexts of the model.

    Raises:
        ModelError: There is none, it is damaged, or it was made for another model.
    """
    with captured_log(verbose=verbose) as said:
        handle = library.llama_adapter_lora_init(model, str(adapter.path).encode())
    if not handle:
        raise ModelError(
            f"{adapter.path} is no LoRA adapter for this model: {_reason(said)}",
            hint="name one in GGUF form that was made for this very model",
        )
    return LoadedAdapter(adapter, handle)


def apply_adapter(library: Any, context: Any, loaded: LoadedAdapter) -> None:
    """Let a context evaluate with an adapter of its model.

    Raises:
        ModelError: llama.cpp refuses.
    """
    handles = (library.llama_adapter_lora_p_ctypes * 1)(loaded.handle)
    scales = (ctypes.c_float * 1)(loaded.adapter.scale)
    if library.llama_set_adapters_lora(context, handles, 1, scales) != 0:
        raise ModelError(f"llama.cpp could not apply {loaded.adapter.path}")


def _reason(said: list[str]) -> str:
    r"""Return why, of what llama.cpp logged.

    >>> _reason(["f: failed to apply lora adapter: model arch and LoRA arch mismatch\n"])
    'model arch and LoRA arch mismatch'
    """
    logged = said[-1].strip() if said else "llama.cpp does not say why"
    return logged.rpartition("failed to apply lora adapter: ")[2]
