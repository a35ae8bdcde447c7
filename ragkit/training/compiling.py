"""Blocks of a model compiled for the machine, where it has what that takes.

What is computed stays the same up to rounding; only the speed changes.
"""

import shutil
from typing import Any

from ragkit.training.base import Base
from ragkit.training.batches import pack
from ragkit.training.families import find_families
from ragkit.training.loop import summed_loss
from ragkit.training.records import TokenizedExample

_SHAPES = 64
"""Shapes for which torch may compile a block before it gives up."""


def compile_blocks(base: Base) -> bool:
    """Let torch compile each block of a base, and return whether it could.

    Shapes are dynamic: batches have many, and each would be compiled for a quarter of a minute.
    Source: SmolLM2-135M with an adapter, one thread with AMX, tokens by CPU second, 4 x 256: 626
    compiled so, 442 as it is.
    """
    if base.device == "cpu" and not any(map(shutil.which, ("c++", "g++", "clang++"))):
        return False
    import torch
    from torch._dynamo.exc import TorchDynamoException

    torch._dynamo.config.recompile_limit = _SHAPES  # noqa: SLF001 - its public name
    blocks: list[Any] = list(base.causal.model.layers)
    for block in blocks:
        block.compile(dynamic=True)
    try:
        _try_once(base)
    except (TorchDynamoException, RuntimeError, OSError):
        for block in blocks:
            block._compiled_call_impl = None  # noqa: SLF001 - there is no other way back
        _try_once(base)
        return False
    return True


def _try_once(base: Base) -> None:
    """Compute a small batch there and back, and forget it."""
    for members, length in ((3, 32), (2, 48)):
        examples = [TokenizedExample("", tuple(range(length - 8)), tuple(range(8)))] * members
        summed_loss(base, pack(find_families(examples, most_tokens=999), examples)).backward()
    for weight in base.adapter.values():
        weight.grad = None
