"""Bytes of a text file to text, whatever editor saved it.

UTF-8 is recognised by itself, and so is a byte order mark; then counts what the file declares, and
only then is there a guess.
"""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# XML, HTML, Emacs, Vim, CSS, and LaTeX.
_DECLARED = re.compile(
    rb"<\?xml[^<>]{0,100}?encoding\s*=\s*[\"']([\w.:-]+)"
    rb"|<meta\b[^<>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)"
    rb"|\b(?:file)?(?:en)?coding\s*[:=]\s*([\w.-]+)"
    rb"|\\(?:usepackage|inputencoding)\s*(?:\[([\w-]+)\]\s*\{inputenc\}|\{([\w-]+)\})",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4_000
_NAMES = {"latin1": "cp1252", "ansinew": "cp1252", "applemac": "mac_roman", "x-sjis": "cp932"}
_TEXT_CODECS = re.compile(
    r"^(?:iso8859|cp\d|windows|koi8|mac|gb|big5|euc|shift_jis|johab|tis|utf-)"
)
_WESTERN = frozenset(("iso8859-1", "ascii", "iso8859-15", "utf-7"))
_GUESSED = (
    "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 iso8859_2 iso8859_5 iso8859_7 "
    "iso8859_9 koi8_r koi8_u cp866 cp850 mac_roman cp932 euc_jp gb18030 big5 cp949 tis_620 "
    "iso2022_jp"
).split()
"""What people's editors save in; rarer ones only mislead the guess."""
_FEW_BYTES = 5
"""Beyond ASCII; fewer tell nothing."""
_SAMPLE = 20_000
_LATIN = re.compile(r"^(?:cp125[0247]|iso8859-|cp85|mac_|latin|hp_roman)")
_FOREIGN_SHARE = 0.03
"""Of the letters; with less, text is Windows-1252 with a foreign name.

Source: sentences about a course in 15 languages and 29 ways to save them, each alone and among
English (tests/documents/test_decode.py). Back unchanged: UTF-8 or else Windows-1252, 8 of 29;
charset-normalizer 3.5 alone, 26; the rule here, 29. What charset-normalizer loses is the most
frequent of all, English with typographic quotes and "naïve", where it guesses Windows-1250.
"""


def decode_text(data: bytes) -> str:
    r"""Return the text of a file: by its mark, as UTF-8, as it declares, or by a guess.

    >>> decode_text(b"caf\xc3\xa9"), decode_text(b"caf\xe9"), decode_text("é\n".encode("utf-16"))
    ('café', 'café', 'é\n')
    >>> decode_text(b"# coding: koi8-r\n\xe4\xc1")
    '# coding: koi8-r\nДа'
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if guess := _unmarked_utf(data):
        return data.decode(guess, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if _mostly_utf8(data):
            return data.decode("utf-8", "replace")
        return data.decode(_declared_encoding(data) or _guess_encoding(data), "replace")


def _declared_encoding(data: bytes) -> str:
    """Return the encoding that a file names near its beginning; empty for none that we know.

    >>> _declared_encoding(b'<meta charset="shift_jis">'), _declared_encoding(b"coding: rot13")
    ('shift_jis', '')
    """
    found = _DECLARED.search(data, 0, _DECLARED_WITHIN)
    if not found:
        return ""
    name = next(part for part in found.groups() if part).decode("ascii").lower()
    try:
        known = codecs.lookup(_NAMES.get(name, name)).name
    except LookupError:
        return ""
    if known in _WESTERN:  # as browsers take it
        return "cp1252"
    return known if _TEXT_CODECS.match(known) and not known.startswith("utf-") else ""


def _guess_encoding(data: bytes) -> str:
    """Return the likeliest encoding of text in none of the Unicode ones."""
    foreign = sum(byte > 0x7F for byte in data[: 50 * _SAMPLE])
    if foreign < _FEW_BYTES:
        return "cp1252"
    from charset_normalizer import from_bytes

    # Lines of plain ASCII say nothing of the encoding, and there may be many.
    lines = [line for line in data.split(b"\n") if not line.isascii()]
    sample = b"\n".join(lines)[:_SAMPLE]
    best = from_bytes(sample, cp_isolation=_GUESSED).best()
    if best is None:
        return "cp1252"
    encoding = codecs.lookup(best.encoding).name
    if encoding in _WESTERN or encoding == "cp1252":  # which differ by six letters
        return "cp1254" if best.language == "Turkish" else "cp1252"
    if _LATIN.match(encoding):
        letters = [c for c in data.decode(encoding, "replace") if c.isalpha()]
        if sum(not c.isascii() for c in letters) < _FOREIGN_SHARE * len(letters):
            return "cp1252"
    return encoding


def _unmarked_utf(data: bytes) -> str:
    """Return which UTF-16 or UTF-32 a file without a mark is in, told by where its zeros lie."""
    sample = data[:4000]
    if len(sample) < 4 or len(data) % 2 or 0 not in sample:
        return ""
    quarter, zeros = len(sample) // 4, [sample[n::4].count(0) for n in range(4)]
    if len(data) % 4 == 0 and zeros[2] + zeros[3] > 1.9 * quarter and zeros[0] < 0.1 * quarter:
        return "utf-32-le"
    if len(data) % 4 == 0 and zeros[0] + zeros[1] > 1.9 * quarter and zeros[3] < 0.1 * quarter:
        return "utf-32-be"
    even, odd, half = zeros[0] + zeros[2], zeros[1] + zeros[3], len(sample) // 2
    for found, other, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if found > 0.05 * half and other < 0.01 * half and _is_prose(sample, encoding):
            return encoding
    return ""


def _is_prose(sample: bytes, encoding: str) -> bool:
    """Return whether bytes read in an encoding are words, not numbers that pass for some."""
    text = sample[: len(sample) // 2 * 2].decode(encoding, "replace")
    good = sum(character.isalnum() or character.isspace() for character in text)
    known = sum(character.isprintable() or character in "\t\r\n" for character in text)
    return good > 0.6 * len(text) and known > 0.98 * len(text) - 1


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
    if any(data.startswith(mark) for mark, _ in _MARKS) or _unmarked_utf(data):
        return False
    return b"\0" in data[:4000]
