"""A sentence-transformers model to one ONNX graph with pooling and normalisation inside, checked.

The graph reads one text at a time, so it knows no padding. Done once per model. This is the only
way by which the quick path meets torch, and it does so before the first search, not in it.
"""

import shutil
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from ragkit.encoders.definition import (
    DEFINITION_FILE,
    GRAPH_FILE,
    INT8_GRAPH_FILE,
    TOKENIZER_FILE,
    GraphError,
)
from ragkit.encoders.quantisation import quantise_graph
from ragkit.encoders.sentence_transformers import define, encode_texts, load_model
from ragkit.errors import ModelError
from ragkit.files import translate_disk_errors

LEAST_AGREEMENT = 0.9999
"""Least cosine between the graph's and the original's embedding of each probe. Source: fp32 graphs
of BERT-type encoders measure 0.9999996 and better; anything below 0.9999 is a wrong graph."""

_OPSET = 17
_PROBES = (
    "What is mean pooling?",
    "The embedding of a sentence is the mean of the embeddings of its tokens, padding left out.",
    "Ångström, naïve, 東京, 3.14159 ≤ π ≤ 3.1416",
    "word " * 400,
    "a",
)


def export_encoder(folder: Path, target: Path, *, name: str) -> None:
    """Write graphs, tokenizer and definition of a model folder into `target`, whole or not at all.

    Raises:
        ModelError: The model does not load.
        GraphError: It cannot be written as a graph, or the graph does not agree with it.
        StorageError: The disk is full or the cache cannot be written.
    """
    model = load_model(folder, name=name, device="cpu", plain_attention=True)
    with translate_disk_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target.parent, prefix=".export-") as temporary:
            parts = Path(temporary) / "parts"
            parts.mkdir()
            _write_graph(model, parts / GRAPH_FILE, name=name)
            model.tokenizer.backend_tokenizer.save(str(parts / TOKENIZER_FILE))
            definition = define(model).to_json()
            (parts / DEFINITION_FILE).write_text(definition, encoding="utf-8")
            _check_agreement(model, parts, name=name)
            quantise_graph(parts / GRAPH_FILE, parts / INT8_GRAPH_FILE)
            shutil.rmtree(target, ignore_errors=True)
            parts.rename(target)


def _write_graph(model: Any, path: Path, *, name: str) -> None:
    """Trace the model; without an attention mask if it can do without one, which is quicker."""
    example = model.tokenizer(["a first text"], return_tensors="pt")["input_ids"].cpu()
    try:
        try:
            _trace(model, path, example, masked=False)
        except (AttributeError, KeyError, RuntimeError, TypeError, ValueError):
            _trace(model, path, example, masked=True)
    except Exception as error:  # whatever a model's own code raises while it is traced
        raise _no_graph(name, str(error).partition("\n")[0] or type(error).__name__) from error


def _trace(model: Any, path: Path, example: Any, *, masked: bool) -> None:
    import torch

    class Graph(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        """The token ids of one text, shape (1, length), to its unit embedding, shape (1, dim)."""

        def __init__(self) -> None:
            super().__init__()
            self.stages = torch.nn.ModuleList(list(model))

        def forward(self, input_ids: Any) -> Any:
            features = {"input_ids": input_ids}
            if masked:
                features["attention_mask"] = torch.ones_like(input_ids)
            for stage in self.stages:
                features = stage(features)
            return torch.nn.functional.normalize(features["sentence_embedding"], dim=-1)

    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Graph().eval().cpu(),
            (example,),
            str(path),
            input_names=["input_ids"],
            output_names=["embedding"],
            dynamic_axes={"input_ids": {1: "length"}},
            opset_version=_OPSET,
            dynamo=False,
        )


def _check_agreement(model: Any, folder: Path, *, name: str) -> None:
    from ragkit.encoders.onnx import GraphRunner

    runner = GraphRunner(folder, name=name)
    for prefix in {runner.definition.query_prefix, runner.definition.passage_prefix}:
        expected = encode_texts(model, _PROBES, prefix=prefix)
        try:
            found = runner.run([prefix + probe for probe in _PROBES])
        except ModelError as error:
            raise _no_graph(name, error.message) from error
        agreement = float(np.min(np.sum(expected * found, axis=1)))
        if not agreement >= LEAST_AGREEMENT:
            raise _no_graph(name, f"the graph agrees only to a cosine of {agreement:.6f}")


def _no_graph(name: str, why: str) -> GraphError:
    return GraphError(
        f"encoder {name!r} cannot be run through ONNX: {why}",
        hint="use it as it is: --encoder-runtime sentence-transformers",
    )
