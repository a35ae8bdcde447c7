"""Reading a few values from the head of a GGUF file without loading it.

Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3).
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ragkit.errors import ModelError

FILE_TYPE_F32 = 0
FILE_TYPE_Q4_1 = 3
FILE_TYPE_Q8_0 = 7
"""Values of general.file_type, the same as llama.cpp's enum llama_ftype."""

_MAGIC = b"GGUF"
_FORMATS = dict(zip((0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12), "BbHhIif?Qqd", strict=True))
_INTEGERS = frozenset("BbHhIiQq")
_STRING, _ARRAY = 8, 9
_MOST_KEYS = 100_000
_LONGEST_KEY = 65_535
_LONGEST_ARRAY = 4096
"""Of numbers a layer, say; longer ones are vocabularies, which nobody asks for here."""
_KEY_AND_VALUE, _FLOAT16_BYTES = 2, 2

Value = int | str | tuple[int, ...] | None
"""None for what is neither text nor an integer."""


class ModelShape(NamedTuple):
    """What the head of a file says of the size of a model."""

    context: int
    """Tokens that it was trained to read at once; 0 where it does not say."""
    cache_bytes: int
    """Of key-value cache that a token takes in 16-bit numbers, at most; 0 where it does not say."""
    layers: int = 0
    """0 where it does not say."""


class ModelKind(NamedTuple):
    """What the head of a file says of how a model is built and what it is called."""

    architecture: str
    """Such as "llama"; empty where it does not say."""
    name: str
    licence: str
    layers: int
    heads: int
    """Of attention, in the layer that has most."""
    kv_heads: int


def read_file_type(path: Path) -> int | None:
    """Return general.file_type of a GGUF file, or None where it does not say.

    Raises:
        ModelError: The file cannot be read or is not a GGUF file.
    """
    value = _read_values(path, frozenset({"general.file_type"})).get("general.file_type")
    return value if isinstance(value, int) else None


def read_shape(path: Path) -> ModelShape:
    """Return how long and how heavy a model's context is.

    Raises:
        ModelError: The file cannot be read or is not a GGUF file.
    """
    named = ("context_length", "block_count", "embedding_length", "attention.head_count")
    wanted = (*named, "attention.head_count_kv", "attention.key_length")
    values = _read_values(path, frozenset(f"*.{name}" for name in wanted))
    context, layers, width, heads = (_integer(values.get(f"*.{name}")) for name in named)
    kv_heads = values.get("*.attention.head_count_kv", heads)
    head_size = _integer(values.get("*.attention.key_length")) or (width // heads if heads else 0)
    all_heads = sum(kv_heads) if isinstance(kv_heads, tuple) else layers * _integer(kv_heads)
    return ModelShape(context, _KEY_AND_VALUE * all_heads * head_size * _FLOAT16_BYTES, layers)


def read_kind(path: Path) -> ModelKind:
    """Return how a model is built; empty and 0 where the file does not say.

    Raises:
        ModelError: The file cannot be read or is not a GGUF file.
    """
    texts = ("general.architecture", "general.name", "general.license")
    numbers = ("*.block_count", "*.attention.head_count", "*.attention.head_count_kv")
    values = _read_values(path, frozenset((*texts, *numbers)))
    layers, heads, kv_heads = (_integer(values.get(name)) for name in numbers)
    architecture, name, licence = (str(values.get(text) or "") for text in texts)
    return ModelKind(architecture, name, licence, layers, heads, kv_heads or heads)


def _integer(value: Value) -> int:
    """Return the largest of what may be one number or one for each layer."""
    if isinstance(value, tuple):
        return max(value, default=0)
    return value if isinstance(value, int) else 0


def _read_values(path: Path, wanted: frozenset[str]) -> dict[str, Value]:
    """Return the wanted values that are there; "*." stands for the name of the architecture."""
    found: dict[str, Value] = {}
    try:
        with path.open("rb") as file:
            for key, value in _walk(file, wanted):
                found[key] = value
                if len(found) == len(wanted):
                    break
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from error
    except (struct.error, ValueError, KeyError) as error:
        raise ModelError(
            f"{path} is damaged or not a GGUF file",
            hint="give a whole .gguf file, or a name: ragkit models list",
        ) from error
    return found


def _walk(file: BinaryIO, wanted: frozenset[str]) -> Iterator[tuple[str, Value]]:
    if file.read(4) != _MAGIC:
        raise ValueError("wrong magic")
    version, _tensors, count = _unpack(file, "IQQ")
    if version not in (2, 3) or count > _MOST_KEYS:
        raise ValueError("unknown version or broken count")
    for _ in range(count):
        key = _read_string(file).decode("utf-8", errors="replace")
        (kind,) = _unpack(file, "I")
        general = f"*.{key.partition('.')[2]}"
        found = next((name for name in (key, general) if name in wanted), "")
        value = _read_value(file, kind, with_text=bool(found))
        if found:
            yield found, value


def _read_value(file: BinaryIO, kind: int, *, with_text: bool) -> Value:
    """Return the next value, None for one that is skipped: fractions, long arrays, most texts."""
    if kind == _STRING and with_text:
        return _read_string(file).decode("utf-8", errors="replace")
    if kind == _STRING:
        _skip_string(file)
    elif kind == _ARRAY:
        return _read_array(file)
    else:
        (value,) = _unpack(file, _FORMATS[kind])
        return value if _FORMATS[kind] in _INTEGERS else None
    return None


def _read_array(file: BinaryIO) -> Value:
    kind, count = _unpack(file, "IQ")
    if kind == _STRING:
        for _ in range(count):
            _skip_string(file)
        return None
    form = _FORMATS[kind]
    if form in _INTEGERS and count <= _LONGEST_ARRAY:
        return tuple(_unpack(file, form * count))
    file.seek(count * struct.calcsize("<" + form), 1)
    return None


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
