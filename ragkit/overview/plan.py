"""The rows of a course's plan that tell of a week or lecture of which there is no document."""

import re

from ragkit.overview.answering import Line
from ragkit.overview.references import Missing
from ragkit.protocols import Index
from ragkit.records import DocumentFilter

_PASSAGES = 100


def plan_lines(missing: Missing, index: Index, within: DocumentFilter) -> tuple[Line, ...]:
    """Return the table rows that begin with the number that was asked for."""
    if missing.number is None:
        return ()
    scored = index.search_lexical(
        f"{missing.noun} {missing.number} topic", top_n=_PASSAGES, within=within
    )
    found: dict[tuple[str, int], Line] = {}
    for chunk in index.chunks([key for key, _ in scored]):
        for block in index.blocks(chunk.document, start=chunk.start, end=chunk.end):
            start, end = max(block.start, chunk.start), min(block.end, chunk.end)
            text = chunk.text[start - chunk.start : end - chunk.start]
            if block.kind == "row" and missing.number in numbers_named(text, missing.noun):
                found[chunk.document, start] = Line(chunk, start, end)
    return tuple(found[place] for place in sorted(found))


def numbers_named(row: str, noun: str) -> frozenset[int]:
    """Return which weeks, or other things of a number, the beginning of a row names.

    >>> sorted(numbers_named("Week: 2 and 3; Topic: Attention; Lab: Lab 1", "week"))
    [2, 3]
    >>> sorted(numbers_named("Weeks 4-6; Topic: Week 9 in short", "week"))
    [4, 5, 6]
    """
    match = re.match(rf"(?i)\s*{noun}s?:?\s*((?:\d{{1,2}}(?:\s*(?:,|and|&|to|-|–)\s*)?)+)", row)
    if not match:
        return frozenset()
    named = {int(number) for number in re.findall(r"\d+", match[1])}
    for first, last in re.findall(r"(\d+)\s*(?:to|-|–)\s*(\d+)", match[1]):
        named |= set(range(int(first), int(last) + 1))
    return frozenset(named)
