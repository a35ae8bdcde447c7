"""Which lines of a PDF go on with the block before them: a sentence, an item, a cell, a formula."""

import re
from dataclasses import dataclass

from ragkit.documents.clean import strip_bullet
from ragkit.documents.pdf.lines import Line
from ragkit.documents.pdf.style import Style
from ragkit.records import BlockKind

SENTENCE_END = re.compile(r"[.!?:;…][\"'”’)\]]*$")
_REFERENCE = re.compile(r"\[\d{1,3}\]\s+[^\W\d_]")


@dataclass
class OpenBlock:
    """The block that lines are being added to."""

    kind: BlockKind
    lines: list[Line]
    page: int
    level: int = 0
    width: float = 0
    """Of its column; see `_column_widths`."""
    continues: bool = False
    text: str = ""
    """Of a row of a table; nothing goes on with it."""

    @property
    def last(self) -> Line:
        """The line that the next one may go on from."""
        return self.lines[-1]


def belongs(line: Line, kind: BlockKind, last: OpenBlock, style: Style) -> bool:
    """Return whether a line goes on with the block before it."""
    before = last.last
    gap = (before.y - line.y) / max(line.size, before.size, 1)
    near = -0.6 < gap <= 1.3 * style.leading
    if _is_formula_part(line, style) or _is_beside(line, last, style):
        return abs(before.y - line.y) < 4 * style.body and last.kind not in ("heading", "code")
    if "code" in (kind, last.kind):
        return kind == last.kind and -0.6 < gap < 2.2
    if "heading" in (kind, last.kind):
        same = abs(line.size - before.size) < 0.6 and line.bold == before.bold
        return kind == last.kind and same and 0 <= gap <= 1.3 * max(style.leading, 1.3)
    if kind in ("item", "row", "caption"):
        return False
    if last.kind == "row":
        return _continues_row(line, last, near=near)
    return _same_paragraph(line, last, style) if near else _next_column(line, before, gap)


def _next_column(line: Line, before: Line, gap: float) -> bool:
    """Return whether a line far from the one before it goes on with its sentence."""
    is_far = gap < 0 or gap > 6
    return is_far and abs(line.size - before.size) < 0.6 and flows(before.text, line.text)


def _continues_row(line: Line, last: OpenBlock, *, near: bool) -> bool:
    """Return whether a line is more of a cell: beside lines of its row, or below and indented."""
    beside = any(abs(line.y - other.y) < 0.3 * other.size for other in last.lines)
    return beside or (near and line.x > last.lines[0].x + line.size)


def _is_formula_part(line: Line, style: Style) -> bool:
    """Return whether a line is a limit or an index that stands above or below a formula."""
    text = line.text.strip()
    return len(text) <= 8 and line.size <= 0.8 * style.body and strip_bullet(text) is None


def _is_beside(line: Line, last: OpenBlock, style: Style) -> bool:
    """Return whether a line, after such a part, goes on at the height of one of its block."""
    level = any(abs(line.y - other.y) < 0.3 * other.size for other in last.lines)
    return level and _is_formula_part(last.last, style)


def _same_paragraph(line: Line, last: OpenBlock, style: Style) -> bool:
    """Return whether a line just below a paragraph or an item goes on with it."""
    before = last.last
    if flows(before.text, line.text):
        return True
    if abs(line.size - before.size) > 0.15 * style.body:
        return False
    if last.kind == "item":  # the rest of an item stands under its text, not under its bullet
        return line.x > last.lines[0].x + 2
    if _would_fit(line, last) and not line.text.lstrip()[:1].islower():
        return False
    if not SENTENCE_END.search(before.text):
        return not _is_centred(line, last, style)
    short = len(before.text) < 0.7 * style.line_characters
    indented = line.x > before.x + 0.8 * line.size and len(last.lines) > 1
    return not (short or indented or _REFERENCE.match(line.text))


def _is_centred(line: Line, last: OpenBlock, style: Style) -> bool:
    """Return whether a line begins elsewhere than the line before it, which had room for more."""
    before = last.last
    used = (len(before.text) + 1 + len(line.text.split()[0])) * before.size
    is_short = used < 0.97 * style.line_characters * style.body
    return is_short and abs(line.x - before.x) > 0.5 * line.size


def _would_fit(line: Line, last: OpenBlock) -> bool:
    """Return whether a line's first word had room on the line before: then its end was meant."""
    used = len(last.last.text) + 1 + len(line.text.split()[0])
    return used * line.size < 0.8 * last.width


def flows(before: str, after: str) -> bool:
    """Return whether a sentence runs on from one line to the next.

    >>> flows("the model is trained", "on pairs."), flows("It ends.", "The next")
    (True, False)
    """
    if re.search(r"[^\W\d_]-$", before.rstrip()):
        return after[:1].isalpha()
    return not SENTENCE_END.search(before.rstrip()) and after.lstrip()[:1].islower()


def runs_on(before: OpenBlock, first: OpenBlock, style: Style) -> bool:
    """Return whether the first block of a page is the rest of the last block before it."""
    return (
        not style.is_deck
        and first.kind == "paragraph"
        and before.kind in ("paragraph", "item")
        and flows(before.last.text, first.lines[0].text)
    )
