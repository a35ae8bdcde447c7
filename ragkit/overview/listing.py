"""What there is of a kind, told from titles, places in the course and outlines."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from ragkit.overview.answering import Line, slice_document
from ragkit.overview.places import course_order, is_of, number_of
from ragkit.overview.sections import has_substance, main_sections
from ragkit.protocols import Index
from ragkit.records import Document, StoredDocument

MOST_LINES = 200
"""More documents than these are counted, not listed."""
_HEADINGS_EACH = 20
_FULL_TOPICS = 40
"""Up to so many documents are told with their headings."""
_NO_TOPIC = re.compile(
    r"(?i)(?:summary|contents|table of contents|outline|overview|agenda|references|bibliography"
    r"|questions(?: to hand in)?|further reading|exercises|where we are going|introduction"
    r"|conclusion|after this lecture you can|learning (?:goals|objectives)|recap|.* parts)$"
)
_ADMINISTRATION = ("syllabus", "exam", "quiz", "solution", "assignment", "exercise")


def documents_of(noun: str, documents: Sequence[StoredDocument]) -> list[StoredDocument]:
    """Return the documents to list for a noun, in the order of the course."""
    if noun == "topic":
        chosen = [document for document in documents if is_of(document, "lecture")]
        chosen = chosen or [
            d for d in documents if d.metadata.get("kind", "") not in _ADMINISTRATION
        ]
    else:
        chosen = [document for document in documents if is_of(document, noun)]
    if noun == "slides":
        chosen = chosen or [document for document in documents if is_of(document, "lecture")]
    return sorted(chosen, key=course_order)


def count_things(noun: str, documents: Sequence[StoredDocument]) -> int:
    """Return how many lectures or weeks documents are: slides and notes of one count once."""
    if noun not in ("lecture", "week"):
        return len(documents)
    return len({number_of(document, noun) or document.path for document in documents})


def list_lines(noun: str, documents: Sequence[StoredDocument], index: Index) -> tuple[Line, ...]:
    """Return a line for each document, its title, or for topics its headings."""
    lines: list[Line] = []
    detailed = noun == "topic" and len(documents) <= _FULL_TOPICS
    for stored in documents[:MOST_LINES]:
        document = index.document(stored.path)
        title = title_line(document, label_of(stored, noun))
        lines += _topics_of(document, title) if detailed else [title]
    return tuple(lines)


def title_line(document: Document, label: str = "") -> Line:
    """Return the title of a document where it stands, else its first words."""
    find: tuple[Callable[[], re.Match[str] | None], ...] = (
        lambda: re.search(_loose(document.title), document.text) if document.title else None,
        lambda: re.search(r"\S[^\n]{0,119}", document.text),
    )
    match = next(filter(None, (search() for search in find)), None)
    if match is None:
        return Line(slice_document(document, 0, len(document.text)), 0, 0, label)
    chunk = slice_document(document, match.start(), match.end())
    return Line(chunk, match.start(), match.end(), label)


def label_of(document: StoredDocument, noun: str = "") -> str:
    """Return what places a document in the course: "Week 3", "Lecture 5", "Assignment 2"."""
    facts = [
        f"{name.title()} {number}"
        for name in ("week", "lecture")
        if (number := number_of(document, name))
    ]
    if not facts and noun not in ("document", "topic", "week", "lecture", "slides", ""):
        number = number_of(document, noun)
        facts = [f"{noun.title()} {number}"] if number else []
    return ", ".join(facts)


def _topics_of(document: Document, title: Line) -> list[Line]:
    """Return the headings of a document as lines under its title."""
    label = f"{title.label}: {document.title}" if title.label else document.title
    lines = [
        replace(section.heading_line, label=label)
        for section in main_sections(document)
        if section.has_heading
        and section.title != document.title
        and not _NO_TOPIC.match(section.title)
        and has_substance(section)
    ]
    return lines[:_HEADINGS_EACH] or [title]


def _loose(title: str) -> str:
    """Return a pattern for a title however its white space is broken in the text."""
    return r"\s+".join(re.escape(word) for word in title.split())
