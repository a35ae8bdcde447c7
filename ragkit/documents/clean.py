r"""Text as people typed it, free of what typesetting and terminals put into it.

Full NFKC would turn x² into x2, which is another statement; so only what carries no meaning is
folded: ligatures, letters drawn in a mathematical style, full-width forms, the many spaces and
hyphens. Superscripts, subscripts and fractions stay.
"""

import re
import sys
import unicodedata
from collections.abc import Container, Iterable

# ECMA-48: CSI sequences (8-bit ones too), OSC strings, and two-character escapes.
_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)"
    r"|\x1b[ -/]*[0-~]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[ \t]+")
_LEADERS = re.compile(r"(?:[ \t]?\.){5,}")
_BULLET = re.compile(r"^\s*(?:[•‣⁃∙●○◦◘■□▪▫▶►▸➢➤❖✓✔✗⬥◆◇★☆]|[-–—*+·](?=\s))\s*")
_NUMBERED = re.compile(r"^\s*(?:\(?\d{1,3}[.)]|\(?[a-z][.)]|\([ivx]{1,5}\)|[ivx]{1,5}\.)\s+(?=\S)")
_ACCENTS = {
    "´": "\u0301", "ˆ": "\u0302", "˜": "\u0303", "¨": "\u0308",
    "˚": "\u030a", "ˇ": "\u030c", "˘": "\u0306", "˙": "\u0307",
}  # fmt: skip
_ACCENTED = re.compile(f"([{''.join(_ACCENTS)}])([^\\W\\d_])")
_SUPERSCRIPTS = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_SUBSCRIPTS = str.maketrans("0123456789+-−=()aeioruvxhklmnpst", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑᵢₒᵣᵤᵥₓₕₖₗₘₙₚₛₜ")
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
# Second halves that are joined to the first by a real hyphen, whatever the line does.
_COMPOUND_ENDS = frozenset(
    "aware based driven ended free friendly level like looking only oriented ready related shot "
    "side specific style trained type wide wise".split()
)
_COMPOUND_STARTS = frozenset("all ex few half high low non one self two well zero".split())


def _folding_table() -> dict[int, str]:
    """Return what each character without meaning of its own is replaced by."""
    table = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], "")  # C0, DEL, C1
    table |= {0x09: "\t", 0x0A: "\n", 0x0B: "\n", 0x0C: "\n", 0x85: "\n", 0x2028: "\n"}
    table[0x2029] = "\n"
    invisible = [0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF, 0x200B, 0x200E, 0x200F]
    # Bidirectional overrides, invisible operators, variation selectors and tags (used to smuggle).
    ranges = [(0x202A, 0x202E), (0x2060, 0x206F), (0xFFF9, 0xFFFB), (0xFE00, 0xFE0F)]
    ranges += [(0xE000, 0xF8FF), (0xE0000, 0xE0FFF), (0xF0000, sys.maxunicode), (0xFDD0, 0xFDEF)]
    for first, last in ranges:
        table |= dict.fromkeys(range(first, min(last, 0xF0000 + 0xFFFF) + 1), "")
    table |= dict.fromkeys([*invisible, 0xFFFE, 0xFFFF], "")
    table |= dict.fromkeys([0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
    table |= dict.fromkeys([0x2010, 0x2011], "-")
    for first, last in [(0xFB00, 0xFB06), (0xFF01, 0xFF5E), (0x1D400, 0x1D7FF)]:
        table |= {c: unicodedata.normalize("NFKC", chr(c)) for c in range(first, last + 1)}
    # Bullets of the Symbol and Wingdings fonts, which lie in the private use area.
    table |= dict.fromkeys([0xF0B7, 0xF0A7, 0xF0D8, 0xF0FC, 0xF076, 0xF06E, 0xF0A8], "•")
    return table


_FOLDING = _folding_table()


def clean_text(text: str, *, code: bool = False) -> str:
    r"""Return a block's text without control characters, with its spaces and letters made plain.

    Args:
        text: Anything.
        code: Keep runs of spaces and blank lines, which mean something there.

    >>> clean_text("The \ufb01rst\u00a0 \x1b[31mred\x1b[0m  x\u00b2 \u202eevil")
    'The first red x² evil'
    >>> clean_text("a \n \n b")
    'a\nb'
    >>> clean_text("if x:\n    y\t= 1\n", code=True)
    'if x:\n    y    = 1'
    """
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = _ANSI.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = unicodedata.normalize("NFC", text.translate(_FOLDING))
    if code:
        lines = [line.rstrip() for line in text.replace("\t", "    ").split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip("\n"))
    text = collapse_leaders(text)
    stripped = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in stripped if line)


def collapse_leaders(text: str) -> str:
    """Return text with the dots of a table of contents as one mark.

    >>> collapse_leaders("Chunks . . . . . . . . 3")
    'Chunks … 3'
    """
    return _LEADERS.sub(" …", text)


def compose_accents(text: str) -> str:
    """Return text with accents that an old TeX font prints before their letter put onto it.

    >>> compose_accents("f¨ur O˘guz, ˆC")
    'für Oğuz, Ĉ'
    """
    return _ACCENTED.sub(_composed, text)


def _composed(match: re.Match[str]) -> str:
    letter = unicodedata.normalize("NFC", match[2] + _ACCENTS[match[1]])
    return letter if len(letter) == 1 else match[0]


def clean_line(text: str) -> str:
    r"""Return text cleaned and on one line.

    >>> clean_line("Week 1:\n  Tokens")
    'Week 1: Tokens'
    """
    return clean_text(text).replace("\n", " ")


def strip_bullet(line: str) -> str | None:
    """Return a list item's text without its bullet, or with its number; None if it is no item.

    >>> strip_bullet("• Late work"), strip_bullet("2) Train"), strip_bullet("-3 degrees")
    ('Late work', '2) Train', None)
    """
    if match := _BULLET.match(line):
        return line[match.end() :].strip()
    return line.strip() if _NUMBERED.match(line) else None


def superscript(text: str) -> str:
    """Return raised text in characters that keep it raised.

    >>> superscript("2"), superscript("n+1"), superscript("th")
    ('²', 'ⁿ⁺¹', 'th')
    """
    if text.strip().isalpha() and len(text.strip()) > 1:  # 4th, TM: reads well as it is
        return text
    raised = text.translate(_SUPERSCRIPTS)
    return raised if not any(old == new for old, new in zip(text, raised, strict=True)) else text


def subscript(text: str) -> str:
    """Return lowered text in characters that keep it lowered, where there are any.

    >>> "H" + subscript("2") + "O", "x" + subscript("max")
    ('H₂O', 'xₘₐₓ')
    """
    lowered = text.translate(_SUBSCRIPTS)
    return lowered if not any(a == b for a, b in zip(text, lowered, strict=True)) else "_" + text


def roman_numeral(number: int) -> str:
    """Return a number as it is written with Roman numerals; as digits outside 1 to 3999.

    >>> roman_numeral(14), roman_numeral(0)
    ('XIV', '0')
    """
    if not 0 < number < 4000:
        return str(number)
    written = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        written += letters * count
    return written


def join_lines(lines: Iterable[str], *, words: Container[str] = frozenset()) -> str:
    """Return lines as one, with words that were broken at a line's end made whole.

    Args:
        lines: As they stand below each other.
        words: Lower-case words that occur unbroken elsewhere in the document; they decide
            whether a hyphen at a line's end belongs to the word.

    >>> join_lines(["We use retri-", "eval and fine-", "tuning."], words={"fine-tuning"})
    'We use retrieval and fine-tuning.'
    >>> join_lines(["the n-", "gram and a BERT-", "Base model"])
    'the n-gram and a BERT-Base model'
    >>> join_lines(["梯度下降以小步", "改变网络的权重。"])
    '梯度下降以小步改变网络的权重。'
    """
    joined = ""
    for line in lines:
        if not joined or not line:
            joined += line
        elif joined.endswith("\u00ad"):
            joined = joined[:-1] + line
        elif _is_ideographic(joined[-1]) and _is_ideographic(line[0]):
            joined += line
        elif re.search(r"\w[-\u2010]$", joined) and line[0].isalnum():
            joined = _join_hyphenated(joined, line, words)
        else:
            joined = f"{joined.rstrip()} {line.lstrip()}"
    return joined


def _is_ideographic(character: str) -> bool:
    """Return whether a character is of a script that puts no spaces between words."""
    code = ord(character)
    return 0x2E80 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF


def _join_hyphenated(first: str, second: str, words: Container[str]) -> str:
    head = re.split(r"[\s(/\[\"“]", first[:-1])[-1]
    tail_match = re.match(r"[^\W\d_]+", second)
    tail = tail_match.group().lower() if tail_match else ""
    whole, compound = f"{head}{tail}".lower(), f"{head}-{tail}".lower()
    is_compound = (
        not second[0].islower()
        or len(head) < 2
        or "-" in head
        or not head[-1].isalpha()
        or tail in _COMPOUND_ENDS
        or head.lower() in _COMPOUND_STARTS
        or (head.lower() == "co" and tail.startswith("o"))
        or compound in words
        or (len(tail) > 4 and head.lower() in words and tail in words)
        or (head[0].isupper() and head.lower() in words)
    )
    keep = is_compound and (whole not in words or compound in words)
    return first + second if keep else first[:-1] + second
