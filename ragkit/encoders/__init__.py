"""Text to unit vectors: three implementations of `ragkit.protocols.Encoder`.

An encoder is a sentence-transformers model folder (tokenizer, weights, pooling, prefixes). There
are two ways to run one: `OnnxEncoder`, quick to start and on CPUs, and
`SentenceTransformersEncoder`, for any model and for GPUs. `HashingEncoder` needs no weights and is
for tests.
"""

from pathlib import Path

from ragkit.encoders.definition import GraphError
from ragkit.encoders.devices import onnx_has_cuda, place_encoder, torch_has_cuda
from ragkit.encoders.hashing import HashingEncoder
from ragkit.encoders.onnx import OnnxEncoder
from ragkit.encoders.options import DEFAULT_OPTIONS, PRECISIONS, RUNTIMES, EncoderOptions
from ragkit.encoders.precision import as_fp32, precision_of
from ragkit.encoders.sentence_transformers import SentenceTransformersEncoder
from ragkit.protocols import Encoder, NoticeListener, ignore_notice

__all__ = [
    "HASHING",
    "PRECISIONS",
    "RUNTIMES",
    "EncoderOptions",
    "HashingEncoder",
    "OnnxEncoder",
    "SentenceTransformersEncoder",
    "as_fp32",
    "load_encoder",
    "onnx_has_cuda",
    "precision_of",
    "torch_has_cuda",
]

HASHING = "hashing"
"""The name that stands for `HashingEncoder` where a model folder is expected."""


def load_encoder(
    folder: Path,
    *,
    name: str,
    cache_dir: Path,
    options: EncoderOptions = DEFAULT_OPTIONS,
    on_notice: NoticeListener = ignore_notice,
) -> Encoder:
    """Return the encoder of a sentence-transformers model folder.

    Args:
        folder: Holds modules.json, the tokenizer and the weights.
        name: What the user called it.
        cache_dir: Where the exported graph is kept.
        options: How to run it.
        on_notice: Told before anything slow is done for the first time.

    Raises:
        UsageError: int8 or a GPU is asked for, and cannot be had.
        ModelError: The folder is not a model, or cannot be run as it was asked for.
    """
    options = place_encoder(options, onnx_has_cuda=onnx_has_cuda, torch_has_cuda=torch_has_cuda)
    if options.runtime != "sentence-transformers":
        try:
            return OnnxEncoder(
                folder, name=name, cache_dir=cache_dir, options=options, on_notice=on_notice
            )
        except GraphError as error:
            if options.runtime == "onnx" or options.precision == "int8":
                raise
            on_notice(
                f"{error.message}; it runs through sentence-transformers, which starts slowly"
            )
    return SentenceTransformersEncoder(folder, name=name, cache_dir=cache_dir, options=options)
