"""RTF bytes cut into what they are made of: braces, control words, bytes of text."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"(?P<brace>[{}])"
    rb"|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?"
    rb"|\\'(?P<byte>[0-9a-fA-F]{2})"
    rb"|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<text>[^\\{}\r\n]+)"
    rb"|[\r\n]+|\\"
)


class Token(NamedTuple):
    """A piece of RTF."""

    kind: str
    """"open", "close", "word", "symbol" or "bytes"."""
    name: str = ""
    """Of a control word, or the symbol."""
    number: int | None = None
    """Of a control word."""
    data: bytes = b""
    """Of text; one byte where `is_escaped`."""
    is_escaped: bool = False


def cut_tokens(data: bytes) -> Iterator[Token]:
    r"""Yield the tokens of RTF; binary data after \bin is passed over.

    >>> [token[:4] for token in cut_tokens(rb"{\b1 caf\'e9\~}")]  # doctest: +NORMALIZE_WHITESPACE
    [('open', '', None, b''), ('word', 'b', 1, b''), ('bytes', '', None, b'caf'),
     ('bytes', '', None, b'\xe9'), ('symbol', '~', None, b''), ('close', '', None, b'')]
    """
    place = 0
    while found := _TOKEN.match(data, place):
        place = found.end()
        kind = found.lastgroup
        if kind == "brace":
            yield Token("open" if found["brace"] == b"{" else "close")
        elif kind in ("word", "number"):
            name, number = found["word"].decode("ascii"), found["number"]
            if name == "bin":
                place += max(0, int(number or 0))
            else:
                yield Token("word", name, None if number is None else int(number))
        elif kind == "byte":
            yield Token("bytes", data=bytes([int(found["byte"], 16)]), is_escaped=True)
        elif kind == "symbol":
            yield Token("symbol", found["symbol"].decode("latin-1"))
        elif kind == "text":
            yield Token("bytes", data=found["text"])
