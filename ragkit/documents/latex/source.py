r"""LaTeX source without comments, and with verbatim text put aside; where its braces match."""

import re
from typing import NamedTuple

from ragkit.documents.latex.words import VERBATIM

# Verbatim text is replaced by its number between two characters of the private use area.
OPEN, CLOSE = "\ue000", "\ue001"
_SPECIAL = re.compile(
    r"\\begin\s*\{(?P<name>[A-Za-z]+\*?)\}"
    r"|\\(?P<inline>verb\*?|lstinline|mintinline)(?![A-Za-z])"
    r"|\\."
    r"|%[^\n]*(?:\n[ \t]*(?!\s*\n))?",
    re.DOTALL,
)
_OPTIONS = re.compile(r"[ \t]*(?:\[[^\]]{0,500}\])?(?:\{[^}\n]{0,200}\})*[ \t]*\n?")
_MINT = re.compile(r"(?:\[[^\]\n]{0,200}\])?(?:\{[^}\n]{0,200}\}(?=[{|!+@]))?")
_LONGEST_INLINE = 1_000


class Verbatim(NamedTuple):
    """Text that LaTeX prints as it stands."""

    text: str
    is_block: bool


def take_verbatim(text: str) -> tuple[str, tuple[Verbatim, ...]]:
    r"""Return the source without comments and verbatim text, and that text.

    >>> take_verbatim("50\\% % half\n  of \\verb|a%b|.")
    ('50\\% of \ue0000\ue001.', (Verbatim(text='a%b', is_block=False),))
    """
    text = text.replace(OPEN, "").replace(CLOSE, "")
    parts: list[str] = []
    found: list[Verbatim] = []
    place = 0
    while special := _SPECIAL.search(text, place):
        parts.append(text[place : special.start()])
        place = special.end()
        if special["inline"]:
            place, taken = _inline(text, place, special["inline"])
        elif special["name"] in VERBATIM:
            place, taken = _block(text, place, special["name"])
        else:
            parts.append("" if special[0].startswith("%") else special[0])
            continue
        parts.append(f"{OPEN}{len(found)}{CLOSE}")
        found.append(taken)
    parts.append(text[place:])
    return "".join(parts), tuple(found)


def _block(text: str, place: int, name: str) -> tuple[int, Verbatim]:
    end = text.find(f"\\end{{{name}}}", place)
    stop = len(text) if end < 0 else end
    options = _OPTIONS.match(text, place, stop)
    start = options.end() if options and VERBATIM[name] else place
    after = stop if end < 0 else end + len(f"\\end{{{name}}}")
    kept = "" if name in ("comment", "filecontents", "filecontents*") else text[start:stop]
    return after, Verbatim(kept, is_block=True)


def _inline(text: str, place: int, command: str) -> tuple[int, Verbatim]:
    if not command.startswith("verb") and (options := _MINT.match(text, place)):
        place = options.end()
    delimiter = text[place : place + 1]
    line_end = text.find("\n", place, place + _LONGEST_INLINE)
    line_end = place + _LONGEST_INLINE if line_end < 0 else line_end
    end = text.find("}" if delimiter == "{" else delimiter, place + 1, line_end)
    if not delimiter.strip() or end < 0:
        return place, Verbatim("", is_block=False)
    return end + 1, Verbatim(text[place + 1 : end], is_block=False)


def match_braces(text: str) -> dict[int, int]:
    r"""Return the place of the closing brace for that of each opening one.

    >>> match_braces("a{b{c}\\}}")
    {3: 5, 1: 8}
    """
    found: dict[int, int] = {}
    waiting: list[int] = []
    for brace in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        if brace[0] == "{":
            waiting.append(brace.start())
        elif brace[0] == "}" and waiting:
            found[waiting.pop()] = brace.start()
    return found
