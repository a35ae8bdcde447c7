"""A document in a few of its own sentences: the most central ones of each section, in order.

A section that sums up ("Summary", "Abstract") speaks first. Nothing is worded anew here.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ragkit.overview.answering import Line
from ragkit.overview.sections import DocumentSection, has_substance, main_sections
from ragkit.protocols import Encoder
from ragkit.records import Document
from ragkit.words import content_words

MOST_SENTENCES = 12
"""Sentences of a summary beside those of the document's own one."""
_OWN_SENTENCES = 6
_LOOKED_AT = 240
"""Sentences of a document that are encoded: the first of each section."""
_OWN_SUMMARY = re.compile(
    r"(?i)(?:\d[\d.]* )?(?:summary|abstract|conclusions?|in short|recap|(?:key )?take-?aways?"
    r"|tl;?dr|zusammenfassung|in brief|key points)$"
)
_SECTION_WEIGHT, _DOCUMENT_WEIGHT, _FIRST_BONUS = 0.6, 0.4, 0.12
"""Closeness to the middle of the section and of the document, and for the first sentence. Source:
chosen by reading summaries of a few documents (slides, notes, web pages), not by a measure."""
_FEWEST_WORDS, _MOST_WORDS = 5, 45
_FEWEST_TELLING = 4
_FEWEST_INNER = 3
"""From so many sections on, what stands beside the title is left out."""


class _Scored(NamedTuple):
    """A sentence that may speak for its section."""

    line: Line
    section: int
    score: float


def summarise(
    document: Document, encoder: Encoder, *, most: int = MOST_SENTENCES
) -> tuple[Line, ...]:
    """Return the sentences that sum a document up, in its order, each under its heading.

    Args:
        document: What to sum up.
        encoder: Measures what is central.
        most: Sentences beside those of the document's own summary.
    """
    outline = main_sections(document)
    sections = [section for section in outline if has_substance(section)] or list(outline)
    inner = [s for s in sections if s.has_heading and s.title != document.title]
    sections = inner if len(inner) >= _FEWEST_INNER else sections
    own = [line for s in sections if _OWN_SUMMARY.match(s.title) for line in _speaking(s)]
    others = [section for section in sections if not _OWN_SUMMARY.match(section.title)]
    scored = _score(others, encoder)
    chosen = _choose(scored, len(others), most - min(len(own), _OWN_SENTENCES) // 2)
    return (*own[:_OWN_SENTENCES], *(item.line for item in chosen))


def _speaking(section: DocumentSection) -> list[Line]:
    """Return the sentences of a section that say something by themselves."""
    lines = [line for line in section.lines() if _FEWEST_WORDS <= _length(line) <= _MOST_WORDS]
    prose = [
        line
        for line in lines
        if section.kind_at(line.start) in ("paragraph", "item")
        and not line.text.endswith(("?", ":", "…"))
        and _is_worded(line.text)
    ]
    return prose or lines or list(section.lines()[:1])


def _is_worded(text: str) -> bool:
    """Say whether a text is words more than signs or figures, and no path through a picture.

    >>> _is_worded("P(cat | the) = 2/3"), _is_worded("Smoothing gives mass to the unseen.")
    (False, True)
    """
    letters = sum(character.isalpha() or character.isspace() for character in text)
    telling = [word for word in content_words(text) if word.isalpha()]
    return letters >= 0.8 * len(text) and len(telling) >= _FEWEST_TELLING and "→" not in text


def _length(line: Line) -> int:
    return line.text.count(" ") + 1


def _score(sections: Sequence[DocumentSection], encoder: Encoder) -> list[_Scored]:
    each = max(2, _LOOKED_AT // max(1, len(sections)))
    lines = [(line, i) for i, section in enumerate(sections) for line in _speaking(section)[:each]]
    lines = _without_repeats(lines)[: _LOOKED_AT * 2]
    if not lines:
        return []
    rows = encoder.encode_passages([line.text for line, _ in lines])
    owners = np.array([section for _, section in lines])
    whole = _middle(rows)
    scored = []
    for place in sorted(set(owners.tolist())):
        mine = np.flatnonzero(owners == place)
        middle = _middle(rows[mine])
        for rank, at in enumerate(mine.tolist()):
            score = _SECTION_WEIGHT * float(rows[at] @ middle) + _DOCUMENT_WEIGHT * float(
                rows[at] @ whole
            )
            scored.append(
                _Scored(lines[at][0], place, score + (_FIRST_BONUS if rank == 0 else 0.0))
            )
    return scored


def _middle(rows: np.ndarray) -> np.ndarray:
    """Return the unit vector of the mean of rows, shape (dim,)."""
    mean = rows.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9))


def _without_repeats(lines: Sequence[tuple[Line, int]]) -> list[tuple[Line, int]]:
    """Return lines without those that stand on several pages: headers and footers."""
    counts: dict[str, int] = {}
    for line, _ in lines:
        key = re.sub(r"\d+", "#", line.text)
        counts[key] = counts.get(key, 0) + 1
    return [pair for pair in lines if counts[re.sub(r"\d+", "#", pair[0].text)] == 1]


def _choose(scored: Sequence[_Scored], sections: int, most: int) -> list[_Scored]:
    """Return the best sentence of each section, or the best sections', or more where few are."""
    ranked = sorted(scored, key=lambda item: -item.score)
    quota = max(1, most // max(1, sections))
    taken: dict[int, int] = {}
    chosen: list[_Scored] = []
    for item in ranked:
        if taken.get(item.section, 0) < quota and len(chosen) < most:
            taken[item.section] = taken.get(item.section, 0) + 1
            chosen.append(item)
    return sorted(chosen, key=lambda item: item.line.start)
