"""Which pages of a PDF hold their text as a picture, or in fonts that nobody can read.

A blank page is no scan, and neither is a divider: a page counts only if it shows something large.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ragkit.documents.ocr import RecognisedPage
from ragkit.documents.pdf.lines import Line, PageLines
from ragkit.documents.pdf.pieces import RawPage

_LEAST_CHARACTERS = 20
"""A page with less text has almost none."""
_LEAST_SHARE = 0.2
"""Of a page's area that pictures must take up: a logo is no scan."""
_LEAST_CURVES = 300
"""Letters drawn as shapes take about ten each."""
_BACKGROUND_PAGES = 3
_UNREADABLE_SHARE = 0.3
"""Of a page's characters; the page's text cannot be understood then."""


class UnreadPages(NamedTuple):
    """Numbers of the pages (from 1) whose text stays unread, by reason."""

    pictures: tuple[int, ...]
    unreadable: tuple[int, ...]


def find_unread(raw_pages: Sequence[RawPage], pages: Sequence[PageLines]) -> UnreadPages:
    """Return which pages are pictures of text, and which have text in unreadable fonts."""
    seen = Counter(picture.key for page in raw_pages for picture in page.pictures)
    backgrounds = {
        key
        for key, count in seen.items()
        if count >= _BACKGROUND_PAGES and count > len(raw_pages) / 4
    }
    pictures, unreadable = [], []
    for number, (raw, page) in enumerate(zip(raw_pages, pages, strict=True), start=1):
        length = sum(len(line.text.strip()) for line in page.lines)
        shown = sum(picture.share for picture in raw.pictures if picture.key not in backgrounds)
        drawn = shown >= _LEAST_SHARE or raw.curves >= _LEAST_CURVES
        unknown = raw.unreadable_characters
        if unknown >= _LEAST_CHARACTERS / 2 and unknown > _UNREADABLE_SHARE * (unknown + length):
            unreadable.append(number)
        elif length < _LEAST_CHARACTERS and drawn:
            pictures.append(number)
    return UnreadPages(tuple(pictures), tuple(unreadable))


def lines_of(page: RecognisedPage) -> PageLines:
    """Return a recognised page in the form of a printed one."""
    lines = [Line(line.text, line.x, line.y, line.size) for line in page.lines]
    return PageLines(page.width, page.height, tuple(lines))
