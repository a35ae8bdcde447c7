"""Rows of a matrix in a safetensors file, read as they are needed: the file is mapped, not loaded.

Source of the format: safetensors, README, "Format".
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ragkit.errors import ModelError

_LENGTH_BYTES = 8
_LONGEST_HEADER = 100_000_000
"""The format's own limit, in bytes."""
_FLOAT32_BYTES = 4


def map_matrix(path: Path, name: str) -> npt.NDArray[np.float32]:
    """Return a matrix of float32 of a file; what is not looked at is not read.

    Args:
        path: A safetensors file.
        name: Of the matrix.

    Raises:
        ModelError: The file is none, or does not hold such a matrix.
    """
    try:
        shape, start = _place_of(path, name)
        return np.memmap(path, np.dtype("<f4"), "r", offset=start, shape=shape)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"the embeddings of tokens cannot be read from {path}: {error}",
            hint="install it again: pip install --force-reinstall 'ragkit[bundled]'",
        ) from error


def _place_of(path: Path, name: str) -> tuple[tuple[int, int], int]:
    """Return the shape of a matrix and where in the file it begins, in bytes."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(_LENGTH_BYTES), "little")
        if length > _LONGEST_HEADER:
            raise ValueError("it is no safetensors file")
        header: dict[str, Any] = json.loads(file.read(length))
    entry = header[name]
    rows, columns = entry["shape"]
    start, stop = entry["data_offsets"]
    if entry["dtype"] != "F32" or stop - start != rows * columns * _FLOAT32_BYTES:
        raise ValueError(f"{name} is no matrix of 32-bit floats")
    return (rows, columns), _LENGTH_BYTES + length + start
