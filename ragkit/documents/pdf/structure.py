"""Lines of pages to blocks: what is a heading, where a paragraph ends, what belongs to an item.

It goes by what a reader's eye goes by: size, weight, gaps, indents and how the text runs on.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ragkit.documents.clean import join_lines, strip_bullet
from ragkit.documents.draft import RawBlock
from ragkit.documents.pdf.grid import find_tables
from ragkit.documents.pdf.joining import SENTENCE_END, OpenBlock, belongs, flows, runs_on
from ragkit.documents.pdf.lines import Line, PageLines
from ragkit.documents.pdf.style import LARGER, Style, measure_style
from ragkit.records import BlockKind

_NUMBERED = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z](?:\.\d{1,2}){1,2})\.?\s+[^\W\d_]")
_SECTION = re.compile(r"(?:\d{1,2}|[A-Z])(?:\.\d{1,2}){0,3}\.?")
_TOC_ENTRY = re.compile(r"… ?(?:\d{1,4}|[ivxl]{1,6})$")
_CAPTION = re.compile(r"^(?:Figure|Fig\.|Table|Listing|Algorithm|Abbildung|Tabelle)\s+\d+[.:]")
_HEADING_CHARACTERS = 150

_Class = tuple[BlockKind, int]
"""Kind of a line, and its level if it is a heading."""


def find_structure(pages: Sequence[PageLines]) -> list[RawBlock]:
    """Return the blocks of all pages in reading order."""
    style = measure_style(pages)
    blocks: list[RawBlock] = []
    before: OpenBlock | None = None
    for number, page in enumerate(pages, start=1):
        opened = _page_blocks(page, number, style)
        if before and opened and runs_on(before, opened[0], style):
            opened[0].kind, opened[0].continues = before.kind, True
        raw = [_raw(block, style) for block in opened]
        repeated = [RawBlock("paragraph", line.text, page=number) for line in page.furniture]
        begun = 1 if raw and raw[0].continues else 0  # it must follow what it goes on with
        blocks += [*raw[:begun], *repeated, *raw[begun:]]
        before = opened[-1] if opened else before
    return blocks


def _page_blocks(page: PageLines, number: int, style: Style) -> list[OpenBlock]:
    blocks: list[OpenBlock] = []
    widths = _column_widths(page, style)
    classes = [
        _classify(line, page, style, may_be_title=place == 0 and _stands_alone(page))
        for place, line in enumerate(page.lines)
    ]
    tabled = _table_blocks(page, number, style)
    heads = _with_figures(page.lines, classes)
    for place, (line, (kind, level)) in enumerate(zip(page.lines, heads, strict=True)):
        last = blocks[-1] if blocks else None
        if place in tabled:
            blocks += tabled[place]
        elif last and not last.text and belongs(line, kind, last, style):
            last.lines.append(line)
            last.width = max(last.width, widths.get(_column(line), 0))
        else:
            blocks.append(OpenBlock(kind, [line], number, level, widths.get(_column(line), 0)))
    for block in blocks:
        if block.kind == "heading" and _is_sentence(" ".join(line.text for line in block.lines)):
            block.kind = "paragraph"
    return blocks


def _table_blocks(page: PageLines, number: int, style: Style) -> dict[int, list[OpenBlock]]:
    """Return for each line of a table the rows that begin with it; none for the others of a row."""
    blocks: dict[int, list[OpenBlock]] = {}
    for table in find_tables(page.lines, body=style.body):
        blocks |= {place: [] for place in range(table.start, table.stop)}
        for text, places in zip(table.texts, table.row_lines, strict=True):
            lines = [page.lines[place] for place in places]
            blocks[places[0]].append(OpenBlock("row", lines, number, text=text))
    return blocks


def _column_widths(page: PageLines, style: Style) -> dict[int, float]:
    """Return the greatest characters x size of the lines that begin at the same x."""
    widths: dict[int, float] = {}
    for line in page.lines:
        if line.size <= LARGER * style.body:
            width = len(line.text) * line.size
            widths[_column(line)] = max(widths.get(_column(line), 0), width)
    return widths


def _column(line: Line) -> int:
    return round(line.x / 4)


def _with_figures(lines: Sequence[Line], classes: list[_Class]) -> Iterator[_Class]:
    """Yield the classes; lines of figures below each other are rows, whatever their places."""
    numeric = [_is_numeric(line) for line in lines]
    for place, (kind, level) in enumerate(classes):
        near = numeric[max(0, place - 1) : place + 2]
        if kind == "paragraph" and numeric[place] and sum(near) >= 2:
            yield "row", 0
        else:
            yield kind, level


def _classify(line: Line, page: PageLines, style: Style, *, may_be_title: bool) -> _Class:
    text = line.text.strip()
    if line.mono and line.size <= LARGER * style.body:
        return "code", 0
    if _CAPTION.match(text):
        return "caption", 0
    if _is_heading(line, text, style) or (may_be_title and _is_slide_title(line, page, style)):
        return "heading", _level(line, text, style)
    if strip_bullet(text) is not None:
        return "item", 0
    return ("row" if _has_columns(line) or _TOC_ENTRY.search(text) else "paragraph"), 0


def _has_columns(line: Line) -> bool:
    """Return whether a line has three parts, farther apart than words of a justified line."""
    gaps = [cell.x - before.end for before, cell in pairwise(line.cells)]
    return sum(gap > 1.6 * line.size for gap in gaps) >= 2


def _is_heading(line: Line, text: str, style: Style) -> bool:
    if len(text) > _HEADING_CHARACTERS or not line.upright or not re.search(r"[^\W\d_]{2}", text):
        return False
    if line.size > LARGER * style.body:
        return line.bold or not style.bold_headings or line.size > 1.35 * style.body
    return (
        line.bold
        and not re.search(r"[^\W\d]\s+\d{1,4}$", text)  # a line of a table of contents
        and line.size >= 0.95 * style.body
        and len(text) <= 0.9 * style.line_characters
        and (bool(_NUMBERED.match(text)) or not SENTENCE_END.search(text))
        and not text[0].islower()
        and _is_undivided(line)
    )


def _is_undivided(line: Line) -> bool:
    """Return whether a line has no parts but, perhaps, the number of a section."""
    parts = len(line.cells)
    return parts <= 1 or (parts == 2 and bool(_SECTION.fullmatch(line.cells[0].text)))


def _is_slide_title(line: Line, page: PageLines, style: Style) -> bool:
    """Return whether the first line of a slide in ordinary print stands where titles stand."""
    return (
        style.is_deck
        and line.y > 0.8 * page.height
        and len(line.text) <= 80
        and not SENTENCE_END.search(line.text)
        and strip_bullet(line.text) is None
    )


def _is_sentence(text: str) -> bool:
    """Return whether large print is a message rather than a heading."""
    words = len(text.split())
    return words > 24 or (words > 8 and text.endswith((".", ",", ";")))


def _stands_alone(page: PageLines) -> bool:
    """Return whether the first line of a page is no part of a sentence with the second."""
    return len(page.lines) < 2 or not flows(page.lines[0].text, page.lines[1].text)


def _level(line: Line, text: str, style: Style) -> int:
    numbered = re.match(r"\d+(?:\.\d+)*", text)
    if numbered and not style.is_deck and _NUMBERED.match(text):
        return 2 + numbered.group().count(".")
    if style.is_deck:
        return 1 if line.size > LARGER * style.body else 2
    smaller = [size for size in style.heading_sizes if size > round(line.size)]
    return min(1 + len(smaller), 6) if line.size > LARGER * style.body else 6


def _is_numeric(line: Line) -> bool:
    """Return whether a line reads like a table row: several words, many of them figures."""
    words = line.text.split()
    figures = sum(any(c.isdigit() for c in word) for word in words)
    return (
        3 <= len(words) <= 20
        and figures >= max(2, 0.25 * len(words))
        and not SENTENCE_END.search(words[-1])
    )


def _raw(block: OpenBlock, style: Style) -> RawBlock:
    lines = [line.text for line in block.lines]
    if block.text:
        text = block.text
    elif block.kind == "code":
        left = min(line.x for line in block.lines)
        text = "\n".join(" " * _indent(line, left) + line.text.rstrip() for line in block.lines)
    else:
        text = join_lines((" ".join(line.split()) for line in lines), words=style.words)
    return RawBlock(block.kind, text, block.level, block.page, block.continues)


def _indent(line: Line, left: float) -> int:
    """Return how many characters a line of code is moved to the right."""
    if line.text.startswith(" ") or line.size <= 0:
        return 0
    return min(round((line.x - left) / (0.6 * line.size)), 40)
