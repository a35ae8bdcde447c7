"""Everything of a course that has a date, in the order of days, each in its document's own words.

A sentence or row counts if it names a day and stands among dates and deadlines, or says that
something is due, held or handed in. Days of a bibliography or of history do not.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from ragkit.chunking import split_sentences
from ragkit.overview.answering import Line
from ragkit.overview.dates import complete, day_text, find_days
from ragkit.overview.requests import DatesRequest
from ragkit.protocols import Index
from ragkit.records import Chunk, DocumentFilter, StoredDocument
from ragkit.words import stem, words_of

PASSAGES = 1000
"""Chunks that are looked through for days: those that a search for months and deadlines finds."""
MOST_LINES = 40
_QUERY = (
    "due deadline deadlines exam examination date dates submit submission hand in monday tuesday"
    " wednesday thursday friday saturday sunday january february march april may june july august"
    " september october november december"
)
_DUE = re.compile(
    r"(?i)\b(?:due|deadline|submit(?:ted)?|submission|hand(?:ed)?[ -]?in|turn in|no later than)\b"
)
_BY = re.compile(r"(?i)\b(?:by|until|before)(?: the)?(?: \w+day,?)? $")
_COURSEWORK = re.compile(
    r"(?i)\b(?:assignments?|homeworks?|problem set|exam(?:ination)?|mid-?term|quiz|re-?sit"
    r"|project (?:report|proposal|presentation)s?)\b"
)
_SUBMITTED = re.compile(
    r"(?i)\b(?:report|proposal|final|test|presentations?|essay|project|paper|thesis)\b"
)
_MOST_WORDS = 25
"""Coursework beside a day is due on it where the sentence is no longer than this."""
_HELD = re.compile(
    r"(?i)\b(?:lectures?|labs?|class(?:es)?|semester|term|reading week|holidays?|break|begins?"
    r"|starts?|ends?|takes? place|held|session|registration|office hours|first|last)\b"
)
_HEADING = re.compile(
    r"(?i)\b(?:dates?|deadlines?|due|schedule|calendar|timetable|plan|at a glance|exams?"
    r"|examination|important|submission|handing in|organi[sz]ation|logistics)\b"
)
_IS_DUE = re.compile(r"(?i).{0,60}\b(?:due|deadline|hand(?:ed)? in|submit|until|by)\b")
_NO_EVENT = re.compile(
    r"(?i)(?:last )?(?:change|update|modifi|revis|version|stand|created|printed)"
)
_SAME = (
    frozenset("exam examination final finals test midterm".split()),
    frozenset("homework assignment pset".split()),
    frozenset("resit retake re".split()),
)
_UNTOLD = frozenset("deadline deadlines date time due next final the my our of".split())
_NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
_MONTH_NAMES = (
    "january february march april may june july august september october november december".split()
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Words with a day in them, and where they stand."""

    iso: str
    line: Line
    heading: str

    @property
    def document(self) -> str:
        """The path of its document."""
        return self.line.chunk.document


def find_entries(index: Index, within: DocumentFilter) -> tuple[Entry, ...]:
    """Return what has a day in an index, in the order of days."""
    stored = tuple(index.documents(within))
    known = [d.metadata["date"] for d in stored if "date" in d.metadata]
    years = " ".join(sorted({day[:4] for day in known}))
    scored = index.search_lexical(f"{_QUERY} {years}", top_n=PASSAGES, within=within)
    found: dict[tuple[str, int], Entry] = {}
    for chunk in index.chunks([key for key, _ in scored]):
        for entry in _entries_of(chunk, index):
            found.setdefault((entry.document, entry.line.start), entry)
    known += [entry.iso for entry in found.values()]
    completed = [
        Entry(complete(entry.iso, known), entry.line, entry.heading) for entry in found.values()
    ]
    return tuple(sorted(completed, key=lambda entry: (entry.iso, entry.document, entry.line.start)))


def select_due(entries: Iterable[Entry], request: DatesRequest) -> tuple[Entry, ...]:
    """Return the entries that say when something is due, or for all dates, when anything is."""
    return tuple(
        entry
        for entry in entries
        if not _NO_EVENT.match(entry.line.text)
        and (_is_due(entry) or (not request.due_only and _is_held(entry)))
    )


def _is_due(entry: Entry) -> bool:
    text = entry.line.text
    if re.search(r"(?i)\bno (?:lecture|lab|class)|\bholidays?\b", text):
        return False
    among_dates = bool(_HEADING.search(entry.heading))
    is_short = text.count(" ") < _MOST_WORDS
    return bool(
        _DUE.search(text)
        or any(_BY.search(text[: day.start]) for day in find_days(text))
        or (_COURSEWORK.search(text) and (is_short or among_dates))
        or (_SUBMITTED.search(text) and among_dates)
    )


def _is_held(entry: Entry) -> bool:
    among_dates = bool(_HEADING.search(f"{entry.heading} {entry.line.text}"))
    return among_dates or bool(_HELD.search(entry.line.text))


def select_event(entries: Sequence[Entry], event: str) -> tuple[Entry, ...]:
    """Return the entries that name an event themselves, else those under a heading that does."""
    wanted = _Event(event)
    own = [entry for entry in entries if wanted.is_in(entry.line.text)]
    under = [
        entry
        for entry in entries
        if wanted.is_in(f"{entry.line.chunk.title}. {entry.heading}. {entry.line.text}")
        and (not own or _IS_DUE.match(entry.line.text))
    ]
    return tuple(entry for entry in entries if entry in own or entry in under)


def during_span(during: str, documents: Sequence[StoredDocument]) -> tuple[str, str] | None:
    """Return the first and last day of a limit such as "week 3"; None where it says no days.

    Weeks are counted from those documents of which week and date are known; where these do not
    agree, nothing is known.
    """
    if match := re.fullmatch(r"week (\d{1,2})", during):
        beginnings = {
            day - timedelta(days=day.weekday(), weeks=int(document.metadata["week"]))
            for document in documents
            if "date" in document.metadata and document.metadata.get("week", "").isdigit()
            for day in (date.fromisoformat(document.metadata["date"]),)
        }
        if len(beginnings) != 1:
            return None
        monday = beginnings.pop() + timedelta(weeks=int(match[1]))
        return monday.isoformat(), (monday + timedelta(days=6)).isoformat()
    if during in _MONTH_NAMES:
        month = f"-{_MONTH_NAMES.index(during) + 1:02}-"
        return month, month
    return None


def is_during(entry: Entry, span: tuple[str, str]) -> bool:
    """Say whether an entry's day lies in a span, or in a month of any year."""
    first, last = span
    return first in entry.iso if first == last else first <= entry.iso <= last


def labelled(entry: Entry) -> Line:
    """Return an entry as a line that begins with its day."""
    line = entry.line
    return Line(line.chunk, line.start, line.end, day_text(entry.iso))


def _entries_of(chunk: Chunk, index: Index) -> Iterator[Entry]:
    for block in index.blocks(chunk.document, start=chunk.start, end=chunk.end):
        start, end = max(block.start, chunk.start), min(block.end, chunk.end)
        text = chunk.text[start - chunk.start : end - chunk.start]
        heading = block.heading[-1] if block.heading else ""
        whole = block.kind == "row" or not find_days(text)
        spans = [(0, len(text))] if whole else _spans(text)
        for first, last in spans:
            days = find_days(text[first:last])
            if days:
                yield Entry(days[0].iso, Line(chunk, start + first, start + last), heading)


def _spans(text: str) -> list[tuple[int, int]]:
    return [(sentence.start, sentence.end) for sentence in split_sentences(text)]


class _Event:
    """An event as a question names it, to be found in other words: an exam is an examination."""

    def __init__(self, name: str) -> None:
        words = [_NUMBERS.get(word, word) for word in words_of(name.replace("mid-", "mid"))]
        self._wanted = [_alike(stem(word)) for word in words if word not in _UNTOLD]
        self._numbered = words[-1].isdigit() and len(words) > 1

    def is_in(self, text: str) -> bool:
        """Say whether a text holds all its words, a number right after its noun."""
        held = [stem(word) for word in words_of(text)]
        if self._numbered:
            noun, number = self._wanted[-2:]
            return any(a in noun and b in number for a, b in pairwise(held))
        return bool(self._wanted) and all(words & set(held) for words in self._wanted)


def _alike(word: str) -> frozenset[str]:
    for group in _SAME:
        stems = frozenset(stem(other) for other in group)
        if word in stems:
            return stems
    return frozenset({word})
