"""The quick path: an encoder's exported graph run by onnxruntime, without torch.

It starts in 0.2 s where torch and sentence-transformers take seconds. Source for the batch size: on
2 cores, batches of 8 sorted by length encoded 29 chunks of 220 tokens a second, against 18 through
sentence-transformers in batches of 32; on a machine with a quicker torch both encoded 47.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from filelock import FileLock

from ragkit.encoders.definition import (
    DEFINITION_FILE,
    GRAPH_FILE,
    TOKENIZER_FILE,
    check_model_folder,
    fingerprint_folder,
    load_definition,
)
from ragkit.encoders.tokens import EncoderTokenizer
from ragkit.errors import ModelError
from ragkit.files import translate_disk_errors
from ragkit.machine import physical_cores
from ragkit.protocols import NoticeListener, TokenSpan, ignore_notice
from ragkit.records import Embeddings

_BATCH_SIZE = 8


class GraphRunner:
    """An exported folder (graph, tokenizer, definition) ready to run.

    Args:
        folder: As `ragkit.encoders.export.export_encoder` wrote it.
        name: What the user called the encoder.
        threads: CPU threads; 0 for one per physical core.
    """

    def __init__(self, folder: Path, *, name: str, threads: int = 0) -> None:
        import onnxruntime

        definition = load_definition(folder / DEFINITION_FILE)
        if definition is None:
            raise _damaged(name, folder, "its definition is missing")
        self.definition = definition
        self.tokenizer = EncoderTokenizer(
            folder / TOKENIZER_FILE, max_seq_length=definition.max_seq_length
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or physical_cores()
        options.log_severity_level = 3
        # Threads that spin while they wait lose a quarter of the speed, beside one busy process on
        # 2 cores (24 chunks/s for 32), and gain nothing alone (51 for 52) but 1 ms a query.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder / GRAPH_FILE), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise _damaged(name, folder, str(error).partition("\n")[0]) from error

    def run(self, texts: Sequence[str]) -> Embeddings:
        """Return unit rows of shape (len(texts), dim), in the order of the texts."""
        rows = np.zeros((len(texts), self.definition.dim), dtype=np.float32)
        if not texts:
            return rows
        for batch in self.tokenizer.batches(texts, batch_size=_BATCH_SIZE):
            inputs = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}
            rows[batch.positions] = self._session.run(None, inputs)[0]
        return rows


class OnnxEncoder:
    """Runs a sentence-transformers model folder through its ONNX graph, exported on first use.

    Args:
        folder: A sentence-transformers model.
        name: What the user called it.
        cache_dir: Where the graph is kept, by the model's fingerprint.
        threads: CPU threads; 0 for one per physical core.
        on_notice: Told before the export, which takes about 15 seconds.

    Raises:
        ModelError: The folder is not a model, or its graph does not agree with it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        cache_dir: Path,
        threads: int = 0,
        on_notice: NoticeListener = ignore_notice,
    ) -> None:
        check_model_folder(folder, name=name)
        self.name = name
        self.fingerprint = fingerprint_folder(folder, cache_dir=cache_dir)
        exported = cache_dir / "encoders" / self.fingerprint
        if load_definition(exported / DEFINITION_FILE) is None:
            _export_once(folder, exported, name=name, on_notice=on_notice)
        self._runner = GraphRunner(exported, name=name, threads=threads)
        definition = self._runner.definition
        self.definition = definition
        self.dim = definition.dim
        prefix_tokens = len(self.token_spans(definition.passage_prefix))
        self.max_tokens = definition.max_seq_length - definition.special_tokens - prefix_tokens

    def token_spans(self, text: str) -> tuple[TokenSpan, ...]:
        """Return the tokens of a text, uncut and without special tokens."""
        return self._runner.tokenizer.token_spans(text) if text else ()

    def encode_queries(self, texts: Sequence[str]) -> Embeddings:
        """Return unit rows of shape (len(texts), dim)."""
        return self._runner.run([self.definition.query_prefix + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Embeddings:
        """Return unit rows of shape (len(texts), dim)."""
        return self._runner.run([self.definition.passage_prefix + text for text in texts])


def _export_once(folder: Path, exported: Path, *, name: str, on_notice: NoticeListener) -> None:
    lock = FileLock(exported.with_suffix(".lock"))
    with translate_disk_errors(exported):
        exported.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        if load_definition(exported / DEFINITION_FILE) is not None:
            return
        on_notice(f"preparing the encoder {name} for quick starts (once, about 15 s)")
        from ragkit.encoders.export import export_encoder

        export_encoder(folder, exported, name=name)
    finally:
        lock.release()


def _damaged(name: str, folder: Path, why: str) -> ModelError:
    return ModelError(
        f"the prepared graph of encoder {name!r} cannot be used: {why}",
        hint=f"delete {folder} and run the command again",
    )
