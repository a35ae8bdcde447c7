"""What a paragraph is, told by the name of its style and by how it looks.

For word processors' formats. It knows nothing of how a format stores either.
"""

import re
from typing import NamedTuple

from ragkit.documents.clean import strip_bullet
from ragkit.documents.draft import RawBlock
from ragkit.records import BlockKind

_LONGEST_HEADING = 100
_HEADING_STYLE = re.compile(r"(?i)^(?:heading|überschrift|titre|título|kop|rubrik)[ _]*(\d{1,2})$")

_LIST_STYLE = re.compile(r"list(?: |$)")
_CAPTIONS = frozenset(("caption", "figure", "table", "illustration", "drawing"))


class Looks(NamedTuple):
    """How a paragraph is set."""

    styles: tuple[str, ...] = ()
    """Name of its style, then of the one that this is based on, and so on."""
    outline: int = 0
    """Level in the outline, from 1; 0 for text."""
    is_bold: bool = False
    """All of it."""
    is_listed: bool = False


def paragraph_block(text: str, looks: Looks, *, page: int = 1) -> RawBlock | None:
    """Return the block of a paragraph; None for a line of a table of contents.

    A title has level 1 and the first heading below it level 2, as in Word's own outline.

    >>> paragraph_block("Rules", Looks(styles=("Exam rules", "Heading 1")))
    RawBlock(kind='heading', text='Rules', level=2, page=1, continues=False)
    >>> paragraph_block("Late work", Looks(is_bold=True)).level
    6
    """
    styles = [style.lower() for style in looks.styles]
    if any(style.startswith(("toc ", "contents ")) for style in styles):
        return None
    kind: BlockKind = "paragraph"
    level = _heading_level(styles, looks.outline)
    if level:
        kind = "heading"
    elif _CAPTIONS.intersection(styles):
        kind = "caption"
    elif looks.is_listed or strip_bullet(text) or any(map(_LIST_STYLE.match, styles)):
        kind = "item"
    elif looks_like_heading(text, bold=looks.is_bold):
        kind, level = "heading", 6
    return RawBlock(kind, text, level=level, page=page)


def _heading_level(styles: list[str], outline: int) -> int:
    for style in styles:
        if found := _HEADING_STYLE.match(style):
            return int(found.group(1)) + 1
        if style in ("title", "titel"):
            return 1
    return outline + 1 if outline else 0


def looks_like_heading(text: str, *, bold: bool) -> bool:
    """Return whether a whole paragraph reads as a heading: one short line, bold or in capitals.

    Args:
        text: Of the paragraph.
        bold: Whether all of it is bold.

    >>> looks_like_heading("Late work", bold=True), looks_like_heading("It was late.", bold=True)
    (True, False)
    >>> looks_like_heading("LATE WORK", bold=False)
    True
    """
    text = text.strip()
    if (
        not 3 <= len(text) <= _LONGEST_HEADING
        or text.endswith((".", ",", ";", "!"))
        or "\n" in text
    ):
        return False
    return bold or (text == text.upper() != text.lower() and len(text) >= 6)
