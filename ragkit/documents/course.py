"""What a document's place in a course says of it: week, lecture, date, kind.

It reads names of folders and files, a title and the first lines; it never guesses: a number counts
only where its word stands beside it, a date only where day, month and year are sure.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice, pairwise
from pathlib import PurePosixPath

_WEEK = "weeks?|wk|woche|semaine|semana|settimana|vecka|viikko|uke|uge|tydzień|týden|hafta|неделя"
_LECTURE = (
    "lectures?|lect?|vorlesung|vl|lesson|session|class|cours|leçon|séance|clase|sesión|lezione"
    "|hoorcollege|föreläsning|forelesning|wykład|přednáška|лекция|занятие"
)
_SEMESTER = "semester|sem|semestre"
_NUMBER = r"(\d{1,2})(?!\d|[ -]?(?:hours?|hrs?|minutes?|min|days?|weeks?|pages?)\b)"
_ROMAN = {numeral: str(n) for n, numeral in enumerate("i ii iii iv v vi vii viii ix x".split(), 1)}
_IDEOGRAPHIC = {numeral: str(n) for n, numeral in enumerate("一二三四五六七八九十", 1)}
_ORDINAL = r"(?<![\w.])(\d{1,2})(?:\.|st|nd|rd|th|[ªºе]|ème|[- ]?[яй])[ ]?(?:%s)(?!\w)"
_WORDED = r"(?<![^\W_])(?:%s)(?:[ .:_#-]|nr|no){0,4}" + _NUMBER
_LETTERED_WEEK = re.compile(r"(?:^w|(?<![^\W_])W)(\d{1,2})(?![^\W_]|\.\d)")
_LETTERED_LECTURE = re.compile(r"(?:^[Ll](\d{1,2})|(?<![^\W_])L(\d\d))(?![^\W_]|\.\d)")
_CHINESE = r"第[ ]?(\d{1,2}|[一二三四五六七八九十])[ ]?[%s]"
# L2 is a norm more often than the second lecture; W24 is a winter term.
_NO_LECTURE = re.compile(r"(?i)[\W_]*(?:norm|reg|loss|dist|penal|cach|error|ball|space|learner|\d)")
_LAST_LETTERED_WEEK = 20
_NUMBERED_FILE = re.compile(r"^(\d{1,2})(?:[_.)-]|$)|^(0\d) ")
_FOLDERS = {
    "week": re.compile(r"(?i)^(?:weeks|wochen|semaines|semanas|settimane)$"),
    "lecture": re.compile(r"(?i)^(?:lectures|vorlesungen|lessons|sessions|classes|lezioni)$"),
}
_KINDS = {
    "slides": "slides?|folien|deck|presentation|diapositives|diapositivas|презентация|слайды",
    "notes": "notes?|lecturenotes|skript|notizen|mitschrift|apuntes|appunti|konspekt|конспект",
    "transcript": "transcripts?|captions|subtitles|untertitel",
    "syllabus": "syllabus|syllabi|curriculum|modulhandbuch|temario|программа",
    "exam": "exams?|midterm|finals|klausur(?:en)?|prüfung(?:en)?|altklausur|examen|esame|экзамен",
    "quiz": "quiz|quizzes",
    "solution": "solutions?|lösung(?:en)?|musterlösung|soluciones|soluzioni|corrigé|решения?",
    "assignment": "assignments?|homeworks?|hw|pset|problem[ ]?sets?|coursework|hausaufgaben?"
    "|devoirs?|tareas?|compiti|задани[ея]",
    "exercise": "exercises?|übung(?:en)?|übungsblatt|uebung(?:en)?|worksheets?|exercices?"
    "|ejercicios?|esercizi|ćwiczenia|упражнени[ея]",
    "lab": "labs?|practicals?|praktikum",
    "tutorial": "tutorials?|tutorium|recitations?",
    "lecture": "lectures?|vorlesung(?:en)?|lezion[ei]|лекци[яи]",
}
_KIND = re.compile(
    r"(?i)(?<![^\W_])(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _KINDS.items())
    + r")(?=\d|[\W_]|$)"
)
_OF_A_LECTURE = frozenset({"slides", "notes", "transcript"})

_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "january januar janvier enero gennaio jan", "february februar février febrero feb",
            "march märz maerz mars marzo mar mär", "april avril abril aprile apr",
            "may mai mayo maggio", "june juni juin junio giugno jun",
            "july juli juillet julio luglio jul", "august août agosto aug",
            "september septembre septiembre settembre sept sep",
            "october oktober octobre octubre ottobre oct okt",
            "november novembre noviembre nov",
            "december dezember décembre diciembre dicembre dec dez",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_ORDER = r"(?:\.|st|nd|rd|th)?"
_DATES = tuple(
    re.compile(rf"(?i)(?<![^\W_])(?<!\.){pattern}(?![^\W_])(?!\.\d)")
    for pattern in (
        rf"{_YEAR}(?P<s>[-_./ ])(?P<m>\d\d?)(?P=s)(?P<d>\d\d?)",
        rf"{_YEAR}(?P<m>\d\d)(?P<d>\d\d)(?:T?[ _-]?\d{{4,6}})?",
        rf"(?P<d>\d\d?)\.[ ]?(?P<m>\d\d?)\.[ ]?{_YEAR}",
        rf"(?P<a>\d\d?)(?P<s>[-_/])(?P<b>\d\d?)(?P=s){_YEAR}",
        rf"(?P<d>\d\d?){_ORDER}[ _-]?(?:of |de )?(?P<n>{_MONTH})\.?(?:[ _-]|, ?| de )?{_YEAR}",
        rf"(?P<n>{_MONTH})\.?[ _-]?(?P<d>\d\d?){_ORDER}(?:[ _-]|, ?){_YEAR}",
        rf"{_YEAR}[ _-]?(?P<n>{_MONTH})[ _-]?(?P<d>\d\d?)",
    )
)
_DATE_WORDS = re.compile(
    r"(?i)\b(?:date|datum|fecha|last (?:updated?|modified)|stand|(?:mon|tues|wednes|thurs|fri|satur"
    r"|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|lundi|mardi|mercredi|jeudi"
    r"|vendredi|lunes|martes|miércoles|jueves|viernes|mon|tue|wed|thu|fri|sat|sun)\b"
)
_CAMEL = re.compile(r"(?<=[a-zäöüé0-9])(?=[A-ZÄÖÜ][a-zäöüé])")
_TITLE_NUMBER = r"(?<![^\W_])(?:%s)\s+#?(\d{1,2}|[IVX]{1,4})(?=\s*(?:[:.,;|)\]–—-](?!\d)|$))"
_LONGEST_LINE = 100
_FIRST_LINES = 8


def find_course_facts(
    name: str, *, title: str = "", first_lines: Iterable[str] = ()
) -> dict[str, str]:
    """Return what a document's names say: `week`, `lecture`, `semester`, `date`, `kind`.

    A file name outweighs the folders that it lies in (the nearest first), and those the text.

    Args:
        name: Posix path relative to the corpus.
        title: Of the document.
        first_lines: The blocks at its beginning; a date or number counts if it is the whole line,
            or a number if it begins the line as a title does.

    >>> find_course_facts("Week 03/2024-10-14_lecture5-transformers.pdf")
    {'week': '3', 'lecture': '5', 'date': '2024-10-14', 'kind': 'lecture'}
    >>> find_course_facts("weekly-notes/L2-norm.pdf")
    {'kind': 'notes'}
    >>> find_course_facts("x.pdf", title="Introduction to Optics, Lecture IV: Lenses")
    {'lecture': '4'}
    """
    found: dict[str, str] = {}
    path = PurePosixPath(name)
    for part, parent in pairwise([path.stem, *reversed(path.parts[:-1]), ""]):
        for fact, value in _facts_of_name(part, parent):
            found.setdefault(fact, value)
    for fact, value in (*_facts_of_title(title), *_facts_of_lines(first_lines)):
        found.setdefault(fact, value)
    order = ("week", "lecture", "semester", "date", "kind")
    return {fact: found[fact] for fact in order if fact in found}


def find_date(text: str) -> str:
    """Return the first date of a text in ISO form; "" without one, or where it may be another.

    >>> find_date("exam 14.10.2024"), find_date("Oct 14, 2024"), find_date("20241014")
    ('2024-10-14', '2024-10-14', '2024-10-14')
    >>> find_date("03-04-2024"), find_date("arXiv 2004.04906"), find_date("2024-13-40")
    ('', '', '')
    """
    return _split_date(text)[0]


def _split_date(text: str) -> tuple[str, str]:
    """Return the date of a text, and the text without anything that is written like a date."""
    found: list[tuple[int, str]] = []
    for pattern in _DATES:
        days = ((match.start(), _day(match.groupdict())) for match in pattern.finditer(text))
        found += [(place, day) for place, day in days if day]
        text = pattern.sub(lambda match: "\0" * len(match[0]), text)
    return (min(found)[1] if found else ""), text.replace("\0", " ")


def _day(parts: dict[str, str]) -> str:
    year = int(parts["y"])
    if "a" in parts:  # day or month first: sure only if one of them can be no month
        first, second = int(parts["a"]), int(parts["b"])
        if first <= 12 and second <= 12 and first != second:
            return ""
        month, day = (first, second) if second > 12 else (second, first)
    else:
        month = _MONTHS[parts["n"].lower()] if "n" in parts else int(parts["m"])
        day = int(parts["d"])
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _facts_of_name(part: str, parent: str) -> Iterator[tuple[str, str]]:
    """Yield what the name of a folder or file says, given the name of the folder that it is in."""
    day, rest = _split_date(_CAMEL.sub(" ", part))
    if day:
        yield "date", day
    rest = rest.strip()
    numbers = {
        "week": _week_number(rest) or _place_in_folder(rest, parent, "week"),
        "lecture": _lecture_number(rest) or _place_in_folder(rest, parent, "lecture"),
        "semester": _worded_number(rest, _SEMESTER),
    }
    yield from ((fact, number) for fact, number in numbers.items() if number)
    kinds = [str(match.lastgroup) for match in _KIND.finditer(rest)]
    if numbers["lecture"]:
        kinds = [kind for kind in kinds if kind in _OF_A_LECTURE] or ["lecture"]
    if kinds:
        yield "kind", kinds[-1]  # "exam review slides" are slides


def _week_number(text: str) -> str:
    if number := _worded_number(text, _WEEK) or _chinese_number(text, "周週"):
        return number
    lettered = _LETTERED_WEEK.search(text)
    return str(int(lettered[1])) if lettered and int(lettered[1]) <= _LAST_LETTERED_WEEK else ""


def _lecture_number(text: str) -> str:
    if number := _worded_number(text, _LECTURE) or _chinese_number(text, "讲講课課回"):
        return number
    lettered = _LETTERED_LECTURE.search(text)
    if lettered and not _NO_LECTURE.match(text[lettered.end() :]):
        return str(int(lettered[1] or lettered[2]))
    return ""


def _worded_number(text: str, words: str) -> str:
    match = re.search(f"(?i){_WORDED % words}", text) or re.search(f"(?i){_ORDINAL % words}", text)
    return str(int(match[1])) if match else ""


def _chinese_number(text: str, words: str) -> str:
    match = re.search(_CHINESE % words, text)
    return _IDEOGRAPHIC.get(match[1]) or str(int(match[1])) if match else ""


def _place_in_folder(text: str, parent: str, fact: str) -> str:
    """Return the number that a name begins with, in a folder such as "lectures"."""
    match = _NUMBERED_FILE.match(text) if _FOLDERS[fact].match(parent.strip()) else None
    return str(int(match[1] or match[2])) if match else ""


def _facts_of_title(title: str) -> Iterator[tuple[str, str]]:
    if len(title) <= _LONGEST_LINE:
        for fact, words in (("week", _WEEK), ("lecture", _LECTURE)):
            if match := re.search(f"(?i){_TITLE_NUMBER % words}", title):
                yield from _title_number(fact, match)


def _facts_of_lines(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what single lines near the top say, unless they say several: a plan of the course."""
    values: dict[str, set[str]] = {"week": set(), "lecture": set(), "date": set()}
    for line in islice(lines, _FIRST_LINES):
        if len(line) > _LONGEST_LINE:
            continue
        day, rest = _split_date(line)
        if day and not re.search(r"[^\W_]", _DATE_WORDS.sub("", rest)):
            values["date"].add(day)
        for fact, words in (("week", _WEEK), ("lecture", _LECTURE)):
            if match := re.match(f"(?i){_TITLE_NUMBER % words}", rest.strip()):
                values[fact] |= {value for _, value in _title_number(fact, match)}
    yield from ((fact, one) for fact, (one, *more) in _filled(values) if not more)


def _filled(values: dict[str, set[str]]) -> Iterator[tuple[str, set[str]]]:
    return ((fact, found) for fact, found in values.items() if found)


def _title_number(fact: str, match: re.Match[str]) -> Iterator[tuple[str, str]]:
    number = _ROMAN.get(match[1].lower(), match[1])
    if number.isdecimal():
        yield fact, str(int(number))
