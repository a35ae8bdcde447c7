"""Whether two documents give different values for the same thing, so that both are shown.

Only values that the question asks for are compared, in sentences that hold all its telling words
and differ in little else: "the written exam" and "the oral exam" are not the same thing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from ragkit.overview.values import (
    NUMBERED,
    Value,
    ValueKind,
    counted_phrase,
    find_values,
    named_before,
)
from ragkit.records import Evidence
from ragkit.words import STOP_WORDS, stem, words_of

_LEAST_COMMON = 0.5
"""Least share of their other words that two sentences have in common, where each has some of its
own."""
_LEAST_PREFIX = 4
_WHAT_IS = (
    r"what (?:is|are|was|were) (?:the )?(?:\w+ ){0,3}"
    r"(?:rate|score|weight|size|number|limit|length|value|share|price|fee)\b"
)
_ASKED: tuple[tuple[str, tuple[ValueKind, ...]], ...] = (
    (r"(?:at )?what time\b", ("time",)),
    (r"when\b|(?:on |by )?(?:what|which) (?:day|date)\b", ("day", "weekday", "time")),
    (r"where\b|(?:in )?(?:what|which) (?:room|hall|building)\b", ("room",)),
    (r"how (?:many|much|long|large|big|high|often)\b", ("amount",)),
    (r"(?:what|which) (?:percentage|share|fraction|number|amount)\b", ("amount",)),
    (_WHAT_IS, ("amount",)),
)
_UNTOLD = frozenset(
    stem(word)
    for word in "due date time room held take place number start begin happen much many long large"
    " percentage share day deadline end what".split()
)


class Statement(NamedTuple):
    """A sentence, the heading that it stands under, and its document."""

    text: str
    heading: str
    document: str


def find_disagreement(question: str, statements: Sequence[Statement]) -> tuple[int, int] | None:
    """Return the places of the first two statements that disagree on what is asked.

    >>> find_disagreement("When is the exam?", [
    ...     Statement("The exam is on 14 January 2026.", "", "syllabus.md"),
    ...     Statement("Bring a pen to the exam.", "", "notes.md"),
    ...     Statement("Exam: 21 January 2026", "", "slides.md"),
    ... ])
    (0, 2)
    """
    kinds = asked_kinds(question)
    if not kinds:
        return None
    asked = _Asked(question, kinds)
    for first, second in combinations(range(len(statements)), 2):
        if statements[first].document != statements[second].document and asked.differ(
            statements[first], statements[second]
        ):
            return first, second
    return None


def statements_of(evidence: Evidence) -> tuple[Statement, ...]:
    """Return the sentences of the evidence, best first, with where they stand."""
    chunks = {source.id: source.hit.chunk for source in evidence.sources}
    found = []
    for sentence in evidence.sentences:
        chunk = chunks[sentence.source_id]
        heading = " ".join((chunk.title, *chunk.heading[-1:]))
        found.append(Statement(sentence.sentence.text, heading, chunk.document))
    return tuple(found)


def asked_kinds(question: str) -> tuple[ValueKind, ...]:
    """Return which kinds of value a question asks for.

    >>> asked_kinds("At what time does the lab begin?"), asked_kinds("Why is the sky blue?")
    (('time',), ())
    """
    text = " ".join(question.lower().split())
    return next((kinds for pattern, kinds in _ASKED if re.match(pattern, text)), ())


def newer_of(first: str, second: str, dates: Mapping[str, str]) -> str:
    """Return which of two documents is newer; empty where their dates do not say.

    >>> newer_of("a.md", "b.md", {"a.md": "2025-09-01", "b.md": "2025-10-15"})
    'b.md'
    """
    days = dates.get(first, ""), dates.get(second, "")
    if not all(days) or days[0] == days[1]:
        return ""
    return first if days[0] > days[1] else second


class _Asked:
    """What a question asks for, to compare two sentences by."""

    def __init__(self, question: str, kinds: tuple[ValueKind, ...]) -> None:
        self._kinds = kinds
        self._terms = _content(question)
        counted = re.match(
            r"how many (?:\w+ )*?(\w+?)(?= (?:is|are|do|does|did|has|have|may|can|"
            r"must|were|was|will|in|of|for)\b|\W*$)",
            question.lower(),
        )
        self._noun = stem(counted[1]) if counted else ""

    def differ(self, first: Statement, second: Statement) -> bool:
        return (
            self._is_about(first)
            and self._is_about(second)
            and self._are_alike(first, second)
            and any(self._values_differ(kind, first, second) for kind in self._kinds)
        )

    def _is_about(self, statement: Statement) -> bool:
        """Say whether a sentence holds all telling words of the question, or its heading does."""
        own = _content(statement.text)
        all_words = own | _content(statement.heading)
        return (
            bool(self._terms)
            and all(_held(term, all_words) for term in self._terms)
            and any(_held(term, own) for term in self._terms)
        )

    def _are_alike(self, first: Statement, second: Statement) -> bool:
        if not self._share_numbers(first.text, second.text):
            return False
        one, two = self._others(first), self._others(second)
        one_says_more = not (one - two and two - one)
        return one_says_more or len(one & two) >= _LEAST_COMMON * len(one | two)

    def _share_numbers(self, first: str, second: str) -> bool:
        """Say whether what both number, or the question names, has the same number in both."""
        one, two = _numbered(first), _numbered(second)
        asked = {noun for noun in {**one, **two} if _held(stem(noun), self._terms)}
        return all(one.get(noun) == two.get(noun) for noun in asked | (one.keys() & two.keys()))

    def _others(self, statement: Statement) -> frozenset[str]:
        """Return the words of a sentence that the question does not hold, values left out."""
        text = statement.text
        for value in reversed(find_values(text)):
            text = text[: value.start] + " " + text[value.end :]
        words = _content(text)
        return frozenset(word for word in words if not _held(word, self._terms))

    def _values_differ(self, kind: ValueKind, first: Statement, second: Statement) -> bool:
        one, two = set(self._values(kind, first)), set(self._values(kind, second))
        if kind == "amount" and (len(one) != 1 or len(two) != 1):
            return False
        return bool(one and two) and not any(_same(a, b) for a in one for b in two)

    def _values(self, kind: ValueKind, statement: Statement) -> Iterator[tuple[str, str]]:
        """Yield the values of a kind, with what each amount counts."""
        for value in find_values(statement.text):
            if value.kind == kind and kind != "amount":
                yield value.key, ""
            elif value.kind == kind and (noun := self._noun_of(statement.text, value)):
                yield value.key, noun

    def _noun_of(self, text: str, value: Value) -> str:
        """Return what an amount counts, if it is what the question asks the amount of."""
        noun = "".join(counted_phrase(text, value)[-1:])
        if self._noun:
            return noun if noun == self._noun else ""
        if value.key.endswith("%"):
            return "%"
        name = named_before(text, value)
        return noun or (name if _held(name, self._terms) else "")


def _same(one: tuple[str, str], two: tuple[str, str]) -> bool:
    """Say whether two values may be the same one, or are of different things."""
    if one[1] != two[1]:
        return True
    a, b = one[0], two[0]
    if a.startswith("-") or b.startswith("-"):  # a day without its year
        return a[-6:] == b[-6:]
    return a == b


def _content(text: str) -> frozenset[str]:
    words = (word for word in words_of(text) if word not in STOP_WORDS)
    stems = frozenset(stem(word) for word in words if not word[0].isdigit())
    return stems - _UNTOLD


def _held(term: str, words: frozenset[str]) -> bool:
    """Say whether a word is among others, or begins one of them, or one of them begins it."""
    return term in words or any(
        min(len(term), len(word)) >= _LEAST_PREFIX
        and (word.startswith(term) or term.startswith(word))
        for word in words
    )


def _numbered(text: str) -> dict[str, str]:
    """Return the numbers by which a text tells things apart.

    >>> _numbered("Assignment 1 is due in week 3, at 10:00 on May 4.")
    {'assignment': '1', 'week': '3'}
    """
    found = re.findall(rf"(?i)\b({NUMBERED})s? (\d{{1,2}})(?![\w:]|[.,]\d)", text)
    return {noun.lower(): number for noun, number in found}
