r"""What the author of a LaTeX file defined, and the source with it expanded.

Only what \newcommand and its kin define with plain arguments. Macros can be written so that a
line grows beyond any memory; here all of them together may add only so much, and the rest stays.
"""

import re
from typing import NamedTuple

from ragkit.documents.latex.source import match_braces

_DEFINING = re.compile(
    r"\\(?P<kind>(?:re|provide)?newcommand|DeclareRobustCommand|providecommand|renewcommand"
    r"|DeclareMathOperator|def|newtheorem|newenvironment|renewenvironment)\*?(?![A-Za-z])\s*"
)
_COMMAND = re.compile(r"\\([A-Za-z@]+)")
_ENDING = re.compile(r"\\[A-Za-z@]+$")
_NAME = re.compile(r"\{?\s*\\([A-Za-z@]+)\s*\}?\s*")
_COUNT = re.compile(r"\s*\[\s*(\d)\s*\]\s*")
_DEFAULT = re.compile(r"\s*\[([^\]\[]{0,300})\]\s*")
_OPTION = re.compile(r"\s*\[[^\]\n]{0,300}\]\s*")
_PARAMETERS = re.compile(r"\s*((?:#\d)*)\s*(?=\{)")
_SPACE = re.compile(r"[ \t]*\n?[ \t]*")
_PARAMETER = re.compile(r"#(\d)")
_DEEPEST = 20
_MOST_GROWTH = 200_000
"""Characters that expansion may write: as many as a hundred pages hold."""


class _Macro(NamedTuple):
    body: str
    arguments: int
    default: str | None


class Macros:
    """The definitions of one file."""

    def __init__(self) -> None:
        self.theorems: dict[str, str] = {}
        """Name of an environment and what is printed at its beginning."""
        self._macros: dict[str, _Macro] = {}
        self._left = _MOST_GROWTH

    def take_definitions(self, text: str) -> str:
        r"""Return the source without its definitions, and keep them.

        >>> macros = Macros()
        >>> macros.expand(macros.take_definitions("\\newcommand{\\x}[1]{<#1>}\\x{a} \\x b"))
        '<a> <b>'
        """
        matches = match_braces(text)
        parts: list[str] = []
        place = 0
        while found := _DEFINING.search(text, place):
            parts.append(text[place : found.start()])
            place = found.end()
            if found["kind"] == "newtheorem":
                place = self._take_theorem(text, place, matches)
            elif found["kind"].endswith("environment"):
                for _ in range(3):
                    place = _group_end(place, matches)
                    place = _optional_end(text, place)
            else:
                place = self._take_macro(text, place, matches, found["kind"])
        parts.append(text[place:])
        return "".join(parts)

    def expand(self, text: str, depth: int = 0) -> str:
        """Return the source with the author's commands replaced by what they stand for."""
        if not self._macros or depth > _DEEPEST:
            return text
        matches: dict[int, int] | None = None
        parts: list[str] = []
        place = 0
        while (found := _COMMAND.search(text, place)) and self._left > 0:
            macro = self._macros.get(found[1])
            if macro is None:
                parts.append(text[place : found.end()])
                place = found.end()
                continue
            parts.append(text[place : found.start()])
            matches = match_braces(text) if matches is None else matches
            arguments, place = _arguments(text, found.end(), matches, macro)
            written = _fill(macro.body, arguments)
            self._left -= len(written)
            parts.append(self.expand(written, depth + 1))
            if _ENDING.search(written[-40:]) and text[place : place + 1].isalpha():
                parts.append(" ")  # the command that ends the body must not grow
        parts.append(text[place:])
        return "".join(parts)

    def _take_theorem(self, text: str, place: int, matches: dict[int, int]) -> int:
        end = _group_end(place, matches)
        name = text[place + 1 : max(place + 1, end - 1)]
        start = _optional_end(text, end)
        end = _group_end(start, matches)
        self.theorems[name.strip()] = text[start + 1 : max(start + 1, end - 1)]
        return _optional_end(text, end)

    def _take_macro(self, text: str, place: int, matches: dict[int, int], kind: str) -> int:
        named = _NAME.match(text, place)
        if not named:
            return place
        place = named.end()
        count, default = 0, None
        if kind == "def":
            parameters = _PARAMETERS.match(text, place)
            if not parameters:
                return place
            count, place = len(parameters[1]) // 2, parameters.end()
        elif counted := _COUNT.match(text, place):
            count, place = int(counted[1]), counted.end()
            if optional := _DEFAULT.match(text, place):
                default, place = optional[1], optional.end()
        end = _group_end(place, matches)
        body = text[place + 1 : end - 1] if end > place + 1 else ""
        if kind == "DeclareMathOperator":
            body = f"\\operatorname{{{body}}}"
        self._macros[named[1]] = _Macro(body, count, default)
        return end


def _arguments(
    text: str, place: int, matches: dict[int, int], macro: _Macro
) -> tuple[list[str], int]:
    """Return the arguments of a macro and the place behind them."""
    found: list[str] = []
    if macro.default is not None:
        optional = _DEFAULT.match(text, place)
        found.append(macro.default if optional is None else optional[1])
        place = place if optional is None else optional.end()
    while len(found) < macro.arguments:
        space = _SPACE.match(text, place)
        start = place if space is None else space.end()
        end = _group_end(start, matches)
        if end > start:
            found.append(text[start + 1 : end - 1])
        elif command := _COMMAND.match(text, start):
            found.append(command[0])
            end = command.end()
        else:
            found.append(text[start : start + 1])
            end = min(start + 1, len(text))
        place = end
    return found, place


def _fill(body: str, arguments: list[str]) -> str:
    """Return the body of a macro with its arguments in their places.

    >>> _fill("(#2, #1#3)", ["a", "b"])
    '(b, a)'
    """
    given = dict(enumerate(arguments, start=1))
    return _PARAMETER.sub(lambda number: given.get(int(number[1]), ""), body)


def _group_end(place: int, matches: dict[int, int]) -> int:
    """Return the place behind a group that begins here; the same place where none does."""
    return matches[place] + 1 if place in matches else place


def _optional_end(text: str, place: int) -> int:
    found = _OPTION.match(text, place)
    return found.end() if found else place
