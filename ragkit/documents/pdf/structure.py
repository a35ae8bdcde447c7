"""Lines of pages to blocks: what is a heading, where a paragraph ends, what belongs to an item.

It goes by what a reader's eye goes by: size, weight, gaps, indents and how the text runs on.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ragkit.documents.clean import join_lines, strip_bullet
from ragkit.documents.draft import RawBlock
from ragkit.documents.pdf.lines import Line, PageLines
from ragkit.documents.pdf.style import LARGER, Style, measure_style
from ragkit.records import BlockKind

_NUMBERED = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z](?:\.\d{1,2}){1,2})\.?\s+[^\W\d_]")
_CAPTION = re.compile(r"^(?:Figure|Fig\.|Table|Listing|Algorithm|Abbildung|Tabelle)\s+\d+[.:]")
_ENDS = re.compile(r"[.!?:;…][\"'”’)\]]*$")
_HEADING_CHARACTERS = 150


_Class = tuple[BlockKind, int]
"""Kind of a line, and its level if it is a heading."""


@dataclass
class _Open:
    """The block that lines are being added to."""

    kind: BlockKind
    lines: list[Line]
    page: int
    level: int = 0
    width: float = 0
    """Of its column; see `_column_widths`."""
    continues: bool = False

    @property
    def last(self) -> Line:
        return self.lines[-1]


def find_structure(pages: Sequence[PageLines]) -> list[RawBlock]:
    """Return the blocks of all pages in reading order."""
    style = measure_style(pages)
    blocks: list[RawBlock] = []
    before: _Open | None = None
    for number, page in enumerate(pages, start=1):
        opened = _page_blocks(page, number, style)
        if before and opened and _runs_on(before, opened[0], style):
            opened[0].kind, opened[0].continues = before.kind, True
        blocks += (RawBlock("paragraph", line.text, page=number) for line in page.furniture)
        blocks += (_raw(block, style) for block in opened)
        before = opened[-1] if opened else before
    return blocks


def _page_blocks(page: PageLines, number: int, style: Style) -> list[_Open]:
    blocks: list[_Open] = []
    widths = _column_widths(page, style)
    classes = [
        _classify(line, page, style, may_be_title=place == 0 and _stands_alone(page))
        for place, line in enumerate(page.lines)
    ]
    for line, (kind, level) in zip(page.lines, _with_table_heads(page.lines, classes), strict=True):
        last = blocks[-1] if blocks else None
        if last and _belongs(line, kind, last, style):
            last.lines.append(line)
            last.width = max(last.width, widths.get(_column(line), 0))
        else:
            blocks.append(_Open(kind, [line], number, level, widths.get(_column(line), 0)))
    for block in blocks:
        if block.kind == "heading" and _is_sentence(" ".join(line.text for line in block.lines)):
            block.kind = "paragraph"
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


def _with_table_heads(lines: Sequence[Line], classes: list[_Class]) -> Iterator[_Class]:
    """Yield the classes; a line in two parts beside a table row is a row of that table too."""
    for place, (line, (kind, level)) in enumerate(zip(lines, classes, strict=True)):
        neighbours = classes[max(0, place - 1) : place + 2]
        beside_row = len(line.cells) >= 2 and ("row", 0) in neighbours
        numeric = [_is_numeric(other) for other in lines[max(0, place - 1) : place + 2]]
        if kind == "paragraph" and (beside_row or (_is_numeric(line) and sum(numeric) >= 2)):
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
    if _is_row(line):
        return "row", 0
    return "paragraph", 0


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
        and (bool(_NUMBERED.match(text)) or not _ENDS.search(text))
        and not text[0].islower()
        and len(line.cells) == 1
    )


def _is_slide_title(line: Line, page: PageLines, style: Style) -> bool:
    """Return whether the first line of a slide in ordinary print stands where titles stand."""
    return (
        style.is_deck
        and line.y > 0.8 * page.height
        and len(line.text) <= 80
        and not _ENDS.search(line.text)
        and strip_bullet(line.text) is None
    )


def _is_sentence(text: str) -> bool:
    """Return whether large print is a message rather than a heading."""
    words = len(text.split())
    return words > 24 or (words > 8 and text.endswith((".", ",", ";")))


def _stands_alone(page: PageLines) -> bool:
    """Return whether the first line of a page is no part of a sentence with the second."""
    return len(page.lines) < 2 or not _flows(page.lines[0].text, page.lines[1].text)


def _level(line: Line, text: str, style: Style) -> int:
    numbered = re.match(r"\d+(?:\.\d+)*", text)
    if numbered and not style.is_deck and _NUMBERED.match(text):
        return 2 + numbered.group().count(".")
    if style.is_deck:
        return 1 if line.size > LARGER * style.body else 2
    smaller = [size for size in style.heading_sizes if size > round(line.size)]
    return min(1 + len(smaller), 6) if line.size > LARGER * style.body else 6


def _is_row(line: Line) -> bool:
    return len(line.cells) >= 3


def _is_numeric(line: Line) -> bool:
    """Return whether a line reads like a table row: several words, many of them figures."""
    words = line.text.split()
    figures = sum(any(c.isdigit() for c in word) for word in words)
    return (
        3 <= len(words) <= 20
        and figures >= max(2, 0.25 * len(words))
        and not _ENDS.search(words[-1])
    )


def _belongs(line: Line, kind: BlockKind, last: _Open, style: Style) -> bool:
    """Return whether a line goes on with the block before it."""
    before = last.last
    gap = (before.y - line.y) / max(line.size, before.size, 1)
    near = -0.6 < gap <= 1.3 * style.leading
    if _is_formula_part(line, style) or _is_beside(line, last, style):
        return abs(before.y - line.y) < 4 * style.body
    if "code" in (kind, last.kind):
        return kind == last.kind and -0.6 < gap < 2.2
    if "heading" in (kind, last.kind):
        same = abs(line.size - before.size) < 0.6 and line.bold == before.bold
        return kind == last.kind and same and 0 <= gap <= 1.3 * max(style.leading, 1.3)
    if kind in ("item", "row", "caption") or last.kind == "row":
        return False
    if near:
        return _same_paragraph(line, last, style)
    # The next column, unless what stands there is something else.
    is_far = gap < 0 or gap > 6
    return is_far and abs(line.size - before.size) < 0.6 and _flows(before.text, line.text)


def _is_formula_part(line: Line, style: Style) -> bool:
    """Return whether a line is a limit or an index that stands above or below a formula."""
    return len(line.text.strip()) <= 8 and line.size <= 0.8 * style.body


def _is_beside(line: Line, last: _Open, style: Style) -> bool:
    """Return whether a line, after such a part, goes on at the height of one of its block."""
    level = any(abs(line.y - other.y) < 0.3 * other.size for other in last.lines)
    return level and _is_formula_part(last.last, style)


def _same_paragraph(line: Line, last: _Open, style: Style) -> bool:
    before = last.last
    if abs(line.size - before.size) > 0.15 * style.body and not _flows(before.text, line.text):
        return False
    if last.kind == "item":  # the rest of an item stands under its text, not under its bullet
        return line.x > last.lines[0].x + 2 or _flows(before.text, line.text)
    short = len(before.text) < 0.7 * style.line_characters
    if _ENDS.search(before.text) and short:
        return False
    if _would_fit(line, last) and not line.text.lstrip()[:1].islower():
        return False
    indented = line.x > before.x + 0.8 * line.size and len(last.lines) > 1
    return not (indented and _ENDS.search(before.text))


def _would_fit(line: Line, last: _Open) -> bool:
    """Return whether a line's first word had room on the line before: then its end was meant."""
    used = len(last.last.text) + 1 + len(line.text.split()[0])
    return used * line.size < 0.8 * last.width


def _flows(before: str, after: str) -> bool:
    """Return whether a sentence runs on from one line to the next.

    >>> _flows("the model is trained", "on pairs."), _flows("It ends.", "The next")
    (True, False)
    """
    if re.search(r"[^\W\d_]-$", before.rstrip()):
        return after[:1].isalpha()
    return not _ENDS.search(before.rstrip()) and after.lstrip()[:1].islower()


def _runs_on(before: _Open, first: _Open, style: Style) -> bool:
    """Return whether the first block of a page is the rest of the last block before it."""
    return (
        not style.is_deck
        and first.kind == "paragraph"
        and before.kind in ("paragraph", "item")
        and _flows(before.last.text, first.lines[0].text)
    )


def _raw(block: _Open, style: Style) -> RawBlock:
    lines = [line.text for line in block.lines]
    if block.kind == "code":
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
