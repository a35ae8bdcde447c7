"""An encoder that remembers: what it encoded once, in any run, it never encodes again."""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from ragkit.encoders import EncoderOptions, load_encoder
from ragkit.models import find_encoder
from ragkit.protocols import Encoder, TokenSpan
from ragkit.records import Embeddings
from ragkit.settings import Settings

_BATCH = 256


def load_caching_encoder(cache: Path | None, *, name: str = "", precision: str = "auto") -> Encoder:
    """Return the encoder of the default settings or of a name, remembering in a file if given."""
    settings = Settings()
    name = name or settings.encoder
    encoder = load_encoder(
        find_encoder(name),
        name=name,
        cache_dir=settings.cache_path,
        options=EncoderOptions(precision=precision),
    )
    return CachingEncoder(encoder, cache) if cache else encoder


class CachingEncoder:
    """Implements `ragkit.protocols.Encoder`; the embeddings lie in one SQLite file.

    Args:
        encoder: Asked for what is not in the file.
        path: The file; made where it is missing, committed every 256 texts.
    """

    def __init__(self, encoder: Encoder, path: Path) -> None:
        self._encoder = encoder
        self.name, self.fingerprint = encoder.name, encoder.fingerprint
        self.dim, self.max_tokens = encoder.dim, encoder.max_tokens
        self._tokens: dict[str, tuple[TokenSpan, ...]] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=300)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS embeddings (key BLOB PRIMARY KEY, row BLOB) WITHOUT ROWID"
        )

    def token_spans(self, text: str) -> tuple[TokenSpan, ...]:
        """Return the tokens of a text."""
        if text not in self._tokens:
            self._tokens[text] = self._encoder.token_spans(text)
        return self._tokens[text]

    def encode_queries(self, texts: Sequence[str]) -> Embeddings:
        """Return unit rows of shape (len(texts), dim)."""
        return self._remembered("query", texts, self._encoder.encode_queries)

    def encode_passages(self, texts: Sequence[str]) -> Embeddings:
        """Return unit rows of shape (len(texts), dim)."""
        return self._remembered("passage", texts, self._encoder.encode_passages)

    def _remembered(
        self, kind: str, texts: Sequence[str], encode: Callable[[Sequence[str]], Embeddings]
    ) -> Embeddings:
        keys = [self._key(kind, text) for text in texts]
        missing = {k: t for k, t in zip(keys, texts, strict=True) if self._row(k) is None}
        # Neighbours in length share a batch, so little is padded.
        pairs = sorted(missing.items(), key=lambda pair: len(pair[1]))
        for first in range(0, len(pairs), _BATCH):
            part = pairs[first : first + _BATCH]
            rows = encode([text for _, text in part])
            with self._connection:
                self._connection.executemany(
                    "INSERT OR REPLACE INTO embeddings VALUES (?, ?)",
                    [(key, row.tobytes()) for (key, _), row in zip(part, rows, strict=True)],
                )
        found = [self._row(key) for key in keys]
        blob = b"".join(row for row in found if row is not None)
        return np.frombuffer(blob, dtype=np.float32).reshape(len(texts), self.dim)

    def _key(self, kind: str, text: str) -> bytes:
        return hashlib.sha256(f"{self.fingerprint}\0{kind}\0{text}".encode()).digest()[:16]

    def _row(self, key: bytes) -> bytes | None:
        rows = self._connection.execute("SELECT row FROM embeddings WHERE key = ?", (key,))
        found = rows.fetchone()
        return found[0] if found else None
