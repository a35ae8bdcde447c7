"""Tokens that may come next, with their logits, in the form that llama.cpp's samplers work on.

It chooses none of them.
"""

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray

_CANDIDATE = np.dtype([("token", np.int32), ("logit", np.float32), ("probability", np.float32)])
"""The layout of llama.cpp's struct llama_token_data."""


class Candidates:
    """Tokens with consecutive numbers; samplers change, sort and mark them.

    Args:
        library: llama.cpp.
        logits: Shape (n,); they are copied.
        first: Number of the first token.
    """

    def __init__(self, library: Any, logits: NDArray[np.float32], *, first: int = 0) -> None:
        self._rows = np.zeros(len(logits), dtype=_CANDIDATE)
        self._rows["token"] = np.arange(first, first + len(logits))
        self._rows["logit"] = logits
        data = self._rows.ctypes.data_as(library.llama_token_data_p)
        self._array = library.llama_token_data_array(data, len(logits), -1, False)  # noqa: FBT003
        self._library = library

    def apply(self, sampler: Any) -> None:
        """Let one of llama.cpp's samplers work on them."""
        self._library.llama_sampler_apply(sampler, ctypes.byref(self._array))

    @property
    def any_possible(self) -> bool:
        """Whether any token is left that has a probability."""
        return bool(np.isfinite(self._rows["logit"]).any())

    @property
    def selected(self) -> int:
        """The token that the last sampler chose."""
        return int(self._array.data[self._array.selected].id)
