"""What stands on a PDF page besides its print: typed notes, comments, and filled-in form fields."""

from collections import deque
from collections.abc import Iterator
from typing import Any

from ragkit.documents.clean import clean_line, clean_text
from ragkit.documents.draft import RawBlock

_COMMENTS = frozenset(
    {"/Text", "/Highlight", "/Underline", "/Squiggly", "/StrikeOut", "/Caret", "/Square", "/Circle"}
)
_MOST = 500
"""Of one page."""
_HIDDEN = 2 | 32
"""Flags of what nobody sees: hidden, and not shown on screens."""


def read_notes(page: Any, number: int) -> Iterator[RawBlock]:
    """Yield the notes, comments and filled fields of a page in the order of the file.

    Args:
        page: Of pypdf.
        number: Of the page, from 1.
    """
    try:
        found = [entry.get_object() for entry in page.get("/Annots", [])[:_MOST]]
    except (AttributeError, TypeError):  # a broken list: what is printed matters more
        return
    for note in found:
        if not isinstance(note, dict) or _flags(note) & _HIDDEN:
            continue
        kind = note.get("/Subtype")
        text = clean_text(str(note.get("/Contents") or ""))
        if kind == "/FreeText" and text:
            yield RawBlock("note", text, page=number)
        elif kind in _COMMENTS and text:
            yield RawBlock("note", f"Comment: {text}", page=number)
        elif kind == "/Widget" and (line := _filled_field(note)):
            yield RawBlock("row", line, page=number)


def _flags(note: Any) -> int:
    flags = note.get("/F", 0)
    return flags if isinstance(flags, int) else 0


def _filled_field(field: Any) -> str:
    """Return a form field as its name and what it was filled with; "" if nobody did."""
    kind, value, name = (_inherited(field, key) for key in ("/FT", "/V", "/TU"))
    name = name or _inherited(field, "/T")
    if kind not in ("/Tx", "/Ch") or not isinstance(value, str):
        return ""
    text, label = clean_line(value), clean_line(str(name or "")).rstrip(":")
    return f"{label}: {text}" if label and text else text


def _inherited(field: Any, key: str) -> Any:
    """Return what a field or one that it is part of says; None if none does."""
    for _ in range(8):
        if not isinstance(field, dict):
            return None
        if key in field:
            return field[key]
        parent = field.get("/Parent")
        field = parent.get_object() if parent is not None else None
    return None


def insert_notes(blocks: list[RawBlock], notes: list[RawBlock]) -> list[RawBlock]:
    """Return the blocks of all pages with the notes of each page at its end.

    A block that goes on on the next page stays whole: notes go before it.

    >>> page = [RawBlock("paragraph", "begun", page=1), RawBlock("paragraph", "ended", page=2)]
    >>> [it.text for it in insert_notes(page, [RawBlock("note", "mine", page=1)])]
    ['begun', 'mine', 'ended']
    """
    placed: list[RawBlock] = []
    waiting = deque(sorted(notes, key=lambda note: note.page))
    for block in blocks:
        due: list[RawBlock] = []
        while waiting and waiting[0].page < block.page:
            due.append(waiting.popleft())
        place = len(placed) - 1 if block.continues and placed else len(placed)
        placed[place:place] = due
        placed.append(block)
    return [*placed, *waiting]
