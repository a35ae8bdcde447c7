"""A reader as an ONNX graph of 8-bit integers, run by onnxruntime without torch.

The graph begins behind the table of token embeddings: these are the encoder's own, left as they
were when the reader was fitted, so they are looked up in the encoder's weights and not shipped
again. Each window is run alone, on one thread, several at a time, as texts are in `encoders.onnx`.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ragkit.encoders.runtime import load_onnxruntime
from ragkit.errors import ModelError
from ragkit.machine import physical_cores
from ragkit.readers.reading import SpanReading, Window
from ragkit.readers.table import map_matrix
from ragkit.readers.windows import TokenWindow, WindowTokenizer
from ragkit.records import Passage

WEIGHTS_FILE = "model.safetensors"
TABLE = "embeddings.word_embeddings.weight"
"""The matrix of token embeddings in the encoder's weights, shape (vocabulary, dim)."""


class OnnxReader:
    """Reads passages with a graph that was fitted for an encoder; loaded when it first reads.

    Args:
        graph: Takes `rows` (1, tokens, dim), the embeddings of tokens, and `types` (1, tokens);
            gives `logits` (1, tokens, 2): how surely an answer begins and ends at each token. At
            [CLS] these say that there is none.
        encoder: The folder of the encoder whose embeddings of tokens it was fitted with.
        name: In the catalogue.
        sha256: Of the graph.
        threads: Windows to read at a time; 0 for one per physical core.

    """

    def __init__(
        self, graph: Path, encoder: Path, *, name: str, sha256: str = "", threads: int = 0
    ) -> None:
        self.name = name
        self.sha256 = sha256
        self._graph, self._encoder = graph, encoder
        self._threads = threads or physical_cores()

    @cached_property
    def _tokenizer(self) -> WindowTokenizer:
        return WindowTokenizer(self._encoder / "tokenizer.json")

    @cached_property
    def _table(self) -> npt.NDArray[np.float32]:
        return map_matrix(self._encoder / WEIGHTS_FILE, TABLE)

    @cached_property
    def _session(self) -> Any:
        onnxruntime = load_onnxruntime()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            return onnxruntime.InferenceSession(
                str(self._graph), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise self._damaged(error) from error

    def read(self, question: str, passages: Sequence[Passage]) -> tuple[SpanReading, ...]:
        """Return what each passage holds of an answer, in the order of the passages.

        Raises:
            ModelError: A file is missing or damaged.
        """
        _ = self._session, self._table  # loaded before several threads ask for them
        cut = [
            tuple(self._tokenizer.windows(question, one.text, heading=one.heading))
            for one in passages
        ]
        read = iter(self._run_all([window for windows in cut for window in windows]))
        return tuple(SpanReading(tuple(next(read) for _ in windows)) for windows in cut)

    def __repr__(self) -> str:
        """Return which weights read: what was read with others is not taken for the same."""
        return f"{type(self).__name__}({self.name!r}, {self.sha256!r})"

    def _run_all(self, windows: Sequence[TokenWindow]) -> list[Window]:
        """Return the windows read; an interruption ends it after those in flight."""
        if len(windows) < 2 or self._threads < 2:
            return list(map(self._run, windows))
        with ThreadPoolExecutor(min(self._threads, len(windows)), "reader") as pool:
            try:
                return list(pool.map(self._run, windows))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def _run(self, window: TokenWindow) -> Window:
        rows = np.ascontiguousarray(self._table[list(window.ids)], dtype=np.float32)[None]
        types = np.array([window.types], dtype=np.int64)
        try:
            logits = self._session.run(["logits"], {"rows": rows, "types": types})[0][0]
        except Exception as error:
            raise self._damaged(error) from error
        body = logits[window.first : window.first + len(window.spans)]
        return Window(window.spans, body[:, 0], body[:, 1], float(logits[0].sum()))

    def _damaged(self, error: Exception) -> ModelError:
        why = str(error).partition("\n")[0]
        return ModelError(
            f"the reader {self._graph} cannot be used: {why}",
            hint="install ragkit again, or do without the reader: --reader none",
        )
