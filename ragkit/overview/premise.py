"""Whether a question asserts what the documents contradict: another number, day or name.

Only what stands in the question as given is looked at, and only where a sentence with the same
telling words gives another value, and none gives this one. Nothing is said where it is not sure.
"""

import re
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from ragkit.evidence.units import split_units
from ragkit.overview.agenda import find_entries, select_event
from ragkit.overview.answering import Line
from ragkit.overview.dates import day_text, find_days
from ragkit.overview.phrasings import EVENT
from ragkit.overview.values import (
    NUMBERED,
    Value,
    counted_phrase,
    find_values,
    measures_of,
    named_before,
)
from ragkit.protocols import Index
from ragkit.records import DocumentFilter, Evidence
from ragkit.words import STOP_WORDS, stem, words_of

_LEAST_SHARE = 0.6
"""Least share of the question's other telling words that the contradicting sentence holds, headings
included."""
_LOOKED_AT = 6
_PASSAGES = 20
_MOST_LINES = 4
_LABELLED = re.compile(rf"(?i)(?:\b(?:{NUMBERED})\s|-)$")
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_NAMED_YEAR = re.compile(r"[A-Z]\w+ of $")
_HYPOTHETICAL = re.compile(
    r"(?i)\b(?:if|suppose|assum\w+|imagine|would|could|once|when i|with \w+ (?:at|of|set)|at least"
    r"|at most|more than|less than|fewer than|up to|about|around|roughly|between|below|above|over"
    r"|under|exceed\w*|every|per|(?:which|what) (?:one|two|three|four|five|six|\d+))\b"
)
_GENERAL = frozenset(
    stem(word)
    for word in (
        "use used have has report reported give gave get got achieve need take make was were show"
        " contain include reach paper authors"
    ).split()
)
_VERBS = "propos|introduc|invent|develop|present|publish|creat|suggest|design|describ|discover"
_MADE = rf"(?:{_VERBS})(?:e|ed|es|ing)?"
_NAME = r"[A-Z][\w’'-]+(?:\s(?:and|&)\s[A-Z][\w’'-]+|\s[A-Z][\w’'-]+){0,2}"
_BY_NAME = (
    re.compile(rf"\b(?:did|has|have)\s(?P<name>{_NAME})(?:\set al\.?)?\s{_MADE}\s(?P<thing>.+)"),
    re.compile(rf"(?P<thing>.+?)\s(?:was |were |is )?{_MADE}\sby\s(?P<name>{_NAME})"),
)
_CITED = re.compile(rf"\(?({_NAME})(?:\set al\.?|\sand colleagues)?,?\s\(?(?:19|20)\d\d\)?")
_NEAR = 60
"""Characters before a citation in which the thing that it is cited for is looked for."""


_ONCE = re.compile(
    r"\d|\b(?:first|last|final|mid-?term|exam|examination|re-?sit|project|proposal|report|thesis"
    r"|essay|reading week)\b"
)
"""Events that happen once; a course has a lecture on many days."""
_ON = (
    r"(?: is| are| was| due| held| takes place)*,?(?: on| by| at| until| of)?(?: \w+day,?)? ?"
    r"(?:the )?$"
)


class Correction(NamedTuple):
    """What a question asserts, what the documents say instead, and where."""

    asserted: str
    instead: str
    lines: tuple[Line, ...]


def find_correction(
    question: str, evidence: Evidence, *, index: Index, within: DocumentFilter
) -> Correction | None:
    """Return what the documents say against something that a question asserts, if they do.

    Args:
        question: As the user asked it.
        evidence: Selected for it.
        index: Where it comes from.
        within: Which documents count.
    """
    if _HYPOTHETICAL.search(question):
        return None
    return (
        _wrong_day(question, index, within)
        or _wrong_amount(question, evidence)
        or _wrong_name(question, index, within)
    )


def asserted_event(question: str) -> tuple[str, str] | None:
    """Return an event and the day that a question gives it.

    >>> asserted_event("What may I bring to the exam on 3 March?")
    ('exam', '--03-03')
    >>> asserted_event("When is the exam?") is None
    True
    """
    for day in find_days(question):
        before = question[: day.start].lower()
        if (match := re.search(rf"\b({EVENT}){_ON}", before)) and _ONCE.search(match[1]):
            return match[1], day.iso
    return None


def _wrong_day(question: str, index: Index, within: DocumentFilter) -> Correction | None:
    """Return the days that the documents give an event, if the question gives it another."""
    if not (asserted := asserted_event(question)):
        return None
    event, day = asserted
    found = select_event(find_entries(index, within), event)
    said = (other.iso for entry in found for other in find_days(entry.line.chunk.text))
    if not found or any(day[-6:] == iso[-6:] for iso in said):
        return None
    lines = tuple(replace(entry.line, label="") for entry in found[:_MOST_LINES])
    return Correction(day_text(day), day_text(found[0].iso), lines)


def _wrong_amount(question: str, evidence: Evidence) -> Correction | None:
    for value in find_values(question):
        if value.kind != "amount" or _is_label(question, value):
            continue
        asked = _Amount.of(question, value)
        if not asked.nouns or asked.is_said_in(evidence):
            continue
        for sentence in evidence.sentences[:_LOOKED_AT]:
            chunk = next(s.hit.chunk for s in evidence.sources if s.id == sentence.source_id)
            text, place = sentence.sentence.text, sentence.sentence
            context = " ".join((chunk.title, *chunk.heading))
            others = asked.others_in(text)
            if others and asked.share_in(f"{context} {text}") >= _LEAST_SHARE:
                line = Line(chunk, place.start, place.end)
                return Correction(asked.text, _with_noun(text, others[0]), (line,))
    return None


@dataclass(frozen=True, slots=True)
class _Amount:
    """An amount that a question asserts, and what it is the amount of."""

    value: Value
    text: str
    nouns: frozenset[str]
    modifiers: frozenset[str]
    terms: frozenset[str]
    """The other telling words of the question."""

    @classmethod
    def of(cls, question: str, value: Value) -> Self:
        phrase = counted_phrase(question, value)
        nouns = frozenset(filter(None, (*phrase[-1:], named_before(question, value)))) - _GENERAL
        nouns |= measures_of(phrase[-1:])
        terms = _content(question) - {stem(word) for word in words_of(value.text)} - _GENERAL
        text = _with_noun(question, value)
        return cls(value, text, nouns, frozenset(phrase[:-1]), terms)

    def is_said_in(self, evidence: Evidence) -> bool:
        """Say whether any sentence of the passages holds this value beside one of its nouns."""
        for source in evidence.sources:
            for unit in split_units(source.hit.chunk.text):
                keys = {other.key.partition(" ")[0] for other in find_values(unit.text)}
                words = _content(unit.text)
                words |= measures_of(words)
                is_meant = words & self.nouns and (not self.modifiers or words & self.modifiers)
                if (
                    is_meant
                    and self.value.key.partition(" ")[0] in keys
                    and self._is_near(unit.text)
                ):
                    return True
        return False

    def _is_near(self, text: str) -> bool:
        return self.share_in(text) >= _LEAST_SHARE / 2

    def others_in(self, text: str) -> list[Value]:
        """Return the amounts that a text gives the same nouns; in a row, its first cell."""
        first_cell, _, rest = text.partition(";")
        is_row = ": " in first_cell and ": " in rest
        others = []
        for value in find_values(text):
            phrase = counted_phrase(text, value)
            nouns = {named_before(text, value)}
            if self.modifiers <= set(phrase):
                nouns |= {*phrase[-1:], *measures_of(phrase[-1:])}
            in_row = is_row and value.start > len(first_cell) and self.nouns & _content(first_cell)
            if value.kind == "amount" and (in_row or nouns & self.nouns) and self._compares(value):
                others.append(value)
        return sorted(others, key=lambda value: named_before(text, value) not in self.terms)

    def share_in(self, text: str) -> float:
        """Return the share of the question's other telling words that a text holds."""
        return len(self.terms & _content(text)) / len(self.terms) if self.terms else 0.0

    def _compares(self, other: Value) -> bool:
        """Say whether an amount differs and is of one form: whole or broken, of the same scale."""
        a, b = other.key.partition(" "), self.value.key.partition(" ")
        forms = [(k[2], "." in k[0], bool(_YEAR.fullmatch(k[0]))) for k in (a, b)]
        return a[0] != b[0] and forms[0] == forms[1]


def _with_noun(text: str, value: Value) -> str:
    """Return an amount with the word that it counts, as the text writes them."""
    count = len(counted_phrase(text, value))
    behind = re.match(rf"(?:\s*[\w’'-]+){{{count}}}", text[value.end :])
    return " ".join((value.text + (behind[0] if behind else "")).split())


def _is_label(question: str, value: Value) -> bool:
    """Say whether a number only names something: "Lab 2", "week 3", "the 2017 paper"."""
    before = question[: value.start]
    is_year = _YEAR.fullmatch(value.text) is not None and not _NAMED_YEAR.search(before)
    return is_year or _LABELLED.search(before) is not None


def _wrong_name(question: str, index: Index, within: DocumentFilter) -> Correction | None:
    """Return the sentence that names others for what the question says that someone made."""
    text = question.rstrip("?. ")
    if not (match := next(filter(None, (pattern.search(text) for pattern in _BY_NAME)), None)):
        return None
    names, thing = _name_words(match["name"]), _content(match["thing"]) - _GENERAL
    scored = index.search_lexical(match["thing"], top_n=_PASSAGES, within=within)
    chunks = index.chunks([key for key, _ in scored])
    if not thing or any(names & set(words_of(chunk.text)) for chunk in chunks):
        return None
    for chunk in chunks:
        for unit in split_units(chunk.text):
            for cited in _CITED.finditer(unit.text):
                before = unit.text[max(0, cited.start() - _NEAR) : cited.start()]
                if thing <= _content(before) or (
                    cited.start() == 0 and thing <= _content(unit.text)
                ):
                    line = Line(chunk, chunk.start + unit.start, chunk.start + unit.end)
                    return Correction(match["name"], cited[1], (line,))
    return None


def _name_words(name: str) -> frozenset[str]:
    words = {re.sub("['’]s$", "", word) for word in re.findall(r"[A-Z][\w’'-]+", name)}
    return frozenset(word.lower() for word in words if word.lower() not in STOP_WORDS)


def _content(text: str) -> frozenset[str]:
    words = (word for word in words_of(text) if word not in STOP_WORDS)
    return frozenset(stem(word) for word in words)
