"""Which days a text names, a year left out or not, and how a reader writes them.

It knows days, not events; "next Friday" is no day, for a document is not read when it was written.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_SHORT = {name[:3]: number for number, name in enumerate(_MONTHS, start=1)} | {"sept": 9}
_MONTH = "|".join([*_MONTHS, *(name[:3] for name in _MONTHS if name != "may"), "sept"])
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_UNTIL = r"(?:\s?(?:to|until|-|–|—|and|/)\s?\d{1,2}(?:st|nd|rd|th)?)?"
_FORMS = tuple(
    re.compile(rf"(?i)(?<![\w./-]){form}(?![\w/-])(?!\.\d)")
    for form in (
        rf"{_YEAR}-(?P<m>\d\d)-(?P<d>\d\d)",
        rf"(?P<d>\d\d?)\. ?(?P<m>\d\d?)\. ?{_YEAR}",
        rf"{_DAY}\.?{_UNTIL}\.?\s(?:of\s)?(?P<n>{_MONTH})\b\.?(?:,?\s{_YEAR})?",
        rf"(?P<n>{_MONTH})\.?\s{_DAY}{_UNTIL}(?:,?\s{_YEAR})?",
    )
)
_WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()


class Day(NamedTuple):
    """A day that a text names, and where."""

    iso: str
    """As "2025-10-24", or "--10-24" without a year, as in ISO 8601:2000."""
    start: int
    end: int


def find_days(text: str) -> tuple[Day, ...]:
    """Return the days that a text names, in order; of a range its first.

    >>> [day.iso for day in find_days("Due Friday 24 October 2025, 23:59; resit 3rd of March")]
    ['2025-10-24', '--03-03']
    >>> [day.iso for day in find_days("27 to 31 October 2025, Oct. 3, 2024-02-29, 1.5.2024")]
    ['2025-10-27', '--10-03', '2024-02-29', '2024-05-01']
    >>> find_days("may 2 of 40 models, version 3.10.2, 31 February")
    ()
    """
    found: dict[int, Day] = {}
    for form in _FORMS:
        for match in form.finditer(text):
            iso = _iso_of(match)
            taken = any(
                day.start < match.end() and match.start() < day.end for day in found.values()
            )
            if iso and not taken:
                found[match.start()] = Day(iso, match.start(), match.end())
    return tuple(found[start] for start in sorted(found))


def _iso_of(match: re.Match[str]) -> str:
    parts = match.groupdict()
    name = (parts.get("n") or "").lower()
    if name == "may" and not parts.get("y") and match[0][-3:] != "May" and "May" not in match[0]:
        return ""  # "may 2" is a verb more often than a day
    month = _SHORT[name if name == "sept" else name[:3]] if name else int(parts["m"])
    year = parts.get("y")
    try:
        day = date(int(year or 2000), month, int(parts["d"]))
    except ValueError:
        return ""
    return day.isoformat() if year else f"-{day.isoformat()[4:]}"


def complete(iso: str, known: Iterable[str]) -> str:
    """Return a day with the year in which it lies closest to days whose year is known.

    >>> complete("--01-14", ["2025-09-09", "2025-11-25"]), complete("--01-14", [])
    ('2026-01-14', '--01-14')
    """
    days = sorted(date.fromisoformat(day) for day in known if not day.startswith("-"))
    if not iso.startswith("-") or not days:
        return iso
    middle = days[len(days) // 2]
    candidates = []
    for year in (middle.year - 1, middle.year, middle.year + 1):
        try:
            candidates.append(date.fromisoformat(f"{year}{iso[1:]}"))
        except ValueError:  # 29 February
            continue
    return min(candidates, key=lambda day: abs(day - middle)).isoformat() if candidates else iso


def day_text(iso: str) -> str:
    """Return a day as a reader writes it.

    >>> day_text("2025-10-24"), day_text("--03-03")
    ('Fri 24 October 2025', '3 March')
    """
    if iso.startswith("-"):
        month, day = iso[2:].split("-")
        return f"{int(day)} {_MONTHS[int(month) - 1].title()}"
    day_of = date.fromisoformat(iso)
    weekday = _WEEKDAYS[day_of.weekday()]
    return f"{weekday} {day_of.day} {_MONTHS[day_of.month - 1].title()} {day_of.year}"
