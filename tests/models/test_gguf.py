"""The head of a GGUF file, written by hand."""

import struct

import pytest

from ragkit.errors import ModelError
from ragkit.models import find_entry, find_llm
from ragkit.models.gguf import ModelKind, ModelShape, read_file_type, read_kind, read_shape
from tests.models.tiny_gguf import NAME, SHAPE, TYPE, head, integers, string

TAGS = string("general.tags") + struct.pack("<IIQ", 9, 8, 2) + string("a") + string("bc")
SIZES = string("x.sizes") + struct.pack("<IIQ", 9, 5, 3) + struct.pack("<3i", 1, 2, 3)
RATE = string("x.rate") + struct.pack("<If", 6, 0.5)


@pytest.mark.parametrize("version", [2, 3])
def test_finds_the_type_behind_values_of_all_shapes(tmp_path, version):
    file = tmp_path / "a.gguf"
    file.write_bytes(head(NAME, TAGS, SIZES, RATE, TYPE, version=version))
    assert read_file_type(file) == 3


def test_a_file_may_not_say(tmp_path):
    file = tmp_path / "a.gguf"
    file.write_bytes(head(NAME))
    assert read_file_type(file) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GGUF",
        b"GGUX" + head(TYPE)[4:],
        head(TYPE, version=99),
        head(NAME, TYPE)[:-2],
        b"GGUF" + struct.pack("<IQQ", 3, 0, 2**63),
        head(string("x") + struct.pack("<I", 77)),
        head(struct.pack("<Q", 2**60)),
    ],
)
def test_broken_heads(tmp_path, content):
    file = tmp_path / "a.gguf"
    file.write_bytes(content)
    with pytest.raises(ModelError, match="damaged or not a GGUF file"):
        read_file_type(file)


def test_how_long_and_heavy_a_context_is(tmp_path):
    file = tmp_path / "a.gguf"
    file.write_bytes(head(NAME, *SHAPE))
    # keys and values of 3 layers, 2 heads of 64 / 4 numbers, 2 bytes each
    assert read_shape(file) == ModelShape(context=2048, cache_bytes=2 * 3 * 2 * 16 * 2, layers=3)
    by_layer = integers("tiny.attention.head_count_kv", [1, 0, 2])
    file.write_bytes(head(*SHAPE[:-1], by_layer))
    assert read_shape(file).cache_bytes == 2 * (1 + 0 + 2) * 16 * 2
    file.write_bytes(head(NAME))
    assert read_shape(file) == ModelShape(0, 0)


def test_how_a_model_is_built(tmp_path):
    file = tmp_path / "a.gguf"
    file.write_bytes(head(NAME, *SHAPE))
    assert read_kind(file) == ModelKind("", "Tiny", "", layers=3, heads=4, kv_heads=2)
    file.write_bytes(head(*SHAPE[:-1]))
    assert read_kind(file).kv_heads == 4


@pytest.mark.model
def test_the_bundled_model_is_as_the_catalogue_says():
    entry = find_entry("smollm2-135m-instruct")
    assert read_shape(find_llm(entry.name)) == ModelShape(entry.context, entry.cache_bytes, 30)
    assert read_kind(find_llm(entry.name))[:2] == ("llama", "Smollm2 135M 8k Lc100K Mix1 Ep2")
    assert read_kind(find_llm(entry.name))[2:] == ("apache-2.0", 30, 9, 3)
