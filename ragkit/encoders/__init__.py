"""Text to unit vectors: three implementations of `ragkit.protocols.Encoder`.

An encoder is a sentence-transformers model folder (tokenizer, weights, pooling, prefixes). There
are two ways to run one: `OnnxEncoder`, quick to start and on CPUs, and
`SentenceTransformersEncoder`, for any model and for GPUs. `HashingEncoder` needs no weights and is
for tests.
"""

from collections.abc import Callable
from pathlib import Path

from ragkit.encoders.hashing import HashingEncoder
from ragkit.encoders.onnx import OnnxEncoder
from ragkit.encoders.sentence_transformers import SentenceTransformersEncoder
from ragkit.errors import unknown_name
from ragkit.protocols import Encoder, NoticeListener, ignore_notice

__all__ = [
    "HASHING",
    "RUNTIMES",
    "HashingEncoder",
    "OnnxEncoder",
    "SentenceTransformersEncoder",
    "load_encoder",
]

HASHING = "hashing"
"""The name that stands for `HashingEncoder` where a model folder is expected."""

Runtime = Callable[[Path, str, Path, int, NoticeListener], Encoder]

RUNTIMES: dict[str, Runtime] = {
    "onnx": lambda folder, name, cache_dir, threads, on_notice: OnnxEncoder(
        folder, name=name, cache_dir=cache_dir, threads=threads, on_notice=on_notice
    ),
    "sentence-transformers": lambda folder, name, cache_dir, threads, _on_notice: (
        SentenceTransformersEncoder(folder, name=name, cache_dir=cache_dir, threads=threads)
    ),
}


def load_encoder(
    folder: Path,
    *,
    name: str,
    runtime: str,
    cache_dir: Path,
    threads: int = 0,
    on_notice: NoticeListener = ignore_notice,
) -> Encoder:
    """Return the encoder of a sentence-transformers model folder.

    Args:
        folder: Holds modules.json, the tokenizer and the weights.
        name: What the user called it.
        runtime: A key of `RUNTIMES`.
        cache_dir: Where the exported graph is kept.
        threads: CPU threads; 0 for one per physical core.
        on_notice: Told before anything slow is done for the first time.

    Raises:
        UsageError: An unknown runtime.
        ModelError: The folder is not a model, or its graph does not agree with it.
    """
    if runtime not in RUNTIMES:
        raise unknown_name("encoder runtime", runtime, RUNTIMES)
    return RUNTIMES[runtime](folder, name, cache_dir, threads, on_notice)
