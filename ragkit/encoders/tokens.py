"""The encoder's own tokenizer: spans for cutting texts, and token ids for the graph."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ragkit.errors import ModelError
from ragkit.protocols import TokenSpan


class EncoderTokenizer:
    """A tokenizer.json file, run without transformers.

    Args:
        path: The file.
        max_seq_length: Tokens after which a text is cut, special tokens counted.
    """

    def __init__(self, path: Path, *, max_seq_length: int) -> None:
        self._path = path
        self._cutting = _load_tokenizer(path)
        self._cutting.no_padding()
        self._cutting.enable_truncation(max_seq_length)
        self._whole: Any = None

    def token_spans(self, text: str) -> tuple[TokenSpan, ...]:
        """Return the tokens of a text, uncut and without special tokens."""
        if self._whole is None:
            self._whole = _load_tokenizer(self._path)
            self._whole.no_padding()
            self._whole.no_truncation()
        encoding = self._whole.encode(text, add_special_tokens=False)
        return tuple(TokenSpan(start, end) for start, end in encoding.offsets)

    def input_ids(self, text: str) -> npt.NDArray[np.int64]:
        """Return a text as the graph reads it: special tokens added, cut, shape (1, tokens)."""
        return np.array([self._cutting.encode(text).ids], dtype=np.int64)


def _load_tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:
        raise ModelError(
            f"cannot read the tokenizer {path}: {error}", hint=f"delete {path.parent} and run again"
        ) from error
