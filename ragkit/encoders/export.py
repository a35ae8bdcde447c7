"""A sentence-transformers model to one ONNX graph with pooling and normalisation inside, checked.

Done once per model. This is the only way by which the quick path meets torch, and it does so before
the first search, not in it.
"""

import shutil
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from ragkit.encoders.definition import DEFINITION_FILE, GRAPH_FILE, TOKENIZER_FILE
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
    """Write graph, tokenizer and definition of a model folder into `target`, whole or not at all.

    Raises:
        ModelError: The model does not load, or its graph does not agree with it.
        StorageError: The disk is full or the cache cannot be written.
    """
    model = load_model(folder, name=name)
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
            shutil.rmtree(target, ignore_errors=True)
            parts.rename(target)


def _write_graph(model: Any, path: Path, *, name: str) -> None:
    import torch

    class Graph(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        """Token ids and mask to unit embeddings."""

        def __init__(self) -> None:
            super().__init__()
            self.stages = torch.nn.ModuleList(list(model))

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            for stage in self.stages:
                features = stage(features)
            return torch.nn.functional.normalize(features["sentence_embedding"], dim=-1)

    example = model.tokenizer(["first text", "a second one"], padding=True, return_tensors="pt")
    inputs = ("input_ids", "attention_mask")
    axes = {key: {0: "batch", 1: "length"} for key in inputs} | {"embedding": {0: "batch"}}
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                Graph().eval().cpu(),
                tuple(example[key].cpu() for key in inputs),
                str(path),
                input_names=list(inputs),
                output_names=["embedding"],
                dynamic_axes=axes,
                opset_version=_OPSET,
                dynamo=False,
            )
    except (RuntimeError, TypeError, ValueError, KeyError) as error:
        raise _no_graph(name, str(error).partition("\n")[0]) from error


def _check_agreement(model: Any, folder: Path, *, name: str) -> None:
    from ragkit.encoders.onnx import GraphRunner

    runner = GraphRunner(folder, name=name)
    for prefix in {runner.definition.query_prefix, runner.definition.passage_prefix}:
        expected = encode_texts(model, _PROBES, prefix=prefix)
        found = runner.run([prefix + probe for probe in _PROBES])
        agreement = float(np.min(np.sum(expected * found, axis=1)))
        if not agreement >= LEAST_AGREEMENT:
            raise _no_graph(name, f"the graph agrees only to a cosine of {agreement:.6f}")


def _no_graph(name: str, why: str) -> ModelError:
    return ModelError(
        f"encoder {name!r} cannot be run through ONNX: {why}",
        hint="use it as it is: --encoder-runtime sentence-transformers",
    )
