"""An encoder without weights: each word is hashed to a signed dimension.

Deterministic on every machine and instant, so that everything around an encoder can be tested for
real. It knows no meaning, only words.
"""

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from ragkit.protocols import TokenSpan
from ragkit.records import Embeddings

_TOKEN = re.compile(r"\w{1,12}|[^\w\s]")


class HashingEncoder:
    """Bag of hashed words, L2-normalised.

    >>> encoder = HashingEncoder()
    >>> query = encoder.encode_queries(["mean pooling"])
    >>> round(float(query[0] @ encoder.encode_passages(["Mean pooling"])[0]), 4)
    1.0

    Source: feature hashing, Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask
    Learning".
    """

    def __init__(self, *, dim: int = 256, max_tokens: int = 256) -> None:
        self.dim = dim
        self.max_tokens = max_tokens
        self.name = "hashing"
        self.fingerprint = f"hashing-1-{dim}-{max_tokens}"

    def token_spans(self, text: str) -> tuple[TokenSpan, ...]:
        """Return words (cut every 12 characters) and punctuation marks."""
        return tuple(TokenSpan(*match.span()) for match in _TOKEN.finditer(text))

    def encode_queries(self, texts: Sequence[str]) -> Embeddings:
        """Return unit rows of shape (len(texts), dim)."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Embeddings:
        """Return unit rows of shape (len(texts), dim)."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for token in _TOKEN.findall(text)[: self.max_tokens]:
                word = token.lower().encode()
                digest = int.from_bytes(hashlib.blake2b(word, digest_size=8).digest())
                row[digest % self.dim] += 1.0 if digest >> 63 else -1.0
            if not row.any():
                row[0] = 1.0
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows
