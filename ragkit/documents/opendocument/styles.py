"""What the styles of an OpenDocument file say of its paragraphs, words and lists."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from ragkit.documents.opendocument.names import FO, STYLE, TEXT, in_space

_ESCAPED = re.compile(r"_([0-9a-f]{2})_")
_SIZE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)pt$")
_DEEPEST = 10


class ListLevel(NamedTuple):
    """How the items of a list are numbered."""

    form: str
    """"1", "a", "A", "i", "I", or nothing for bullets."""
    prefix: str
    suffix: str
    start: int


class _Style(NamedTuple):
    name: str
    parent: str
    outline: int
    is_bold: bool | None
    position: str
    is_hidden: bool
    size_pt: float


class Styles:
    """Looks styles up by the name that a paragraph or a span gives."""

    def __init__(self, roots: Iterable[Any]) -> None:
        self._styles: dict[str, _Style] = {}
        self._levels: dict[tuple[str, int], ListLevel] = {}
        for root in roots:
            for element in root.iter(in_space(STYLE, "style")):
                self._styles[str(element.get(in_space(STYLE, "name")))] = _style(element)
            for element in root.iter(in_space(TEXT, "list-style")):
                self._add_list(element)

    def names(self, name: str) -> tuple[str, ...]:
        """Return a style's name as people see it, and those of the styles below it."""
        return tuple(style.name for style in self._chain(name))

    def outline(self, name: str) -> int:
        """Return the level of headings in this style, from 1; 0 for text."""
        return next((style.outline for style in self._chain(name) if style.outline), 0)

    def is_bold(self, name: str) -> bool:
        """Return whether text in this style is bold."""
        return next((s.is_bold for s in self._chain(name) if s.is_bold is not None), False)

    def says_bold(self, name: str) -> bool | None:
        """Return what a span's own style says; None for nothing."""
        return next((s.is_bold for s in self._chain(name) if s.is_bold is not None), None)

    def position(self, name: str) -> str:
        """Return "super", "sub" or nothing."""
        return next((style.position for style in self._chain(name) if style.position), "")

    def size_pt(self, name: str) -> float:
        """Return how large the letters of a style are; 0 where it does not say."""
        return next((style.size_pt for style in self._chain(name) if style.size_pt), 0.0)

    def is_hidden(self, name: str) -> bool:
        """Return whether text in this style is not shown."""
        return any(style.is_hidden for style in self._chain(name))

    def list_level(self, name: str, depth: int) -> ListLevel:
        """Return how a list's items are numbered at a depth from 1."""
        return self._levels.get((name, depth), ListLevel("", "", "", 1))

    def _chain(self, name: str) -> list[_Style]:
        found: list[_Style] = []
        while (style := self._styles.get(name)) and len(found) < _DEEPEST:
            found.append(style)
            name = style.parent
        return found

    def _add_list(self, element: Any) -> None:
        name = str(element.get(in_space(STYLE, "name")))
        for level in element.iter(in_space(TEXT, "list-level-style-number")):
            depth, start = (
                level.get(in_space(TEXT, "level")),
                level.get(in_space(TEXT, "start-value")),
            )
            self._levels[name, _whole(depth)] = ListLevel(
                form=str(level.get(in_space(STYLE, "num-format")) or ""),
                prefix=str(level.get(in_space(STYLE, "num-prefix")) or ""),
                suffix=str(level.get(in_space(STYLE, "num-suffix")) or ""),
                start=_whole(start) if start else 1,
            )


def _style(element: Any) -> _Style:
    name = str(element.get(in_space(STYLE, "name")))
    shown = str(element.get(in_space(STYLE, "display-name")) or "")
    weight, position, hidden, size = None, "", False, ""
    for text in element.iterchildren(in_space(STYLE, "text-properties")):
        weight = text.get(in_space(FO, "font-weight"))
        position = _position(str(text.get(in_space(STYLE, "text-position")) or ""))
        hidden = text.get(in_space(TEXT, "display")) == "none"
        size = str(text.get(in_space(FO, "font-size")) or "")
    return _Style(
        name=shown or _ESCAPED.sub(lambda found: chr(int(found[1], 16)), name),
        parent=str(element.get(in_space(STYLE, "parent-style-name")) or ""),
        outline=_whole(element.get(in_space(STYLE, "default-outline-level"))),
        is_bold=None if weight is None else weight in ("bold", "600", "700", "800", "900"),
        position=position,
        is_hidden=hidden,
        size_pt=float(found[1]) if (found := _SIZE.match(size)) else 0.0,
    )


def _position(value: str) -> str:
    """Return how far text is raised or lowered, in a word.

    >>> _position("super 58%"), _position("-33% 58%"), _position("0% 100%")
    ('super', 'sub', '')
    """
    first, _, _ = value.strip().partition(" ")
    if first in ("super", "sub"):
        return first
    shift = first.removesuffix("%")
    if not re.fullmatch(r"-?\d{1,3}(?:\.\d+)?", shift) or not float(shift):
        return ""
    return "super" if float(shift) > 0 else "sub"


def _whole(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 6 else 0
