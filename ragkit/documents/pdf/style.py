"""What is usual in a PDF: the size of its body text, the distance of lines, how headings look."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ragkit.documents.pdf.furniture import body_size
from ragkit.documents.pdf.lines import PageLines

LARGER = 1.12
"""Print larger than the body by this factor is a heading (Source: 12 pt over 10.9 pt is the least
step of LaTeX's section styles that a reader sees)."""


@dataclass(frozen=True, slots=True)
class Style:
    """What is usual in this document."""

    body: float
    leading: float
    """Usual distance of lines in a paragraph, as a multiple of their size."""
    line_characters: int
    """How long a full line is."""
    heading_sizes: tuple[float, ...]
    """Sizes above the body's, largest first."""
    bold_headings: bool
    """Most of what is printed larger is bold, so larger print alone does not make a heading."""
    is_deck: bool
    words: frozenset[str]


def measure_style(pages: Sequence[PageLines]) -> Style:
    """Return the usual style of a document's pages."""
    body = body_size(pages)
    gaps: Counter[float] = Counter()
    sizes: Counter[float] = Counter()
    bold = 0
    words: Counter[str] = Counter()
    lengths: list[int] = []
    for page in pages:
        for line in page.lines:
            words.update(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*(?!-)", line.text.lower()))
            if line.size > LARGER * body and line.upright:
                sizes[round(line.size)] += 1
                bold += line.bold
            elif abs(line.size - body) < 0.6:
                lengths.append(len(line.text))
        for before, line in pairwise(page.lines):
            gap = (before.y - line.y) / max(line.size, 1)
            if abs(before.size - line.size) < 0.6 and 0.8 < gap < 2.2:
                gaps[round(gap, 1)] += 1
    lengths.sort()
    return Style(
        body=body,
        leading=gaps.most_common(1)[0][0] if gaps else 1.25,
        line_characters=lengths[int(0.8 * len(lengths))] if lengths else 80,
        heading_sizes=tuple(sorted(sizes, reverse=True)),
        bold_headings=bold > 0.6 * sum(sizes.values()),
        is_deck=sum(page.width > 1.2 * page.height for page in pages) > len(pages) / 2,
        words=frozenset(words),
    )
