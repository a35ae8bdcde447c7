"""The quick path: an encoder's exported graph run by onnxruntime, without torch.

It starts in 0.2 s where torch and sentence-transformers take seconds. Each text is run alone, on
one thread, several at a time. So nothing is padded, and an embedding is the same to the bit
whatever is encoded beside it.

Source: 96 chunks of 200 tokens of d2l on 2 cores (AVX-512, AMX), speed relative to
`SentenceTransformer.encode` with its defaults, medians of 5 to 7 interleaved runs; beside other
programs, where threads that share a batch wait for each other, and nearly alone:

| graph | | beside others | alone |
|---|---|---|---|
| fp32, torch's fused attention | batches of 8 by length, 2 threads share each | 1.4 | 0.9 |
| fp32, plain attention | the same | 1.5 | |
| fp32, plain attention | a text a thread, 2 threads | 1.7 | 1.0 |
| fp32, fused by onnxruntime's optimizer | the same | 1.4 to 1.6 | |
| `quantize_dynamic` | batches of 8 by length, 2 threads share each | 2.6 | 2.5 |
| `quantize_dynamic` | a text a thread, 2 threads | 4.1 | 2.8 |
| 8 bits, all by token | the same | | 2.5 |

In CPU time a text, which other programs hardly disturb: fp32 35.1 ms, without a mask 34.0;
`quantize_dynamic` 15.1, fused by the optimizer 16.9; all by token 16.7; the graph in use 14.0. One
query of 10 tokens takes 1.7 ms in 8 bits and 3.7 in fp32; loaded, the graphs take 103 and 180 MB.
"""

import json
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from ragkit.encoders.definition import (
    COMPARISON_FILE,
    DEFINITION_FILE,
    GRAPH_FILE,
    INT8_GRAPH_FILE,
    TOKENIZER_FILE,
    GraphError,
    check_model_folder,
    fingerprint_folder,
    load_definition,
)
from ragkit.encoders.options import DEFAULT_OPTIONS, EncoderOptions
from ragkit.encoders.precision import (
    FP32,
    INT8,
    Comparison,
    choose_precision,
    compare_graphs,
    load_comparison,
    save_comparison,
    with_precision,
)
from ragkit.encoders.runtime import load_onnxruntime
from ragkit.encoders.tokens import EncoderTokenizer
from ragkit.errors import ModelError
from ragkit.files import translate_disk_errors, write_text_atomically
from ragkit.machine import physical_cores
from ragkit.protocols import NoticeListener, TokenSpan, ignore_notice
from ragkit.records import Embeddings

# TF32 rounds to 10 bits: an index made on a GPU could not be searched on a CPU.
_PROVIDERS: dict[str, list[Any]] = {
    "cpu": ["CPUExecutionProvider"],
    "cuda": [("CUDAExecutionProvider", {"use_tf32": "0"}), "CPUExecutionProvider"],
}


class GraphRunner:
    """An exported folder (graphs, tokenizer, definition) ready to run.

    Args:
        folder: As `ragkit.encoders.export.export_encoder` wrote it.
        name: What the user called the encoder.
        precision: "fp32" or "int8".
        threads: Texts to encode at a time; 0 for one per physical core.
        device: "cpu" or "cuda".
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        precision: str = FP32,
        threads: int = 0,
        device: str = "cpu",
    ) -> None:
        onnxruntime = load_onnxruntime()
        definition = load_definition(folder / DEFINITION_FILE)
        if definition is None:
            raise _damaged(name, folder, "its definition is missing")
        self.definition = definition
        self.tokenizer = EncoderTokenizer(
            folder / TOKENIZER_FILE, max_seq_length=definition.max_seq_length
        )
        self._name, self._folder = name, folder
        self._threads = threads or physical_cores()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        file = folder / (GRAPH_FILE if precision == FP32 else INT8_GRAPH_FILE)
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(file), options, providers=_PROVIDERS[device]
            )
        except Exception as error:
            raise _damaged(name, folder, str(error).partition("\n")[0]) from error

    def run(self, texts: Sequence[str]) -> Embeddings:
        """Return unit rows of shape (len(texts), dim), in the order of the texts.

        Memory does not grow with their number, but for the rows themselves. An interruption ends
        it after the texts in flight.
        """
        rows = np.zeros((len(texts), self.definition.dim), dtype=np.float32)
        # The longest first, so that all threads end at about the same time.
        waiting = deque(sorted(range(len(texts)), key=lambda at: -len(texts[at])))

        def encode_waiting() -> None:
            while waiting:
                try:
                    position = waiting.popleft()
                except IndexError:  # another thread took the last one
                    return
                rows[position] = self._encode(texts[position])[0]

        helpers = min(self._threads, len(texts)) - 1
        if helpers < 1:
            encode_waiting()
            return rows
        with ThreadPoolExecutor(helpers, thread_name_prefix="encoder") as pool:
            try:
                running = [pool.submit(encode_waiting) for _ in range(helpers)]
                encode_waiting()
            finally:
                waiting.clear()
        for helper in running:
            helper.result()
        return rows

    def _encode(self, text: str) -> Embeddings:
        """Return the unit row of one text, shape (1, dim)."""
        input_ids = self.tokenizer.input_ids(text)
        if not input_ids.size:  # no special tokens frame an empty text
            return np.eye(1, self.definition.dim, dtype=np.float32)
        try:
            rows: Embeddings = self._session.run(None, {"input_ids": input_ids})[0]
        except Exception as error:
            raise _damaged(self._name, self._folder, str(error).partition("\n")[0]) from error
        return rows


class OnnxEncoder:
    """Runs a sentence-transformers model folder through its ONNX graph, exported on first use.

    Args:
        folder: A sentence-transformers model.
        name: What the user called it.
        cache_dir: Where the graph is kept, by the model's fingerprint.
        options: How to run it.
        on_notice: Told before the export, which takes about 15 seconds.

    Raises:
        GraphError: The model cannot be written as a graph, or the graph does not agree with it.
        ModelError: The folder is not a model, or int8 is asked for where it is not faithful.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        cache_dir: Path,
        options: EncoderOptions = DEFAULT_OPTIONS,
        on_notice: NoticeListener = ignore_notice,
    ) -> None:
        check_model_folder(folder, name=name)
        self.name = name
        fingerprint = fingerprint_folder(folder, cache_dir=cache_dir)
        exported = cache_dir / "encoders" / fingerprint
        if load_definition(exported / DEFINITION_FILE) is None:
            _export_once(folder, exported, name=name, on_notice=on_notice)
        self.precision = choose_precision(
            options.precision,
            fingerprint=fingerprint,
            built_with=options.built_with,
            compare=lambda: compare_exported(exported, name=name),
        )
        self.fingerprint = with_precision(fingerprint, self.precision)
        self.device = "cuda" if options.device == "cuda" else "cpu"
        self._runner = GraphRunner(
            exported,
            name=name,
            precision=self.precision,
            threads=options.threads,
            device=self.device,
        )
        definition = self._runner.definition
        self.definition = definition
        self.dim = definition.dim
        prefix_tokens = len(self.token_spans(definition.passage_prefix))
        self.max_tokens = definition.max_seq_length - definition.special_tokens - prefix_tokens

    @property
    def running(self) -> str:
        """How it is run, in words."""
        return f"{self.precision} through onnxruntime on {self.device.upper()}"

    def token_spans(self, text: str) -> tuple[TokenSpan, ...]:
        """Return the tokens of a text, uncut and without special tokens."""
        return self._runner.tokenizer.token_spans(text) if text else ()

    def encode_queries(self, texts: Sequence[str]) -> Embeddings:
        """Return unit rows of shape (len(texts), dim)."""
        return self._runner.run([self.definition.query_prefix + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Embeddings:
        """Return unit rows of shape (len(texts), dim)."""
        return self._runner.run([self.definition.passage_prefix + text for text in texts])


def compare_exported(exported: Path, *, name: str) -> Comparison:
    """Return how the two graphs of an exported folder compare on this machine."""
    found = load_comparison(exported / COMPARISON_FILE)
    if found is None:
        fp32, int8 = (
            GraphRunner(exported, name=name, precision=precision, threads=1).run
            for precision in (FP32, INT8)
        )
        found = compare_graphs(fp32, int8)
        save_comparison(found, exported / COMPARISON_FILE)
    return found


def _export_once(folder: Path, exported: Path, *, name: str, on_notice: NoticeListener) -> None:
    lock = FileLock(exported.with_suffix(".lock"))
    refusal = exported.with_suffix(".refused.json")
    with translate_disk_errors(exported):
        exported.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        if load_definition(exported / DEFINITION_FILE) is not None:
            return
        _refuse_again(refusal)
        on_notice(f"preparing the encoder {name} for quick starts (once, about 15 s)")
        from ragkit.encoders.export import export_encoder

        export_encoder(folder, exported, name=name)
    except GraphError as error:
        refused = {"message": error.message, "hint": error.hint, "libraries": _library_versions()}
        write_text_atomically(refusal, json.dumps(refused))
        raise
    finally:
        lock.release()


def _refuse_again(refusal: Path) -> None:
    """Raise the GraphError of an earlier attempt with the same libraries."""
    try:
        refused = json.loads(refusal.read_text(encoding="utf-8"))
        same = refused["libraries"] == _library_versions()
        error = GraphError(str(refused["message"]), hint=str(refused["hint"]))
    except (OSError, ValueError, KeyError, TypeError):
        return
    if same:
        raise error


def _library_versions() -> list[str]:
    return [version(name) for name in ("torch", "transformers", "sentence-transformers", "ragkit")]


def _damaged(name: str, folder: Path, why: str) -> ModelError:
    return ModelError(
        f"the prepared graph of encoder {name!r} cannot be used: {why}",
        hint=f"delete {folder} and run the command again",
    )
