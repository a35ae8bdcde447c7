r"""Running text of LaTeX: what a command inside a paragraph leaves to read."""

import re
import unicodedata
from collections.abc import Iterator

from ragkit.documents.latex.source import CLOSE, OPEN, Verbatim, match_braces
from ragkit.documents.latex.words import ACCENTS, CITATIONS, DROPPED_ARGUMENTS, SYMBOLS

_MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")
# Formulas end before the next one begins, and before an empty line.
FORMULA = (
    r"\$\$(?P<display>[^$]*)\$\$"
    r"|\$(?P<math>(?:[^$\\\n]|\\.|\n(?![ \t]*\n))*)\$"
    r"|\\\[(?P<bracket>(?:[^\\]|\\[^\[\]])*)\\\]"
    r"|\\\((?P<round>(?:[^\\]|\\[^()])*)\\\)"
)
_PIECE = re.compile(
    FORMULA
    + r"|\\(?P<accent>['`^\"~=.])(?:\s*\{\s*(?P<letter>\\?[A-Za-z])\s*\}|\s*(?P<bare>\\?[A-Za-z]))"
    r"|\\\\\*?(?P<break>(?:\[[^\]\n]{0,40}\])?)"
    r"|\\(?P<command>[A-Za-z@]+)\*?"
    r"|\\(?P<symbol>.)"
    r"|[{}~]|---?|``|''",
    re.DOTALL,
)
_OVERLAY = re.compile(r"<[\d,+\-.|]{1,20}>")
_OPTION_LINE = re.compile(r"\[[^\]\n]{0,300}\]")
_SPACE = re.compile(r"[ \t]*\n?[ \t]*(?=[\[{])")
_LITERAL = {"{": "", "}": "", "~": " ", "--": "–", "---": "—", "``": "“", "''": "”"}
_SYMBOL = {" ": " ", ",": " ", ";": " ", ":": " ", "!": "", "/": "", "-": "", "\n": " ", "@": ""}
_DEEPEST = 30
_SYMBOL_END = re.compile(r"[ \t]*(?:\n(?!\s*\n))?(?:\{\})?")
_LETTER = re.compile(r"\s*\{\s*(\\?[A-Za-z])\s*\}|\s+(\\?[A-Za-z])")


class Inline:
    """Reads stretches of one source, whose braces are matched once.

    Args:
        source: Without comments.
        verbatim: What the marks in it stand for.
    """

    def __init__(self, source: str, verbatim: tuple[Verbatim, ...]) -> None:
        self._source = source
        self._verbatim = verbatim
        self._matches = match_braces(source)
        self._depth = 0
        self.notes: list[str] = []
        """Footnotes met on the way."""

    def argument(self, place: int) -> tuple[int, int, int]:
        """Return where the text of a {group} begins and ends, and the place behind it."""
        space = _SPACE.match(self._source, place)
        start = space.end() if space else place
        end = self._matches.get(start)
        return (place, place, place) if end is None else (start + 1, end, end + 1)

    def optional(self, place: int) -> tuple[int, int, int]:
        """Return the same of an [option]; one within braces may hold brackets."""
        space = _SPACE.match(self._source, place)
        start = space.end() if space else place
        if self._source[start : start + 1] != "[":
            return place, place, place
        at = start + 1
        while at < len(self._source) and self._source[at] not in "[]\\":
            at = self._matches.get(at, at) + 1
        if self._source[at : at + 1] != "]":
            return self._optional_by_line(start, place)
        return start + 1, at, at + 1

    def _optional_by_line(self, start: int, place: int) -> tuple[int, int, int]:
        """Find the end of an option that holds commands or brackets, if it is on the same line."""
        found = _OPTION_LINE.match(self._source, start)
        return (place,) * 3 if found is None else (start + 1, found.end() - 1, found.end())

    def text(self, start: int, end: int) -> str:
        """Return a stretch as text, commands and all."""
        if self._depth > _DEEPEST:
            return ""
        self._depth += 1
        parts: list[str] = []
        place = start
        while found := _PIECE.search(self._source, place, end):
            parts.append(self._source[place : found.start()].replace("\n", " "))
            place = found.end()
            if found["command"]:
                text, place = self.command(found["command"], place)
                parts.append(text)
            else:
                parts.append(self._piece(found))
        parts.append(self._source[place:end].replace("\n", " "))
        self._depth -= 1
        return self._filled("".join(parts))

    def command(self, name: str, place: int) -> tuple[str, int]:
        """Return what a command leaves to read, and the place behind what it took."""
        if name in SYMBOLS:
            space = _SYMBOL_END.match(self._source, place)
            return SYMBOLS[name], space.end() if space else place
        if name in ACCENTS and name.isalpha():
            return self._accent(name, place)
        if name in CITATIONS:
            return self._citation(place)
        if name in ("footnote", "thanks"):
            start, stop, after = self.argument(place)
            self.notes.append(f"Footnote: {self.text(start, stop).strip()}")
            return "", after
        overlay = _OVERLAY.match(self._source, place)
        place = overlay.end() if overlay else place
        known = DROPPED_ARGUMENTS.get(name)
        place = self.optional(place)[2] if known != 0 else place
        for _ in range(known or 0):
            before = place
            _, _, place = self.argument(place)
            place = self.optional(place)[2] if place > before else place
        return "", place

    def cut(self, text: str) -> Iterator[tuple[str, bool]]:
        """Yield the paragraphs and blocks of code that a text holds, each with which it is."""
        place = 0
        for mark in _MARK.finditer(text):
            if int(mark[1]) < len(self._verbatim):
                yield text[place : mark.start()], False
                yield self._verbatim[int(mark[1])].text, True
                place = mark.end()
        yield text[place:], False

    def _filled(self, text: str) -> str:
        """Return a text with short verbatim pieces in their places; blocks keep their marks."""

        def fill(mark: re.Match[str]) -> str:
            number = int(mark[1])
            if number >= len(self._verbatim):
                return ""
            taken = self._verbatim[number]
            return mark[0] if taken.is_block else taken.text

        return _MARK.sub(fill, text)

    def _piece(self, found: re.Match[str]) -> str:
        for kind in ("display", "math", "bracket", "round"):
            if found[kind] is not None:
                return f"${' '.join(found[kind].split())}$" if found[kind].strip() else ""
        if found["accent"]:
            return _accented(
                (found["letter"] or found["bare"]).lstrip("\\"), ACCENTS[found["accent"]]
            )
        if found["break"] is not None:
            return "\n"
        if found["symbol"] is not None:
            return _SYMBOL.get(found["symbol"], found["symbol"])
        return _LITERAL.get(found[0], found[0])

    def _accent(self, name: str, place: int) -> tuple[str, int]:
        found = _LETTER.match(self._source, place)
        if not found:
            return "", place
        letter = (found[1] or found[2]).lstrip("\\")
        return _accented(letter, ACCENTS[name]), found.end()

    def _citation(self, place: int) -> tuple[str, int]:
        notes = []
        for _ in range(2):
            start, stop, place = self.optional(place)
            notes.append(self.text(start, stop).strip())
        start, stop, after = self.argument(place)
        key = self._source[start:stop].strip()
        said = ", ".join(part for part in (key, *notes) if part)
        return (f"[{said}]" if key else ""), after


def _accented(letter: str, accent: str) -> str:
    """Return a letter with its accent.

    >>> _accented("e", ACCENTS["'"]), _accented("i", ACCENTS['"'])
    ('é', 'ï')
    """
    return unicodedata.normalize("NFC", letter + accent)
