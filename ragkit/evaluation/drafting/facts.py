"""The facts of some documents that can be asked for, each with its sentence and place."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from ragkit.chunking import split_sentences
from ragkit.evaluation.checking import Shelf, Statement, stems_of
from ragkit.evaluation.drafting.grammar import reads_well
from ragkit.evaluation.drafting.questions import (
    Asked,
    question_of_entry,
    question_of_row,
    questions_of,
)
from ragkit.evaluation.records import GoldPlace
from ragkit.evaluation.scoring import contains
from ragkit.records import Document

_MOST_A_SECTION = 3
"""Facts under one heading: a table has many that are alike."""
_NEARLY = 0.8
"""Share of a question's words with which a statement could answer it, too."""
_ASKING = frozenset("year date day room term mean given".split())
"""Words of a question that only say what is asked for."""
_GLOSSARY = re.compile(r"glossar|vocabular|terminolog|definitions", re.IGNORECASE)
_LOWER = re.compile(r"(?<![.!?:] )(?<![\w’'-])[a-z][a-z’'-]+")


class Fact(NamedTuple):
    """A question, the sentence that answers it, and where it stands."""

    asked: Asked
    gold: GoldPlace
    sentence: str
    """On one line."""


def facts_of(shelf: Shelf) -> Iterator[Fact]:
    """Yield what can be asked of each document, in its order; what is ambiguous is left out."""
    words = frozenset(word for one in shelf.documents.values() for word in _LOWER.findall(one.text))
    seen: set[str] = set()
    for name, statements in shelf.statements.items():
        document = shelf.documents[name]
        taken: dict[tuple[str, ...], int] = {}
        for statement in statements:
            section = _section_of(document, statement)
            if taken.get(section, 0) >= _MOST_A_SECTION:
                continue
            for fact in _facts_in(statement, document, words):
                if fact.asked.question not in seen and _is_clear(fact, shelf):
                    seen.add(fact.asked.question)
                    taken[section] = taken.get(section, 0) + 1
                    yield fact
                    break


def _facts_in(statement: Statement, document: Document, words: Collection[str]) -> Iterator[Fact]:
    row = " ".join(statement.text.split())
    for asked in question_of_row(row):
        yield Fact(asked, _place(document, statement.start, statement.end), row)
    entry = (
        question_of_entry(row) if _GLOSSARY.search(f"{document.path} {document.title}") else None
    )
    if entry and reads_well(entry.question):
        end = statement.start + len(statement.text)
        yield Fact(entry, _place(document, statement.start, end), row)
    for sentence in split_sentences(statement.text):
        text = " ".join(sentence.text.split())
        start, end = statement.start + sentence.start, statement.start + sentence.end
        for asked in questions_of(text, words):
            yield Fact(asked, _place(document, start, end), text)


def _is_clear(fact: Fact, shelf: Shelf) -> bool:
    """Say whether a question has one answer, which it does not hold itself."""
    asked = fact.asked
    if contains(asked.question, asked.answer):
        return False
    stems = stems_of(asked.question) - _ASKING
    if len(stems) < 2:
        return False
    rivals = (
        *shelf.about(stems, share=_NEARLY),
        *shelf.telling((asked.answer,), asked.question),
    )
    return all(one.overlaps((fact.gold,)) for one in rivals)


def said_about(fact: Fact, shelf: Shelf) -> str:
    """Return the sentence and what else may be about the same, to keep clear of."""
    stems = stems_of(fact.asked.question) - _ASKING
    return "\n".join((fact.sentence, *(one.text for one in shelf.about(stems))))


def _place(document: Document, start: int, end: int) -> GoldPlace:
    page = next((p.number for p in document.pages if p.start <= start < p.end), None)
    return GoldPlace(document.path, start, end, document.text[start:end], page=page)


def _section_of(document: Document, statement: Statement) -> tuple[str, ...]:
    return next(
        (block.heading for block in document.blocks if block.start <= statement.start < block.end),
        (),
    )
