"""Questions for the cells of a table row."""

import re
from collections.abc import Iterator

from ragkit.evaluation.drafting.grammar import NUMBER, reads_well
from ragkit.evaluation.drafting.questions.asked import Asked

_LANGUAGES = frozenset("english french german latin greek spanish italian chinese".split())
"""Heads that name no thing that one could ask for."""


def question_of_row(row: str) -> Iterator[Asked]:
    """Yield the questions for the cells of a table row, as ragkit reads one.

    >>> for asked in question_of_row("Town: Vessemar; Inhabitants: 12,400; Chief export: herring"):
    ...     print(asked.question, asked.answer)
    How many inhabitants does Vessemar have? 12,400
    Which chief export is given for Vessemar? herring
    """
    cells = [cell.partition(": ") for cell in row.split("; ")]
    if len(cells) < 3 or not all(value for _, _, value in cells):
        return
    (_, _, first), *others = cells
    if not re.fullmatch(r"[A-Z][A-Za-z'’ -]{2,40}", first) or len(first.split()) > 4:
        return
    for head, _, value in others:
        asked = _ask_cell(head, first, value)
        if asked and reads_well(asked.question):
            yield asked


def _ask_cell(head: str, first: str, value: str) -> Asked | None:
    if not re.fullmatch(r"[A-Z][a-z]+(?: [a-z]+){0,2}", head) or len(value.split()) > 5:
        return None
    noun = head.lower()
    if noun in _LANGUAGES:
        return None
    if re.fullmatch(NUMBER, value):
        if noun.endswith("s") and not noun.endswith("ss"):
            return Asked(
                f"How many {noun} does {first} have?",
                value,
                "table",
                f"Why does {first} have {{}} {noun}?",
            )
        return (
            None if len(value) < 2 else Asked(f"Which {noun} is given for {first}?", value, "table")
        )
    if noun.endswith(("s", " for", " of", " by", " in", " after")) or not re.match(
        r"[A-Za-z]", value
    ):
        return None
    return Asked(f"Which {noun} is given for {first}?", value, "table")
