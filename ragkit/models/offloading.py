"""How many layers of a model go onto a GPU.

An estimate from sizes alone: nothing is loaded.
"""

import re
from pathlib import Path

from ragkit.llms import list_gpus
from ragkit.models.gguf import ModelShape, read_shape

_PART = re.compile(r"-\d{5}-of-(\d{5})\.gguf$")
_RESERVED_BYTES = 600_000_000
_RESERVED_SHARE = 0.1
"""What stays free on a GPU beside weights and cache: room to compute in (logits of 512 tokens and
152,000 words alone take 311 MB), the driver's own, and what this estimate may be wrong by."""


def fitting_layers(
    shape: ModelShape, *, size_bytes: int, context_window: int, free_bytes: int
) -> int:
    """Return how many layers of a model fit the free memory of a GPU, all of them being layers + 1.

    Weights are taken to be spread evenly, the last, which makes logits, counting as one more layer.

    >>> shape = ModelShape(context=32768, cache_bytes=147_456, layers=36)
    >>> free = {"8 GB": 8_000_000_000, "4 GB": 4_000_000_000, "1 GB": 1_000_000_000}
    >>> {
    ...     name: fitting_layers(
    ...         shape, size_bytes=5_000_000_000, context_window=4096, free_bytes=size
    ...     )
    ...     for name, size in free.items()
    ... }
    {'8 GB': 37, '4 GB': 22, '1 GB': 2}
    """
    usable = free_bytes - max(_RESERVED_BYTES, round(free_bytes * _RESERVED_SHARE))
    window = min(context_window, shape.context) if shape.context else context_window
    of_a_layer = (size_bytes + shape.cache_bytes * window) / (shape.layers + 1)
    return max(0, min(shape.layers + 1, int(usable / of_a_layer)))


def parts_of(path: Path) -> tuple[Path, ...]:
    """Return the files that a model consists of, of which the first is given; most are one file."""
    found = _PART.search(path.name)
    if not found:
        return (path,)
    stem = path.name[: found.start()]
    return tuple(
        path.with_name(f"{stem}-{n:05}-of-{found[1]}.gguf") for n in range(1, int(found[1]) + 1)
    )


def choose_gpu_layers(path: Path, *, asked: int, context_window: int) -> int:
    """Return how many layers of a GGUF file to keep on GPUs: as asked, or what fits below 0.

    Raises:
        ModelError: The file cannot be read or is not a GGUF file.
    """
    gpus = list_gpus() if asked < 0 else ()
    if not gpus:
        return max(asked, 0)
    return fitting_layers(
        read_shape(path),
        size_bytes=sum(part.stat().st_size for part in parts_of(path)),
        context_window=context_window,
        free_bytes=sum(gpu.free_bytes for gpu in gpus),
    )
