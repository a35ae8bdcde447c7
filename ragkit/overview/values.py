"""The values that a text states: days, weekdays, times, rooms, and amounts of something."""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from ragkit.overview.dates import find_days
from ragkit.words import STOP_WORDS, stem

ValueKind = Literal["day", "weekday", "time", "room", "amount"]

_WEEKDAY = re.compile(r"(?i)\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b")
_TIME = re.compile(
    r"(?i)(?<![\d.,:])(\d{1,2})[:.]([0-5]\d)(?:\s?(am|pm)\b)?(?![\d:])|\b(noon|midnight)\b"
    r"|(?<![\d.,])(\d{1,2})\s?(am|pm)\b"
)
_ROOM = re.compile(
    r"\b(?:[Rr]oom|[Hh]all|[Ll]ab|[Bb]uilding|[Aa]uditorium)\s+"
    r"([A-Z]{0,3}[ -]?\d[\w.-]*\w|[A-Z]\d?)\b"
)
_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        " fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
}
_AMOUNT = re.compile(
    r"(?<![\w.,:/=-])(?P<number>\d+(?:[.,]\d+)*|" + "|".join(_NUMBER_WORDS) + r")"
    r"(?P<unit>\s?%|\s?(?:percent|per cent|percentage points|million|billion|thousand|[KMB])\b)?"
    r"(?![\w:-])(?!\.\d)",
    re.IGNORECASE,
)
NUMBERED = (
    "assignment|homework|lab|week|lecture|exercise|chapter|section|part|figure|table|group|room|quiz"
    "|exam|project|question|task|phase|model|version|level|step|unit|module|problem|sheet|slide|page"
    "|equation|type|top"
)
"""Nouns that a number only tells apart: in "lab 2" nothing is counted."""
_MEASURES = {
    "data": "byte bytes kb mb gb tb pb kilobytes megabytes gigabytes terabytes",
    "time": "second seconds minute minutes hour hours day days week weeks month months year years",
    "length": "mm cm m km metre metres meter meters kilometre kilometres kilometer kilometers mile",
    "weight": "g kg gram grams kilogram kilograms tonne tonnes",
}
_MEASURE_OF = {stem(unit): name for name, units in _MEASURES.items() for unit in units.split()}
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


class Value(NamedTuple):
    """A value in a text."""

    kind: ValueKind
    key: str
    """Equal for the same value in other writing; for an amount with its scale, such as "65 m"."""
    text: str
    start: int
    end: int


def find_values(text: str) -> tuple[Value, ...]:
    """Return the values that a text states, in order; a number that is part of another is none.

    >>> [(v.kind, v.key) for v in find_values("Exam: Friday 24 October 2025, 09:00, Room B 2.14")]
    [('weekday', 'fri'), ('day', '2025-10-24'), ('time', '9:00'), ('room', 'b2.14')]
    >>> [(v.kind, v.key) for v in find_values("The six layers have 65 million weights, 10% each")]
    [('amount', '6'), ('amount', '65 million'), ('amount', '10 %')]
    """
    found = [
        Value("day", day.iso, text[day.start : day.end], day.start, day.end)
        for day in find_days(text)
    ]
    for kind, pattern in (("room", _ROOM), ("time", _TIME), ("weekday", _WEEKDAY)):
        for match in pattern.finditer(text):
            _add(found, Value(kind, _key_of(kind, match), match[0], *match.span()))  # type: ignore[arg-type]
    for match in _AMOUNT.finditer(text):
        _add(found, Value("amount", amount_key(match), match[0], *match.span()))
    return tuple(sorted(found, key=lambda value: value.start))


def _add(found: list[Value], value: Value) -> None:
    if all(value.end <= other.start or other.end <= value.start for other in found):
        found.append(value)


def _key_of(kind: str, match: re.Match[str]) -> str:
    if kind == "weekday":
        return match[1].lower()[:3]
    if kind == "room":
        return re.sub(r"[\s-]", "", match[1]).lower()
    if match[4]:
        return "12:00" if match[4].lower() == "noon" else "0:00"
    hour, half = int(match[1] or match[5]), (match[3] or match[6] or "").lower()
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    return f"{hour}:{match[2] or '00'}"


def amount_key(match: re.Match[str]) -> str:
    """Return a number as digits, with its scale or percent sign."""
    number = _NUMBER_WORDS.get(match["number"].lower(), match["number"])
    plain = re.sub(r",(?=\d{3}\b)", "", number).replace(",", ".")
    whole, point, rest = plain.partition(".")
    digits = (whole.lstrip("0") or "0") + (point + rest).rstrip("0").rstrip(".")
    unit = (match["unit"] or "").strip().lower()
    unit = {"percent": "%", "per cent": "%", "k": "thousand", "m": "million", "b": "billion"}.get(
        unit, unit
    )
    return f"{digits} {unit}".strip()


def counted_phrase(text: str, value: Value) -> tuple[str, ...]:
    """Return the stems of the words right behind an amount, the last of which is what it counts.

    >>> text = "It has six encoder layers and 8 heads."
    >>> [counted_phrase(text, value) for value in find_values(text)]
    [('encod', 'layer'), ('head',)]
    >>> counted_phrase("a BLEU of 28.4 reported", find_values("a BLEU of 28.4 reported")[0])
    ()
    """
    phrase: list[str] = []
    for match in re.finditer(r"\S+", text[value.end : value.end + 60]):
        bare = _WORD.match(match[0])
        if not bare or bare[0].lower() in STOP_WORDS or not _is_noun_like(bare[0]):
            break
        phrase.append(stem(bare[0]))
        if match[0] != bare[0]:  # a mark ends the phrase
            break
    return tuple(phrase[:3])


def measures_of(stems: Iterable[str]) -> frozenset[str]:
    """Return what the units among some stems measure: a size in GB may contradict one in TB.

    >>> sorted(measures_of([stem("minutes"), "tb", stem("layers")]))
    ['data', 'time']
    """
    return frozenset(_MEASURE_OF[one] for one in stems if one in _MEASURE_OF)


def named_before(text: str, value: Value) -> str:
    """Return the stem of the word that a value is given to: "BLEU 28.4", "a BLEU score of 28.4".

    >>> text = "a dropout rate of 0.1"
    >>> named_before(text, find_values(text)[0])
    'rate'
    """
    before = re.sub(
        r"(?i)[\s=:]*(?:\b(?:of|is|was|are|were|at|to|only|about)\s*)*$", "", text[: value.start]
    )
    match = re.search(r"([^\W\d_][\w'’-]*)$", before)
    return stem(match[1]) if match and match[1].lower() not in STOP_WORDS else ""


def _is_noun_like(word: str) -> bool:
    """Say whether a word may go on a phrase of nouns: no verb form by its ending.

    >>> _is_noun_like("layers"), _is_noun_like("reported")
    (True, False)
    """
    return not word.endswith(("ed", "ing", "ly"))
