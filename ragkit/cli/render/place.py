"""Where a passage stands, in words: document, page or slide, heading."""

from ragkit.cli.render.text import one_line, shorten
from ragkit.records import Chunk

_UNITS = {"pdf": "page", "pptx": "slide", "odp": "slide", "ipynb": "cell", "srt": "at", "vtt": "at"}


def page_text(chunk: Chunk) -> str:
    """Return "slide 4", "page iv", "at 00:02:04", or nothing for a format without pages.

    >>> page_text(Chunk("0", "week1.pptx", "", 0, 0, page=4, page_label="4"))
    'slide 4'
    >>> page_text(Chunk("0", "week1.vtt", "", 0, 0, page=3, page_label="00:02:04"))
    'at 00:02:04'
    >>> page_text(Chunk("0", "notes.md", "", 0, 0))
    ''
    """
    if chunk.page is None:
        return ""
    unit = _UNITS.get(chunk.document.rpartition(".")[2].lower(), "page")
    return f"{unit} {one_line(chunk.page_label or str(chunk.page))}"


def heading_text(chunk: Chunk, *, length: int = 60) -> str:
    """Return the innermost heading, shortened; nothing where the title says the same."""
    heading = one_line(chunk.heading[-1]) if chunk.heading else ""
    return "" if heading == one_line(chunk.title) else shorten(heading, length)


def place_text(chunk: Chunk) -> str:
    """Return document, page and heading on one line."""
    parts = (one_line(chunk.document), page_text(chunk), heading_text(chunk))
    return " · ".join(part for part in parts if part)
