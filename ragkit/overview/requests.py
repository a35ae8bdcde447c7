"""Which questions are about a whole: the corpus, one document, or the dates of a course.

A question is such a request only if all of it is one of the phrasings below; whatever else it says
makes it an ordinary question. Which documents a phrase means is not decided here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ragkit.overview.phrasings import (
    ABOUT,
    DATES,
    DEADLINES,
    EVENTS,
    INVENTORY,
    LISTS,
    NOUNS,
    OF_WHOLE,
    POLITE,
    TOPICS,
    TRAILING,
    WEEKLY,
)

Wish = Literal["summary", "outline", "pages"]
_WISHES: tuple[Wish, ...] = ("summary", "outline", "pages")


@dataclass(frozen=True, slots=True)
class ListRequest:
    """Asks what there is of a kind."""

    noun: str
    """Singular: "lecture", "document", "topic", "week", "assignment", ..."""


@dataclass(frozen=True, slots=True)
class DocumentRequest:
    """Asks for the whole of what a phrase names: "lecture 3", "syllabus.docx", "the glossary"."""

    reference: str
    wish: Wish
    about: bool = False
    """Whether it is put so that it may be an ordinary question: "what is attention about"."""


@dataclass(frozen=True, slots=True)
class DatesRequest:
    """Asks when something is, or for everything that has a date."""

    event: str = ""
    """Words of the question that name it; empty for all deadlines, or all dates."""
    due_only: bool = True
    """Whether only what is due is asked for."""
    during: str = ""
    """A limit in time as the question puts it, such as "week 3", "october"."""


Request = ListRequest | DocumentRequest | DatesRequest


def recognise(question: str) -> Request | None:
    """Return what a question asks for if it is about a whole; None for an ordinary one.

    >>> recognise("Which lectures are there?")
    ListRequest(noun='lecture')
    >>> recognise("Please summarise lecture 3")
    DocumentRequest(reference='lecture 3', wish='summary', about=False)
    >>> recognise("When is the exam?")
    DatesRequest(event='exam', due_only=False, during='')
    >>> recognise("What score did the lecture report for GloVe?") is None
    True
    """
    text = _plain(question)
    for polite in (text, POLITE.sub("", text)):
        found = _as_list(polite) or _as_dates(polite) or _as_document(polite)
        if found:
            return found
    return None


def asks_for_summary(question: str) -> bool:
    """Say whether a question asks for the summary of a document.

    >>> asks_for_summary("Summarise week 3."), asks_for_summary("Outline of week 3")
    (True, False)
    """
    request = recognise(question)
    return isinstance(request, DocumentRequest) and request.wish == "summary"


def _plain(question: str) -> str:
    """Return a question on one line, lower case, without marks and courtesies around it."""
    text = " ".join(question.lower().split()).rstrip("?!. ")
    return TRAILING.sub("", text)


def _as_list(text: str) -> ListRequest | None:
    if _match(TOPICS, text):
        return ListRequest("topic")
    if _match(INVENTORY, text):
        return ListRequest("document")
    if match := _match(LISTS, text):
        return ListRequest(next(noun for noun in NOUNS if match[noun]))
    return None


def _as_document(text: str) -> DocumentRequest | None:
    for wish in _WISHES:
        if match := _match(OF_WHOLE[wish], text):
            return DocumentRequest(match["ref"], wish)
    if match := _match(ABOUT, text):
        return DocumentRequest(match["ref"], "summary", about=True)
    return None


def _as_dates(text: str) -> DatesRequest | None:
    if match := _match(DEADLINES, text):
        return DatesRequest(during=match["during"] or "")
    if match := _match(DATES, text):
        return DatesRequest(due_only=False, during=match["during"] or "")
    if (match := _match(EVENTS, text)) and not re.fullmatch(WEEKLY, match["event"]):
        return DatesRequest(event=match["event"], due_only=False)
    return None


def _match(patterns: Iterable[str], text: str) -> re.Match[str] | None:
    """Return the match of the first pattern that all of a text fits."""
    return next(filter(None, (re.fullmatch(pattern, text) for pattern in patterns)), None)
