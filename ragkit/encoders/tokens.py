"""The encoder's own tokenizer: spans for cutting texts, and padded batches for the graph."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ragkit.errors import ModelError
from ragkit.protocols import TokenSpan


class Batch(NamedTuple):
    """Texts of like length as the graph reads them."""

    positions: npt.NDArray[np.intp]
    """Which texts these are, shape (b,)."""
    input_ids: npt.NDArray[np.int64]
    """Shape (b, length of the longest)."""
    attention_mask: npt.NDArray[np.int64]
    """1 for a token, 0 for padding; the same shape."""


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

    def batches(self, texts: Sequence[str], *, batch_size: int) -> Iterator[Batch]:
        """Yield batches of texts sorted by length, longest first, so that little is padded."""
        encodings = self._cutting.encode_batch(list(texts))
        lengths = np.array([len(encoding.ids) for encoding in encodings])
        order = np.argsort(-lengths, kind="stable")
        for first in range(0, len(order), batch_size):
            positions = order[first : first + batch_size]
            shape = (len(positions), int(lengths[positions[0]]))
            input_ids = np.zeros(shape, dtype=np.int64)
            attention_mask = np.zeros(shape, dtype=np.int64)
            for row, position in enumerate(positions):
                ids = encodings[position].ids
                input_ids[row, : len(ids)] = ids
                attention_mask[row, : len(ids)] = 1
            yield Batch(positions, input_ids, attention_mask)


def _load_tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:
        raise ModelError(
            f"cannot read the tokenizer {path}: {error}", hint=f"delete {path.parent} and run again"
        ) from error
