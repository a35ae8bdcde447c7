"""The head of a GGUF file, written by hand."""

import struct

import pytest

from ragkit.errors import ModelError
from ragkit.models.gguf import read_file_type


def string(text):
    return struct.pack("<Q", len(text)) + text.encode()


def head(*pairs, version=3):
    return b"GGUF" + struct.pack("<IQQ", version, 0, len(pairs)) + b"".join(pairs)


NAME = string("general.name") + struct.pack("<I", 8) + string("Tiny")
TAGS = string("general.tags") + struct.pack("<IIQ", 9, 8, 2) + string("a") + string("bc")
SIZES = string("x.sizes") + struct.pack("<IIQ", 9, 5, 3) + struct.pack("<3i", 1, 2, 3)
RATE = string("x.rate") + struct.pack("<If", 6, 0.5)
TYPE = string("general.file_type") + struct.pack("<II", 4, 3)


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
