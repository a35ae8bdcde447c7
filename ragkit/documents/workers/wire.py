"""What passes between a worker and its parent: frames of JSON, checked on arrival.

A worker that a hostile file has taken over can send anything, so nothing here runs what it gets,
and a Document is only made of what `records.Document` allows.
"""

import json
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, BinaryIO, TypeVar, get_args

from ragkit.records import Block, BlockKind, Document, Page
from ragkit.words import is_whole_text

_LENGTH = struct.Struct(">Q")
_KINDS: tuple[BlockKind, ...] = get_args(BlockKind)
_SHA256 = re.compile(r"[0-9a-f]{64}")

Item = TypeVar("Item")


class WireError(Exception):
    """What arrived is not what a worker sends."""


def send(stream: BinaryIO, message: Mapping[str, Any]) -> None:
    """Write a message as one frame. Raises: OSError where the other side has gone."""
    data = json.dumps(message, separators=(",", ":")).encode("ascii")
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO, *, most_bytes: int) -> dict[str, Any] | None:
    """Return the next message, or None where the other side has gone.

    Raises:
        WireError: It is longer than allowed, or no JSON object.
    """
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > most_bytes:
        raise WireError(f"a message of {length} bytes")
    data = stream.read(length)
    if len(data) < length:
        return None
    try:
        message = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise WireError("not JSON") from error
    if type(message) is not dict:
        raise WireError("not a JSON object")
    return message


def encode_document(document: Document) -> dict[str, Any]:
    """Return a Document as JSON values; each heading stands there once, however many are below."""
    strings: dict[str, int] = {}
    paths: dict[tuple[str, ...], int] = {}
    blocks = [
        [_KINDS.index(it.kind), it.start, it.end, paths.setdefault(it.heading, len(paths))]
        for it in document.blocks
    ]
    headings = [[strings.setdefault(one, len(strings)) for one in path] for path in paths]
    return {
        "path": document.path,
        "format": document.format,
        "title": document.title,
        "text": document.text,
        "sha256": document.sha256,
        "pages": [[page.number, page.label, page.start, page.end] for page in document.pages],
        "headings": headings,
        "strings": list(strings),
        "blocks": blocks,
        "warnings": list(document.warnings),
        "language": document.language,
        "metadata": dict(document.metadata),
    }


def decode_document(form: Any) -> Document:
    """Return the Document that `encode_document` wrote.

    Raises:
        WireError: It is not one: offsets outside the text, an unknown kind, half a character.
    """
    try:
        return _document(_checked(form, dict))
    except (KeyError, IndexError, ValueError) as error:
        raise WireError(f"not a document: {error!r}") from error


def _document(form: Mapping[str, Any]) -> Document:
    text = _text(form["text"])
    strings = _list(form["strings"], _text)
    headings = [
        tuple(strings[_offset(number, len(strings) - 1)] for number in _checked(path, list))
        for path in _checked(form["headings"], list)
    ]
    if not _SHA256.fullmatch(sha256 := _text(form["sha256"])):
        raise WireError("not a sha256")
    return Document(
        path=_text(form["path"]),
        format=_text(form["format"]),
        title=_text(form["title"]),
        text=text,
        sha256=sha256,
        pages=_list(form["pages"], lambda page: _page(page, len(text))),
        blocks=_list(form["blocks"], lambda block: _block(block, len(text), headings)),
        warnings=_list(form["warnings"], _text),
        language=_text(form["language"]),
        metadata={_text(key): _text(it) for key, it in _checked(form["metadata"], dict).items()},
    )


def _page(row: Any, length: int) -> Page:
    number, label, start, end = _checked(row, list)
    start, end = _span(start, end, length)
    return Page(_offset(number, 1 << 31), _text(label), start, end)


def _block(row: Any, length: int, headings: Sequence[tuple[str, ...]]) -> Block:
    kind, start, end, path = _checked(row, list)
    start, end = _span(start, end, length)
    heading = headings[_offset(path, len(headings) - 1)]
    return Block(_KINDS[_offset(kind, len(_KINDS) - 1)], start, end, heading)


def _span(start: Any, end: Any, length: int) -> tuple[int, int]:
    return _offset(start, _offset(end, length)), end


def _offset(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise WireError(f"{value!r} is not a number from 0 to {most}")
    return value


def _text(value: Any) -> str:
    if type(value) is not str or not is_whole_text(value):
        raise WireError("not a text")
    return value


def _list(values: Any, check: Callable[[Any], Item]) -> tuple[Item, ...]:
    return tuple(check(value) for value in _checked(values, list))


def _checked(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise WireError(f"{type(value).__name__} in place of {kind.__name__}")
    return value
