"""Bytes of a text file to text, whatever editor saved it."""

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode_text(data: bytes) -> str:
    r"""Return the text of a file: by its byte order mark, as UTF-8, as UTF-16, or as Windows-1252.

    >>> decode_text(b"caf\xc3\xa9"), decode_text(b"caf\xe9"), decode_text("é\n".encode("utf-16"))
    ('café', 'café', 'é\n')
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if guess := _unmarked_utf16(data):
        return data.decode(guess, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if _mostly_utf8(data):
            return data.decode("utf-8", "replace")
        return data.decode("cp1252", "replace")


def _unmarked_utf16(data: bytes) -> str:
    """Return the byte order of UTF-16 without a mark, told by where its many zero bytes lie."""
    sample = data[:2000]
    if len(sample) < 4 or len(data) % 2:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 * half and odd < 0.1 * half else ""


def _mostly_utf8(data: bytes) -> bool:
    """Return whether a file is UTF-8 with a few bad bytes rather than another encoding."""
    decoded = data.decode("utf-8", "replace")
    good = sum(character > "\x7f" for character in decoded)
    bad = decoded.count("\ufffd")
    return good - bad > 4 * bad


def is_binary(data: bytes) -> bool:
    r"""Return whether a file that claims to be text is something else.

    >>> is_binary(b"\x7fELF\x02\x01\x00\x00\x00\x00"), is_binary("né".encode("utf-16"))
    (True, False)
    """
    if any(data.startswith(mark) for mark, _ in _MARKS) or _unmarked_utf16(data):
        return False
    return b"\0" in data[:4000]
