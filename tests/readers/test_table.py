"""A matrix of a safetensors file, mapped."""

import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from ragkit.errors import ModelError
from ragkit.readers.table import map_matrix

MATRIX = np.arange(12, dtype=np.float32).reshape(4, 3)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "model.safetensors"
    others = {"before": np.ones(5, np.float32), "half": np.ones((2, 2), np.float16)}
    save_file({**others, "table": MATRIX}, path)
    return path


def test_the_matrix_is_the_one_that_was_saved(path):
    found = map_matrix(path, "table")
    assert isinstance(found, np.memmap)
    assert np.array_equal(found, MATRIX)
    assert found.dtype == np.float32


@pytest.mark.parametrize("name", ["missing", "before", "half"])
def test_what_is_no_matrix_of_floats_is_refused(path, name):
    with pytest.raises(ModelError, match=r"cannot be read from .*model\.safetensors"):
        map_matrix(path, name)


def header(**entry):
    text = json.dumps({"table": {"dtype": "F32", "shape": [4, 3], **entry}}).encode()
    return len(text).to_bytes(8, "little") + text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff" * 8,
        b"\x02\0\0\0\0\0\0\0[]",
        header(data_offsets=[0, 48]),  # and then no data
        header(data_offsets=[0, 47]) + bytes(48),
        header() + bytes(48),
    ],
)
def test_a_broken_file_is_one_clear_error(tmp_path, content):
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(ModelError) as raised:
        map_matrix(path, "table")
    assert "install it again" in raised.value.hint
