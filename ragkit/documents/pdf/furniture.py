"""What a PDF repeats on its pages: running headers, footers and page numbers, taken away once seen.

A line is furniture when it stands at the top or bottom edge and recurs there up to its digits.
Large print is not: the title of a slide says what is on it even when the next one has the same.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ragkit.documents.pdf.lines import Line, PageLines

_EDGE_LINES = 3
_LEAST_PAGES = 3
_LEAST_DENSITY = 0.4
"""Share of the pages between its first and its last that furniture is on (0.5 for left pages)."""
_ROMAN = re.compile(r"(?i)^[ivxlc]{1,7}$")
_PAGE_COUNT = re.compile(r"(?i)\s+(?:page |slide )?\d+\s*(?:/|of|\|)\s*\d+\s*$")
_NO_NEWS = re.compile(r"(?i)page|slide|of|[ivxlc]+")
_WORD = re.compile(r"[^\W\d_]{2,}")


def remove_furniture(pages: Sequence[PageLines]) -> list[PageLines]:
    """Return the pages without running headers, footers and page numbers.

    Furniture whose words stand nowhere else (a course's name, a term) is kept on its first page.
    """
    limit = 1.05 * body_size(pages)
    places: dict[str, list[int]] = defaultdict(list)
    for number, page in enumerate(pages):
        for key in {_key(line) for line in _edge_lines(page) if line.size <= limit}:
            places[key].append(number)
    keys = {key for key, numbers in places.items() if _recurs(key, numbers, len(pages))}
    if not keys:
        return list(pages)
    cleared, removed = [], []
    for page in pages:
        edge = [line for line in _edge_lines(page) if line.size <= limit and _key(line) in keys]
        gone = {id(line) for line in edge}
        kept = tuple(line for line in page.lines if id(line) not in gone)
        cleared.append(replace(page, lines=kept))
        removed.append(edge)
    return _keep_once(cleared, removed)


def body_size(pages: Sequence[PageLines]) -> float:
    """Return the size that most characters are printed in, in points; 0 without text."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _edge_lines(page: PageLines) -> list[Line]:
    """Return the topmost and the bottommost lines of a page."""
    ordered = sorted(page.lines, key=lambda line: -line.y)
    edges = ordered[:_EDGE_LINES] + ordered[max(_EDGE_LINES, len(ordered) - _EDGE_LINES) :]
    return [line for line in edges if len(line.text) <= 200]


def _key(line: Line) -> str:
    """Return what stays the same in a line from page to page: its text up to digits, its height.

    >>> _key(Line("Week 3      12 / 24", 0, 21.2, 9))
    'week # # / # @21'
    """
    words = ["#" if _ROMAN.match(word) else word for word in line.text.lower().split()]
    text = re.sub(r"\d+", "#", " ".join(words)) if len(words) <= 3 else line.text.lower()
    return f"{re.sub(r'[0-9]+', '#', ' '.join(text.split()))} @{round(line.y)}"


def _recurs(key: str, numbers: list[int], pages: int) -> bool:
    density = len(numbers) / (numbers[-1] - numbers[0] + 1)
    if not _WORD.search(key.partition(" @")[0]):  # nothing but a page number
        return len(numbers) >= min(_LEAST_PAGES, max(pages, 2)) and density >= _LEAST_DENSITY
    return len(numbers) >= _LEAST_PAGES and density >= _LEAST_DENSITY


def _keep_once(pages: list[PageLines], removed: list[list[Line]]) -> list[PageLines]:
    """Put furniture back on the first page that has it, if its words would be lost otherwise."""
    known = {word.lower() for page in pages for line in page.lines for word in _words(line)}
    kept: list[PageLines] = []
    for page, lines in zip(pages, removed, strict=True):
        back = []
        for line in lines:
            new = {word.lower() for word in _words(line)} - known
            if new:
                known |= new
                back.append(replace(line, text=_PAGE_COUNT.sub("", line.text)))
        kept.append(replace(page, furniture=tuple(back)))
    return kept


def _words(line: Line) -> list[str]:
    words = _WORD.findall(line.text)
    return [word for word in words if not re.fullmatch(_NO_NEWS, word)]
