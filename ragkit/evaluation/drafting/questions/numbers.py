"""Questions for numbers, dates and rooms, by turning a sentence around its verb."""

import re

from ragkit.evaluation.drafting.grammar import (
    BASES,
    BE,
    MEASURED,
    MODALS,
    NUMBER,
    PAST,
    PLURAL,
    YEAR,
    split_at,
)
from ragkit.evaluation.drafting.questions.asked import Asked

_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


_BE = "|".join(BE)


_MODAL = "|".join(MODALS)


_COUNTED = rf"({NUMBER}) ((?:[a-z][\w-]* ){{0,2}}[a-z][\w-]*s)(?= |$)(.*)"
"""A number, what is counted, and what follows."""


_STOP = re.compile(r" (?:of|in|on|at|for|from|with|by|to|into|per|a|an|the|and|or|every|each) .*$")


def ask_year(sentence: str) -> Asked | None:
    """Return the question for a year.

    >>> ask_year("the Ostkeld League was founded in 1171 by seven harbour towns.").question
    'In which year was the Ostkeld League founded by seven harbour towns?'
    """
    clause = split_at(sentence, _BE)
    match = clause and re.fullmatch(rf"(.+?) in ({YEAR})( by .+| for .+)?", clause.rest)
    if not clause or not match or re.search(r"\d| and ", match[1]):
        return None
    rest = f"{match[1]}{match[3] or ''}"
    return Asked(
        f"In which year {clause.verb} {clause.subject} {rest}?",
        match[2],
        "date",
        f"Why {clause.verb} {clause.subject} {match[1]} in {{}}{match[3] or ''}?",
    )


def ask_day(sentence: str) -> Asked | None:
    """Return the question for a date or a day of the week.

    >>> asked = ask_day("the resit is on Tuesday 24 February 2026.")
    >>> asked.question, asked.answer
    ('On which date is the resit?', '24 February 2026')
    """
    clause = split_at(sentence, _BE)
    match = clause and re.fullmatch(
        rf"(.*?)\bon ((?:{_DAYS})s?)?(?: ?(\d{{1,2}} (?:{_MONTHS})(?: \d{{4}})?))?( at .+)?",
        clause.rest,
    )
    if not clause or not match or not (match[2] or match[3]) or re.search(r"\d", match[1]):
        return None
    what = "date" if match[3] else "day"
    said = f"{clause.verb} {clause.subject} {match[1]}".strip()
    return Asked(f"On which {what} {said}?", match[3] or match[2], "date")


def ask_room(sentence: str) -> Asked | None:
    """Return the question for a room.

    >>> ask_room("the lab is held in room C 0.07.").answer
    'C 0.07'
    """
    clause = split_at(sentence, _BE)
    match = clause and re.fullmatch(r"(.*?)\bin room ([A-Z]? ?\d[\d.]*)", clause.rest)
    if not clause or not match or re.search(r"\d", match[1]):
        return None
    said = f"{clause.verb} {clause.subject} {match[1]}".strip()
    return Asked(f"In which room {said}?", match[2], "name")


def ask_size(sentence: str) -> Asked | None:
    """Return the question for a length, an age and the like.

    >>> ask_size("the tunnel of the line is 840 metres long.").question
    'How long is the tunnel of the line?'
    """
    clause = split_at(sentence, _BE)
    match = clause and re.fullmatch(rf"({NUMBER} [a-z]+(?: [a-z]+)?) ([a-z]+)", clause.rest)
    if not clause or not match or match[2] not in MEASURED:
        return None
    return Asked(
        f"How {match[2]} {clause.verb} {clause.subject}?",
        match[1],
        "number",
        f"Why {clause.verb} {clause.subject} {{}} {match[2]}?",
    )


def ask_count(sentence: str) -> Asked | None:
    """Return the question for how many there are of something.

    >>> ask_count("a drell contains 42 pennings.").question
    'How many pennings does a drell contain?'
    """
    clause = split_at(sentence, "|".join(BASES))
    match = clause and re.fullmatch(_COUNTED, clause.rest)
    if not clause or not match:
        return None
    support = "did" if clause.verb in PAST else "do" if clause.verb in PLURAL else "does"
    return _counted(match, f"{support} {clause.subject} {BASES[clause.verb]}")


def ask_allowed(sentence: str) -> Asked | None:
    """Return the question for how many there may or must be of something.

    >>> ask_allowed("every student may miss 2 sessions without a note.").question
    'How many sessions may every student miss without a note?'
    """
    clause = split_at(sentence, _MODAL)
    match = clause and re.fullmatch(rf"([a-z]+) {_COUNTED}", clause.rest)
    if not clause or not match or clause.verb == "cannot":
        return None
    numbered = re.fullmatch(_COUNTED, clause.rest[len(match[1]) + 1 :])
    return numbered and _counted(numbered, f"{clause.verb} {clause.subject} {match[1]}")


def ask_divided(sentence: str) -> Asked | None:
    """Return the question for the number after a preposition.

    >>> ask_divided("the drell was divided into 42 pennings.").question
    'Into how many pennings was the drell divided?'
    """
    clause = split_at(sentence, _BE)
    match = clause and re.fullmatch(
        rf"([a-z]+(?:ed|en|ilt|ade)) (into|with|by|from|for|after|on) {_COUNTED}", clause.rest
    )
    if not clause or not match or match[5].strip():
        return None
    turned = f"{clause.verb} {clause.subject} {match[1]}"
    return Asked(
        f"{match[2].capitalize()} how many {match[4]} {turned}?",
        match[3],
        "number",
        f"Why {turned} {match[2]} {{}} {match[4]}?",
    )


def _counted(match: re.Match[str], turned: str) -> Asked | None:
    """Return the question for a number, once subject and verb are turned around."""
    number, noun, rest = match[1], match[2], match[3]
    if re.search(r"\d| and ", rest) or _STOP.search(f" {noun}"):
        return None
    if re.fullmatch(YEAR, number) and not noun.endswith("years"):
        return None
    return Asked(
        f"How many {noun} {turned}{rest}?", number, "number", f"Why {turned} {{}} {noun}{rest}?"
    )
