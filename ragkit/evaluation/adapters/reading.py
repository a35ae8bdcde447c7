"""Rows of a published set: JSON or JSONL, packed with gzip or not."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ragkit.errors import UsageError


class Row(NamedTuple):
    """An object of a file, and where it stands."""

    values: dict[str, Any]
    place: str
    """Such as "train.jsonl:17"."""

    def text(self, *keys: str) -> str:
        """Return the text under the first of some keys that there is.

        Raises:
            UsageError: There is none, or it is no text.
        """
        for key in keys:
            if isinstance(self.values.get(key), str):
                return str(self.values[key])
        raise self.lacks(*keys)

    def texts(self, *keys: str) -> tuple[str, ...]:
        """Return the list of texts under the first of some keys; a single text is a list of one.

        Raises:
            UsageError: There is none, or it holds something else.
        """
        for key in keys:
            value = self.values.get(key)
            if isinstance(value, str):
                return (value,)
            if isinstance(value, list) and all(isinstance(one, str) for one in value):
                return tuple(value)
        raise self.lacks(*keys)

    def lacks(self, *keys: str) -> UsageError:
        """Return the error that a row has none of some keys."""
        wanted = " or ".join(f"`{key}`" for key in keys)
        has = ", ".join(sorted(self.values)[:12])
        return UsageError(
            f"{self.place} has no usable {wanted}; it has: {has}",
            hint="see which forms can be read: ragkit eval import --help",
        )


def read_text(path: Path) -> str:
    """Return the text of a file, unpacked if it is packed with gzip.

    Raises:
        UsageError: It cannot be read.
    """
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        return data.decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}", hint="give a UTF-8 file") from error


def read_json(path: Path) -> Any:
    """Return what a JSON file holds.

    Raises:
        UsageError: It is none.
    """
    return _parse(read_text(path), path.name)


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the objects of a file: a line each, or a list of them.

    Raises:
        UsageError: The file is neither.
    """
    text = read_text(path)
    if text.lstrip().startswith("["):
        for number, values in enumerate(_parse(text, path.name), start=1):
            yield _row(values, f"{path.name}, object {number}")
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            place = f"{path.name}:{number}"
            yield _row(_parse(line, place), place)


def _row(values: Any, place: str) -> Row:
    if not isinstance(values, dict):
        raise UsageError(f"{place} is no object", hint="see: ragkit eval import --help")
    return Row(values, place)


def _parse(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{place} is not JSON: {error}", hint="give a JSON or JSONL file, .gz or not"
        ) from error
