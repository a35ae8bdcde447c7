"""A real classifier in ONNX, made on the spot: each word of a vocabulary speaks for some labels."""

import json
from pathlib import Path

import numpy as np

WORDS = {"moss": (0.0, 0.0), "green": (0.0, 4.0), "red": (4.0, 0.0), "rain": (0.0, 0.0)}
"""What each word adds to the logits of the first and the second label."""


def write_detector(folder: Path, labels: dict[str, str], *, most_tokens: int = 64) -> Path:
    """Write a folder as model hubs have it: the logits are sums over the words of a pair."""
    folder.mkdir(parents=True)
    vocabulary = {"[UNK]": 0, **{word: at for at, word in enumerate(WORDS, start=1)}}
    _write_tokenizer(folder / "tokenizer.json", vocabulary)
    table = np.array([(0.0, 0.0), *WORDS.values()], dtype=np.float32)[:, : len(labels)]
    _write_graph(folder / "model.onnx", table)
    config = {"id2label": labels, "max_position_embeddings": most_tokens}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def _write_tokenizer(path: Path, vocabulary: dict[str, int]) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(path))


def _write_graph(path: Path, table: np.ndarray) -> None:
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    axes = numpy_helper.from_array(np.array([1], dtype=np.int64), "axes")
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "input_ids"], ["words"]),
            helper.make_node("ReduceSum", ["words", "axes"], ["logits"], keepdims=0),
        ],
        "tiny",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, table.shape[1]])],
        [numpy_helper.from_array(table, "table"), axes],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, str(path))
