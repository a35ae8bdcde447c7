"""The lines of a page in the order in which a reader reads them, where a file draws them otherwise.

Files mostly draw text as it is read, columns too. So lines are moved only where that is sure: what
was drawn apart goes into the gap that was left for it, and what is drawn twice is kept once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ragkit.documents.pdf.lines import Line, PageLines
from ragkit.documents.pdf.runs import SAME_PLACE

_JUMP = 2.0
"""A line this much above the one before it, as a multiple of its size, begins a new part."""
_ROOM = 0.8
"""Between a part and the lines that it goes between, as a multiple of its size."""
_OVERLAP = 0.5
"""Share of a part's width that must lie below the line that it follows."""
_MOST_PARTS = 60
"""A page drawn in more parts is a figure or a map, which has no order."""


@dataclass
class _Part:
    """Lines that are drawn one below the other."""

    lines: list[Line]

    @property
    def top(self) -> float:
        return max(line.y for line in self.lines)

    @property
    def bottom(self) -> float:
        return min(line.y for line in self.lines)

    @property
    def left(self) -> float:
        return min(line.x for line in self.lines)

    @property
    def right(self) -> float:
        return max(_end(line) for line in self.lines)

    @property
    def room(self) -> float:
        return _ROOM * max(line.size for line in self.lines)


def in_reading_order(page: PageLines) -> tuple[Line, ...]:
    """Return the lines that a page shows, each once, with what was drawn apart in its place."""
    shown = [line for line in page.lines if _is_shown(line, page)]
    parts = _find_parts(_without_doubles(shown))
    if not 1 < len(parts) <= _MOST_PARTS:
        return tuple(line for part in parts for line in part.lines)
    for part in sorted(parts, key=lambda part: part.top - part.bottom):
        others = [other for other in parts if other is not part]
        alone = sum(_are_level(part, other) for other in others) == 1
        for other in others if alone else ():
            place = _gap_for(part, other)
            if place:
                other.lines[place:place] = part.lines
                parts.remove(part)
                break
        else:
            if all(part.bottom > other.top + part.room for other in others):
                parts.remove(part)
                parts.insert(0, part)
    return tuple(line for part in parts for line in part.lines)


def _is_shown(line: Line, page: PageLines) -> bool:
    """Return whether a line lies on the page: printers write beside it what only they need."""
    return -1 <= line.y <= page.height + 1 and line.x <= page.width + 1 and _end(line) >= -1


def _find_parts(lines: Sequence[Line]) -> list[_Part]:
    parts: list[_Part] = []
    for line in lines:
        last = parts[-1].lines[-1] if parts else None
        if last is None or line.y - last.y > _JUMP * max(line.size, last.size, 1):
            parts.append(_Part([]))
        parts[-1].lines.append(line)
    return parts


def _are_level(part: _Part, other: _Part) -> bool:
    """Return whether parts stand beside each other, or one among the lines of the other."""
    return part.bottom < other.top and other.bottom < part.top


def _gap_for(part: _Part, other: _Part) -> int:
    """Return the place among another part's lines where a part fits; 0 if it fits nowhere."""
    if part.top > other.top or part.bottom < other.bottom:
        return 0
    for place in range(1, len(other.lines)):
        above, below = other.lines[place - 1], other.lines[place]
        fits = above.y > part.top + part.room and below.y < part.bottom - part.room
        if fits and _lies_below(part, above) and _lies_below(part, below):
            return place
    return 0


def _lies_below(part: _Part, line: Line) -> bool:
    """Return whether most of a part's width, or of a line's, is common to both."""
    common = min(part.right, _end(line)) - max(part.left, line.x)
    return common > _OVERLAP * min(part.right - part.left, _end(line) - line.x)


def _end(line: Line) -> float:
    return max([line.x + 1, *(cell.end for cell in line.cells)])


def _without_doubles(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without those drawn again in the same place, as makes print look bold."""
    kept: list[Line] = []
    places: dict[str, list[Line]] = {}
    for line in lines:
        same = places.setdefault(line.text.strip(), [])
        reach = SAME_PLACE * max(line.size, 1)
        if not any(abs(it.x - line.x) < reach and abs(it.y - line.y) < reach for it in same):
            kept.append(line)
            same.append(line)
    return kept
