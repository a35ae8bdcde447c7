"""How much memory a model needs, and whether this machine has it.

Estimates from sizes alone: nothing is loaded.
"""

from typing import Literal

Fit = Literal["yes", "tight", "no"]

_WORKING_BYTES = 250_000_000
"""What a process takes beside weights and cache: Python, the libraries, and room to compute in."""
_FLOAT32_BYTES = 4


def llm_memory(size_bytes: int, *, context: int, cache_bytes: int, context_window: int) -> int:
    """Return about how many bytes of memory an LLM takes while it answers.

    Its file, the key-value cache of the context window, and room to compute in.

    >>> llm_memory(2_500_000_000, context=32768, cache_bytes=147_456, context_window=4096)
    3353979776
    """
    window = min(context_window, context) if context else context_window
    return size_bytes + cache_bytes * window + _WORKING_BYTES


def encoder_memory(size_bytes: int, *, parameters: int) -> int:
    """Return about how many bytes of memory an encoder takes while it encodes.

    Its weights as 32-bit numbers, however they are stored, and room to compute in. Making its graph
    on its first use takes about three times as much for a moment.
    """
    return max(size_bytes, parameters * _FLOAT32_BYTES) + _WORKING_BYTES


def fit(needed: int, *, available: int, total: int) -> Fit:
    """Return whether so much memory is free now ("yes"), or only if others gave it back ("tight").

    >>> [fit(3, available=free, total=8) for free in (4, 2)], fit(9, available=4, total=8)
    (['yes', 'tight'], 'no')
    """
    if needed <= available:
        return "yes"
    return "tight" if needed <= total else "no"
