"""What the styles of a Word document say of a paragraph: heading, list item, code or caption."""

import re
from typing import Any, NamedTuple

from ragkit.documents.word.text import W, runs_of, text_of
from ragkit.records import BlockKind

_HEADING = re.compile(
    r"(?i)^(?:heading|überschrift|titre|título|kop|rubrik|titolo|заголовок)\s*(\d)$"
)
_CODE = re.compile(
    r"(?i)(?:source )?code(?: block)?|html preformatted|preformatted(?: text)?|verbatim|listing"
    r"|macro text|program(?: listing)?"
)
_MONO = re.compile(r"(?i)mono|courier|consol|menlo|typewriter|fixedsys|lucida console")
_CODE_SIGNS = re.compile(r"[(){}\[\]=;<>_\\]|:$|^ ")


class Description(NamedTuple):
    """What a paragraph is."""

    kind: BlockKind
    level: int = 0
    """Of a heading."""
    list_id: str = ""
    """Of the list that numbers it."""
    list_level: int = 0


class Styles:
    """The styles of a document, with those that they are based on."""

    def __init__(self, document: Any) -> None:
        self._by_id = {style.style_id: style for style in document.styles}

    def describe(self, paragraph: Any) -> Description:
        """Return what a paragraph element is."""
        properties = paragraph.find(f"{W}pPr")
        chain = self._chain(properties)
        level = _outline_level(properties)
        kind, style_level = _kind_of(chain)
        if level:
            kind, style_level = "heading", level
        list_id, list_level = _list_of(properties, chain)
        if kind == "paragraph" and list_id:
            kind = "item"
        if kind == "paragraph" and _looks_like_code(paragraph):
            kind = "code"
        return Description(kind, style_level, list_id, list_level)

    def mark_first_row(self, table: Any) -> bool:
        """Return whether the style of a table sets its first row off as a header."""
        named, look = table.find(f"{W}tblPr/{W}tblStyle"), table.find(f"{W}tblPr/{W}tblLook")
        if named is None or look is None or look.get(f"{W}firstRow") not in ("1", "true"):
            return False
        style = self._by_id.get(named.get(f"{W}val"))
        parts = [] if style is None else style.element.findall(f"{W}tblStylePr")
        return any(part.get(f"{W}type") == "firstRow" for part in parts)

    def _chain(self, properties: Any) -> list[Any]:
        """Return the style of a paragraph and those that it is based on."""
        named = None if properties is None else properties.find(f"{W}pStyle")
        style = None if named is None else self._by_id.get(named.get(f"{W}val"))
        chain: list[Any] = []
        while style is not None and len(chain) < 10:
            chain.append(style)
            style = getattr(style, "base_style", None)
        return chain


def _outline_level(properties: Any) -> int:
    """Return the level, from 1, of the heading that a paragraph is set to be; 0 if it is none."""
    outline = None if properties is None else properties.find(f"{W}outlineLvl")
    text = "9" if outline is None else str(outline.get(f"{W}val") or "9")
    return int(text) + 1 if text.isdecimal() and int(text) < 9 else 0


def _kind_of(chain: list[Any]) -> tuple[BlockKind, int]:
    for style in chain:
        name = str(style.name or "")
        if found := _HEADING.match(name):
            return "heading", int(found.group(1)) + 1
        if name.lower() in ("title", "titel"):
            return "heading", 1
        if name.lower() == "caption":
            return "caption", 0
        if _CODE.fullmatch(name):
            return "code", 0
        if name.lower().startswith("list"):
            return "item", 0
    return "paragraph", 0


def _list_of(properties: Any, chain: list[Any]) -> tuple[str, int]:
    """Return the list that a paragraph or one of its styles belongs to, and the level in it."""
    for holder in (properties, *(style.element.find(f"{W}pPr") for style in chain)):
        found = None if holder is None else holder.find(f"{W}numPr")
        if found is None:
            continue
        name, level = found.find(f"{W}numId"), found.find(f"{W}ilvl")
        list_id = "" if name is None else str(name.get(f"{W}val") or "")
        depth = "0" if level is None else str(level.get(f"{W}val") or "0")
        if list_id:
            return (list_id if list_id != "0" else ""), int(depth) if depth.isdecimal() else 0
    return "", 0


def _looks_like_code(paragraph: Any) -> bool:
    """Return whether a paragraph is set in a typewriter face and has signs that code has."""
    runs = runs_of(paragraph)
    fonts = [run.find(f"{W}rPr/{W}rFonts") for run in runs]
    faces = ["" if font is None else str(font.get(f"{W}ascii") or "") for font in fonts]
    mono = bool(faces) and all(_MONO.search(face) for face in faces)
    return mono and bool(_CODE_SIGNS.search(text_of(paragraph)))
