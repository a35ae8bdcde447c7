"""The file of an adapter: what is in it, by the gguf package's own reader, and what it refuses."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from gguf import GGUFReader

from ragkit.errors import ModelError
from ragkit.training.export import (
    AdapterBase,
    load_adapter,
    read_adapter_base,
    read_recipe,
    save_adapter,
)
from ragkit.training.records import Recipe
from tests.models.tiny_gguf import NAME, SHAPE, head, string
from tests.training.random_adapters import random_weights

BASE = AdapterBase(
    path=Path("tiny.gguf"),
    name="Tiny",
    sha256="ab" * 32,
    architecture="llama",
    licence="apache-2.0",
    layers=2,
    heads=2,
    kv_heads=1,
)
WIDTHS = {"self_attn.q": (8, 8), "self_attn.k": (8, 4), "mlp.down": (12, 8)}
RECIPE = Recipe(rank=4, alpha=8.0)


def save(path, weights=None, *, base=BASE, recipe=RECIPE, **more):
    weights = random_weights(BASE, widths=WIDTHS) if weights is None else weights
    save_adapter(path, weights, base=base, recipe=recipe, name="course", **more)
    return path


def test_it_says_what_it_is_and_what_it_was_trained_on(tmp_path):
    reader = GGUFReader(save(tmp_path / "a.gguf", notes={"trained_on": "course questions"}))
    values = {key: field.contents() for key, field in reader.fields.items()}
    assert values["general.type"] == "adapter"
    assert values["general.architecture"] == "llama"
    assert values["general.name"] == "course"
    assert values["general.license"] == "apache-2.0"
    assert values["general.base_model.0.name"] == "Tiny"
    assert values["adapter.type"] == "lora"
    assert values["adapter.lora.alpha"] == 8.0
    assert values["ragkit.format_version"] == 1
    assert values["ragkit.base.sha256"] == "ab" * 32
    assert values["ragkit.trained_on"] == "course questions"
    assert read_recipe(tmp_path / "a.gguf") == RECIPE
    recipe = json.loads(values["ragkit.recipe"])
    assert recipe == {**asdict(RECIPE), "targets": list(RECIPE.targets)}


def test_rows_of_queries_and_keys_are_laid_in_pairs_and_no_others(tmp_path):
    name = "base_model.model.model.layers.1.{}_proj.lora_{}.default.weight"
    weights = {}
    for part, (inputs, outputs) in WIDTHS.items():
        weights[name.format(part, "A")] = torch.ones(4, inputs)
        rows = torch.arange(outputs, dtype=torch.bfloat16)
        weights[name.format(part, "B")] = rows[:, None].repeat(1, 4)
    reader = GGUFReader(save(tmp_path / "a.gguf", weights))
    first = {one.name: np.asarray(one.data)[:, 0].tolist() for one in reader.tensors}
    # two heads of four rows: first and second half of each, by turns
    assert first["blk.1.attn_q.weight.lora_b"] == [0, 2, 1, 3, 4, 6, 5, 7]
    assert first["blk.1.attn_k.weight.lora_b"] == [0, 2, 1, 3]
    assert first["blk.1.ffn_down.weight.lora_b"] == list(range(8))
    assert first["blk.1.attn_q.weight.lora_a"] == [1, 1, 1, 1]
    assert len(first) == 6
    plain = GGUFReader(save(tmp_path / "b.gguf", weights, base=replace(BASE, architecture="qwen2")))
    queries = next(one for one in plain.tensors if one.name == "blk.1.attn_q.weight.lora_b")
    assert np.asarray(queries.data)[:, 0].tolist() == list(range(8))


def test_the_same_weights_give_the_same_bytes_and_come_back(tmp_path):
    weights = random_weights(BASE, widths=WIDTHS)
    one = save(tmp_path / "one.gguf", weights)
    other = save(tmp_path / "other.gguf", dict(reversed(weights.items())))
    assert one.read_bytes() == other.read_bytes()
    different = random_weights(BASE, widths=WIDTHS, seed=1)
    assert save(tmp_path / "different.gguf", different).read_bytes() != one.read_bytes()
    loaded = load_adapter(one, BASE)
    assert loaded.keys() == weights.keys()
    for name, matrix in weights.items():
        assert np.array_equal(loaded[name], matrix.astype(np.float16))


def without_one(weights):
    weights.popitem()


def of_another_layer(weights):
    name, matrix = weights.popitem()
    weights[name.replace("layers.1", "layers.7")] = matrix


def diverged(weights):
    weights[next(iter(weights))][0, 0] = np.nan


def too_large(weights):
    weights[next(iter(weights))][0, 0] = 1e6


def of_the_embedding(weights):
    weights["base_model.model.model.embed_tokens.lora_embedding_A"] = np.ones((4, 8))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (without_one, "layers.1.mlp.down_proj is not adapted at rank 4"),
        (of_another_layer, "is not adapted at rank 4"),
        (diverged, "training diverged"),
        (too_large, "training diverged"),
        (of_the_embedding, "not what peft calls a matrix"),
    ],
)
def test_weights_that_no_file_can_hold(tmp_path, spoil, message):
    weights = random_weights(BASE, widths=WIDTHS)
    spoil(weights)
    with pytest.raises(ModelError, match=message):
        save(tmp_path / "a.gguf", weights)
    assert list(tmp_path.iterdir()) == []


def test_layers_that_the_base_does_not_have(tmp_path):
    with pytest.raises(ModelError, match=r"Tiny cannot hold model\.layers\.1\."):
        save(tmp_path / "a.gguf", base=replace(BASE, layers=1))


def test_an_adapter_of_another_base_is_refused(tmp_path):
    adapter = save(tmp_path / "a.gguf")
    with pytest.raises(ModelError, match=r"another model than tiny\.gguf: .* abababababab, not cd"):
        load_adapter(adapter, replace(BASE, sha256="cd" * 32))
    with pytest.raises(ModelError, match="is damaged"):
        load_adapter(_cut(adapter), BASE)


def _cut(path):
    path.write_bytes(path.read_bytes()[:2000])
    return path


def test_an_architecture_that_none_is_written_for_is_refused_before_training(tmp_path):
    file = tmp_path / "a.gguf"
    file.write_bytes(head(NAME, *SHAPE))
    with pytest.raises(ModelError, match=r"'unknown'; adapters can be trained for: llama, qwen2"):
        read_adapter_base(file)
    file.write_bytes(head(string("general.architecture") + b"\x08\0\0\0" + string("bert")))
    with pytest.raises(ModelError, match="a model of the architecture 'bert'"):
        read_adapter_base(file)
