"""Reading one value from the head of a GGUF file without loading it.

Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3).
"""

import struct
from pathlib import Path
from typing import BinaryIO

from ragkit.errors import ModelError

FILE_TYPE_Q4_1 = 3
FILE_TYPE_Q8_0 = 7
"""Values of general.file_type, the same as llama.cpp's enum llama_ftype."""

_MAGIC = b"GGUF"
_FORMATS = dict(zip((0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12), "BbHhIif?Qqd", strict=True))
_STRING, _ARRAY = 8, 9
_MOST_KEYS = 100_000
_LONGEST_KEY = 65_535


def read_file_type(path: Path) -> int | None:
    """Return general.file_type of a GGUF file, or None where it does not say.

    Raises:
        ModelError: The file cannot be read or is not a GGUF file.
    """
    try:
        with path.open("rb") as file:
            return _find_integer(file, b"general.file_type")
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from error
    except (struct.error, ValueError, KeyError) as error:
        raise ModelError(
            f"{path} is damaged or not a GGUF file",
            hint="give a whole .gguf file, or a name: ragkit models list",
        ) from error


def _find_integer(file: BinaryIO, wanted: bytes) -> int | None:
    if file.read(4) != _MAGIC:
        raise ValueError("wrong magic")
    version, _tensors, count = _unpack(file, "IQQ")
    if version not in (2, 3) or count > _MOST_KEYS:
        raise ValueError("unknown version or broken count")
    for _ in range(count):
        key = _read_string(file)
        (kind,) = _unpack(file, "I")
        if key == wanted:
            return int(_unpack(file, _FORMATS[kind])[0])
        _skip_value(file, kind)
    return None


def _skip_value(file: BinaryIO, kind: int) -> None:
    if kind == _STRING:
        _skip_string(file)
    elif kind == _ARRAY:
        item_kind, count = _unpack(file, "IQ")
        if item_kind == _STRING:
            for _ in range(count):
                _skip_string(file)
        else:
            file.seek(count * struct.calcsize("<" + _FORMATS[item_kind]), 1)
    else:
        _unpack(file, _FORMATS[kind])


def _read_string(file: BinaryIO) -> bytes:
    (length,) = _unpack(file, "Q")
    if length > _LONGEST_KEY:
        raise ValueError("broken key")
    return file.read(length)


def _skip_string(file: BinaryIO) -> None:
    (length,) = _unpack(file, "Q")
    file.seek(length, 1)


def _unpack(file: BinaryIO, form: str) -> tuple[int, ...]:
    return struct.unpack("<" + form, file.read(struct.calcsize("<" + form)))
