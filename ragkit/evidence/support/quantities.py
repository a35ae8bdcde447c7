"""Numbers and dates of a text in one form each: 5 % = 5 percent, 3 March 2026 = 2026-03-03.

A number is compared with its unit and with the words that it stands among, for most passages hold
several. What is a year, a page or a version is not told apart.
"""

import re
from typing import NamedTuple

from ragkit.evidence.support.normal import even_out
from ragkit.words import STOP_WORDS, stem, words_of

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
)
NUMBER_WORDS = {word: value for value, word in enumerate(_SMALL.split())} | {
    word: 10 * value
    for value, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), start=3)
}
_ORDINALS = dict(
    zip(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(),
        range(1, 11),
        strict=True,
    )
)
_MAGNITUDES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_SUFFIXES = {"k": 3, "K": 3, "M": 6, "B": 9, "T": 12}
UNITS = {
    alias: unit
    for unit, aliases in {
        "%": "% percent percentage",
        "ms": "ms millisecond milliseconds",
        "s": "s sec secs second seconds",
        "min": "min mins minute minutes",
        "h": "h hr hrs hour hours",
        "day": "day days",
        "week": "week weeks",
        "month": "month months",
        "year": "year years",
        "kb": "kb kilobyte kilobytes",
        "mb": "mb megabyte megabytes",
        "gb": "gb gigabyte gigabytes",
        "tb": "tb terabyte terabytes",
        "mm": "mm millimetre millimetres millimeter millimeters",
        "cm": "cm centimetre centimetres centimeter centimeters",
        "m": "m metre metres meter meters",
        "km": "km kilometre kilometres kilometer kilometers",
        "kg": "kg kilogram kilograms",
        "$": "$ dollar dollars usd",
        "€": "€ euro euros eur",
    }.items()
    for alias in aliases.split()
}
"""Which unit a word names."""
UNIT_STEMS = frozenset(stem(alias) for alias in UNITS)
"""Stems of the words for units, which are compared with their numbers."""
_MONTHS = {
    name: number
    for number, names in enumerate(
        "january:jan february:feb march:mar april:apr may june:jun july:jul august:aug"
        " september:sep:sept october:oct november:nov december:dec".split(),
        start=1,
    )
    for name in names.split(":")
}

_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1[0-9]|20|21)\d\d)\b"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)\b",
        rf"\b(?P<day>\d{{1,2}})[./](?P<month>\d{{1,2}})[./]{_YEAR}",
        rf"\b{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?",
        rf"\b{_MONTH} (?:the )?{_DAY}\b(?!:)(?:,? {_YEAR})?",
        rf"\b{_MONTH},? {_YEAR}",
    )
)
_NUMBER = re.compile(
    r"(?<![\w.])(?P<sign>[$€] ?)?(?P<figures>\d+(?:[.,]\d+)*)(?:(?P<suffix>[kKMBT])\b|"
    r"(?P<ordinal>st|nd|rd|th)\b)?(?P<rest>"
    r"(?:[ -]?(?:hundred|thousand|million|billion|trillion)\b)?(?: ?-? ?(?:%|[A-Za-z]+))?)"
)
_WORD_NUMBER = re.compile(
    r"\b(?P<tens>twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)?[ -]?"
    r"\b(?P<word>" + "|".join((*NUMBER_WORDS, *_ORDINALS)) + r")\b"
    r"(?P<rest>(?:[ -](?:hundred|thousand|million|billion|trillion)\b)?(?:[ -][A-Za-z]+)?)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d)\s*(?:-|to)\s*(?=\d)")
_AFTER_WORD = re.compile(r"[ -]*([\w']+)")
_STOPS = re.compile(r"[.;](?=\s)|[()]")
_PAUSES = re.compile(r"[.;,:](?=\s|$)|[()]")
_NEAR_CHARACTERS = 60


class Date(NamedTuple):
    """A date, as far as a text gives it; None for what it leaves out."""

    year: int | None
    month: int | None
    day: int | None


class Quantity(NamedTuple):
    """A number with its unit (empty for none) and the stems of the words around it, in order."""

    value: str
    unit: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class Quantities(NamedTuple):
    """The numbers and dates of a text, and the text without its dates."""

    numbers: tuple[Quantity, ...]
    dates: tuple[Date, ...]
    rest: str


def read_quantities(text: str) -> Quantities:
    """Return the numbers and dates of a text.

    >>> read_quantities("Due on March 3rd, 2026.").dates == read_quantities("2026-03-03").dates
    True
    >>> [(n.value, n.unit) for n in read_quantities("5 percent of 3 million; forty-two GB").numbers]
    [('5', '%'), ('3000000', ''), ('42', 'gb')]
    """
    plain = even_out(text)
    dates: list[Date] = []
    for pattern in _DATES:
        plain = pattern.sub(lambda match: _take_date(match, dates), plain)
    plain = _RANGE.sub(r"\1 - ", plain)
    numbers = [_quantity(match, plain) for match in _NUMBER.finditer(plain)]
    spelled = (match for match in _WORD_NUMBER.finditer(plain) if not _is_pronoun(match, plain))
    numbers += [_quantity(match, plain) for match in spelled]
    return Quantities(tuple(numbers), tuple(dates), plain)


def _take_date(match: re.Match[str], dates: list[Date]) -> str:
    parts = match.groupdict()
    month = parts["month"].lower()
    number = int(month) if month.isdigit() else _MONTHS[month]
    day, year = parts.get("day"), parts.get("year")
    if (day and not 1 <= int(day) <= 31) or not 1 <= number <= 12:
        return match.group()
    if month == "may" and match["month"] != "May":
        return match.group()
    dates.append(Date(int(year) if year else None, number, int(day) if day else None))
    return " "


def _is_pronoun(match: re.Match[str], text: str) -> bool:
    """Say whether "one" stands for a thing, or "first" only orders sentences."""
    end = match.end("word")
    if match["word"].lower() in _ORDINALS:
        return text[end : end + 1] == ","
    following = _AFTER_WORD.match(text, end)
    counted = following and following[1] not in STOP_WORDS and not following[1].endswith("n't")
    return match["word"].lower() == "one" and not counted


def _quantity(match: re.Match[str], text: str) -> Quantity:
    parts = match.groupdict()
    rest = parts["rest"].replace("-", " ").split()
    power = _MAGNITUDES.get(rest[0].lower(), 0) if rest else 0
    following = rest[1:] if power else rest
    power += _SUFFIXES.get(parts.get("suffix") or "", 0)
    figures = parts.get("figures")
    value = _plain(figures) if figures else _spelled(parts)
    mark = "." if parts.get("ordinal") or (parts.get("word") or "").lower() in _ORDINALS else ""
    sign = (parts.get("sign") or "").strip()
    unit = sign or (UNITS.get(following[0].lower(), "") if following else "")
    lead = text[max(0, match.start() - _NEAR_CHARACTERS) : match.start()]
    end = match.start("rest")
    before = _stems_near(_STOPS.split(lead)[-1])[-4:]
    after = _stems_near(_PAUSES.split(text[end : end + _NEAR_CHARACTERS])[0])[:4]
    return Quantity(_scaled(value, power) + mark, unit, before, after)


def _spelled(parts: dict[str, str]) -> str:
    word = parts["word"].lower()
    value = NUMBER_WORDS.get(word, _ORDINALS.get(word, 0))
    return str(value + (NUMBER_WORDS[parts["tens"].lower()] if parts["tens"] else 0))


def _plain(figures: str) -> str:
    """Return figures without separators and needless zeros.

    >>> _plain("40,000"), _plain("0.10"), _plain("007"), _plain("1,5")
    ('40000', '0.1', '7', '1.5')
    """
    plain = re.sub(r",(?=\d{3}(?:\D|$))", "", figures).replace(",", ".")
    whole, point, rest = plain.partition(".")
    return (whole.lstrip("0") or "0") + (point + rest).rstrip("0").rstrip(".")


def _scaled(value: str, power: int) -> str:
    """Return a number times ten to a power, without rounding.

    >>> _scaled("1.5", 9), _scaled("3", 6)
    ('1500000000', '3000000')
    """
    if not power or value.count(".") > 1:
        return value
    whole, _, rest = value.partition(".")
    moved = whole + rest[:power].ljust(power, "0")
    return _plain(moved + ("." + rest[power:] if rest[power:] else ""))


def _stems_near(text: str) -> tuple[str, ...]:
    skipped = STOP_WORDS | _MAGNITUDES.keys() | UNITS.keys()
    words = [word for word in words_of(text) if word not in skipped]
    return tuple(stem(word) for word in words if any(c.isalpha() for c in word))


def backs_dates(held: Quantities, wanted: Quantities) -> bool:
    """Say whether a text gives all the dates of another, as exactly.

    >>> syllabus = read_quantities("Exam: Wednesday 14 January 2026, 09:00")
    >>> backs_dates(syllabus, read_quantities("It is on January 14th"))
    True
    >>> backs_dates(syllabus, read_quantities("It is on 15 January 2026"))
    False
    """
    years = {number.value for number in held.numbers} | {str(date.year) for date in held.dates}
    return all(any(_agrees(own, date, years) for own in held.dates) for date in wanted.dates)


def _agrees(held: Date, wanted: Date, years: set[str]) -> bool:
    same_year = wanted.year in (None, held.year) or (
        held.year is None and str(wanted.year) in years
    )
    return same_year and wanted.month == held.month and wanted.day in (None, held.day)


def backs_numbers(held: Quantities, wanted: Quantities, stems: frozenset[str]) -> bool:
    """Say whether a text gives all the numbers of another, in the same unit and for the same thing.

    Args:
        held: Of the text that should back.
        wanted: Of the claim.
        stems: Of all words of the text that should back.

    >>> def backs(source, claim):
    ...     stems = frozenset(stem(word) for word in words_of(source))
    ...     return backs_numbers(read_quantities(source), read_quantities(claim), stems)
    >>> source = "It has 1,260 passages and 50 questions, and took 5 minutes."
    >>> backs(source, "The 1260 passages"), backs(source, "50 passages"), backs(source, "5 hours")
    (True, False, False)
    """
    dated = {str(part) for date in held.dates for part in date if part is not None}
    return all(
        (number.value in dated and not number.unit)
        or any(_same(own, number, stems) for own in held.numbers)
        for number in wanted.numbers
    )


def _same(held: Quantity, wanted: Quantity, stems: frozenset[str]) -> bool:
    if held.value.rstrip(".") != wanted.value.rstrip("."):
        return False
    if wanted.unit and held.unit and wanted.unit != held.unit:
        return False
    following = [word for word in wanted.after[:1] if word in stems]
    if following and held.after:
        return following[0] in held.after
    near = {word for word in wanted.before[-2:] if word in stems}
    return not near or bool(near & {*held.before, *held.after})
