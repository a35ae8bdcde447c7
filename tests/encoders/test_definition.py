"""What a model folder says of itself."""

import json
import shutil

import pytest

from ragkit.encoders.definition import (
    EncoderDefinition,
    check_model_folder,
    fingerprint_folder,
    load_definition,
    prefixes_of,
)
from ragkit.errors import ModelError


def test_a_definition_is_read_as_it_was_written(tmp_path):
    definition = EncoderDefinition(
        dim=16, max_seq_length=24, special_tokens=2, query_prefix="Frage: ", passage_prefix="¶ "
    )
    path = tmp_path / "definition.json"
    path.write_text(definition.to_json(), encoding="utf-8")
    assert load_definition(path) == definition


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "\0\0\0",
        '{"format_version": 5}',
        '{"format_version": 4}',  # mended: raised TypeError
        EncoderDefinition(dim="16", max_seq_length=24, special_tokens=2).to_json(),
    ],
)
def test_a_damaged_definition_is_none(tmp_path, text):
    path = tmp_path / "definition.json"
    path.write_text(text)
    assert load_definition(path) is None


def test_a_missing_definition_is_none(tmp_path):
    assert load_definition(tmp_path / "definition.json") is None


def test_not_a_model(tmp_path):
    with pytest.raises(ModelError, match=r"holds no sentence-transformers model") as caught:
        check_model_folder(tmp_path, name="mine")
    assert "mine" in caught.value.message
    assert caught.value.hint.startswith("name another")


def test_missing_weights(tmp_path):
    (tmp_path / "modules.json").write_text("[]")
    with pytest.raises(ModelError, match="the weights are missing"):
        check_model_folder(tmp_path, name="mine")


def test_weights_in_the_folder_of_the_first_module(tmp_path):
    """Mended: models of sentence-transformers 1 were said to have no weights."""
    (tmp_path / "modules.json").write_text("[]")
    (tmp_path / "0_Transformer").mkdir()
    (tmp_path / "0_Transformer" / "pytorch_model.bin").write_bytes(b"weights")
    check_model_folder(tmp_path, name="mine")


@pytest.mark.parametrize(
    ("prompts", "expected"),
    [
        ({}, ("", "")),
        ({"query": None, "document": None}, ("", "")),
        ({"query": "query: ", "passage": "passage: "}, ("query: ", "passage: ")),
        ({"query": "query: ", "document": "doc: ", "passage": "no"}, ("query: ", "doc: ")),
        # Mended: sentence-transformers adds an empty "document" to every model that it loads.
        ({"query": "query: ", "document": "", "passage": "passage: "}, ("query: ", "passage: ")),
        ({"clustering": "Identify: "}, ("", "")),
    ],
)
def test_prefixes(prompts, expected):
    assert prefixes_of(prompts) == expected


def make_folder(folder):
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "modules.json").write_text("[]")
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode": "mean"}')
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


def test_a_copy_has_the_same_fingerprint(tmp_path):
    first = make_folder(tmp_path / "a")
    before = fingerprint_folder(first, cache_dir=tmp_path)
    assert len(before) == 16
    shutil.copytree(first, tmp_path / "b")
    (tmp_path / "b" / "README.md").write_text("not what shapes an embedding")
    assert fingerprint_folder(tmp_path / "b", cache_dir=tmp_path) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("1_Pooling/config.json", json.dumps({"pooling_mode": "cls"})),
        ("model.safetensors", "Weights"),
        ("vocab.txt", "a"),
    ],
)
def test_another_model_has_another_fingerprint(tmp_path, name, content):
    folder = make_folder(tmp_path / "a")
    before = fingerprint_folder(folder, cache_dir=tmp_path)
    (folder / name).write_text(content)
    assert fingerprint_folder(folder, cache_dir=tmp_path) != before
