"""Any sentence-transformers model run by that library: slow to start, runs on GPUs too."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ragkit.encoders.definition import (
    EncoderDefinition,
    check_model_folder,
    fingerprint_folder,
    prefixes_of,
)
from ragkit.encoders.options import DEFAULT_OPTIONS, EncoderOptions
from ragkit.encoders.precision import INT8
from ragkit.errors import ModelError, UsageError
from ragkit.protocols import TokenSpan
from ragkit.records import Embeddings

_GPU_BATCH_SIZE = 64


class SentenceTransformersEncoder:
    """Runs a model folder with torch.

    On a CPU each text is encoded alone, so that its embedding does not depend on its neighbours
    to the last bit; on a GPU it does, since batches are what makes that quick.

    Args:
        folder: A sentence-transformers model.
        name: What the user called it.
        cache_dir: Where hashes of large files are remembered.
        options: How to run it; 0 threads leaves their number to torch.

    Raises:
        UsageError: int8 is asked for, which only onnx can run.
        ModelError: The folder is not a model, or does not load.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        cache_dir: Path,
        options: EncoderOptions = DEFAULT_OPTIONS,
    ) -> None:
        check_model_folder(folder, name=name)
        if options.precision == INT8:
            raise UsageError(
                f"encoder {name!r}: sentence-transformers runs it in fp32 only, not in int8",
                hint="leave one of --encoder-runtime and --encoder-precision out",
            )
        if options.threads:
            import torch

            torch.set_num_threads(options.threads)
        self.name = name
        self.fingerprint = fingerprint_folder(folder, cache_dir=cache_dir)
        device = None if options.device == "auto" else options.device
        self.model = load_model(folder, name=name, device=device)
        self.definition = define(self.model)
        self.dim = self.definition.dim
        self._batch_size = 1 if self.model.device.type == "cpu" else _GPU_BATCH_SIZE
        prefix_tokens = len(self.token_spans(self.definition.passage_prefix))
        self.max_tokens = (
            self.definition.max_seq_length - self.definition.special_tokens - prefix_tokens
        )

    @property
    def running(self) -> str:
        """How it is run, in words."""
        return f"fp32 through sentence-transformers on {self.model.device.type.upper()}"

    def token_spans(self, text: str) -> tuple[TokenSpan, ...]:
        """Return the tokens of a text, uncut and without special tokens."""
        encoding = self.model.tokenizer(
            text,
            add_special_tokens=False,
            truncation=False,
            return_offsets_mapping=True,
            verbose=False,
        )
        return tuple(TokenSpan(start, end) for start, end in encoding["offset_mapping"])

    def encode_queries(self, texts: Sequence[str]) -> Embeddings:
        """Return unit rows of shape (len(texts), dim)."""
        return self._encode(texts, prefix=self.definition.query_prefix)

    def encode_passages(self, texts: Sequence[str]) -> Embeddings:
        """Return unit rows of shape (len(texts), dim)."""
        return self._encode(texts, prefix=self.definition.passage_prefix)

    def _encode(self, texts: Sequence[str], *, prefix: str) -> Embeddings:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        return encode_texts(self.model, texts, prefix=prefix, batch_size=self._batch_size)


def encode_texts(
    model: Any, texts: Sequence[str], *, prefix: str, batch_size: int = 32
) -> Embeddings:
    """Return unit rows of shape (n, dim) for n >= 1 texts.

    The prefix is given as the model's prompt: an empty one keeps a default prompt away, and some
    models leave the prompt's own tokens out of their pooling.
    """
    rows = model.encode(
        list(texts),
        prompt=prefix,
        batch_size=batch_size,
        normalize_embeddings=True,
        convert_to_numpy=True,
        show_progress_bar=False,
    )
    return np.ascontiguousarray(rows, dtype=np.float32)


def load_model(
    folder: Path, *, name: str, device: str | None = None, plain_attention: bool = False
) -> Any:
    """Return the SentenceTransformer of a folder, read from disk only.

    Args:
        folder: Its folder.
        name: What the user called it.
        device: "cpu" or "cuda"; None leaves the choice to the library.
        plain_attention: Compute attention step by step, which makes a graph that runs a sixth
            quicker than the one of torch's fused attention.

    Raises:
        ModelError: It does not load.
    """
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    try:
        # In float32 whatever the file holds: half precision leaves rows of length 1.003, and ONNX
        # has no operators for it on a CPU.
        kwargs = {"dtype": "float32"} | (
            {"attn_implementation": "eager"} if plain_attention else {}
        )
        model = SentenceTransformer(
            str(folder),
            device=device,
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs=kwargs,
        )
    except Exception as error:
        first_line = str(error).partition("\n")[0]
        raise ModelError(
            f"encoder {name!r} in {folder} does not load: {first_line}",
            hint="install or copy it again; see `ragkit models list`",
        ) from error
    if getattr(model.tokenizer, "backend_tokenizer", None) is None:
        raise ModelError(
            f"encoder {name!r} in {folder} has no fast tokenizer of words, which counts its tokens",
            hint="name another with --encoder; see `ragkit models list`",
        )
    return model


def define(model: Any) -> EncoderDefinition:
    """Return the definition of a loaded SentenceTransformer."""
    query_prefix, passage_prefix = prefixes_of(
        model.prompts or {}, default=model.default_prompt_name or ""
    )
    return EncoderDefinition(
        dim=int(model.get_embedding_dimension()),
        max_seq_length=int(model.max_seq_length),
        special_tokens=int(model.tokenizer.num_special_tokens_to_add()),
        query_prefix=query_prefix,
        passage_prefix=passage_prefix,
    )
