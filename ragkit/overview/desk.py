"""A question about a whole to its answer, by the kind of request that it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from ragkit.overview.agenda import (
    MOST_LINES,
    Entry,
    during_span,
    find_entries,
    is_during,
    labelled,
    select_due,
    select_event,
)
from ragkit.overview.answering import Line, abstain_from, answer_with
from ragkit.overview.disagreement import Statement, find_disagreement
from ragkit.overview.listing import (
    MOST_LINES as MOST_LISTED,
)
from ragkit.overview.listing import (
    count_things,
    documents_of,
    label_of,
    list_lines,
    title_line,
)
from ragkit.overview.plan import plan_lines
from ragkit.overview.references import Meant, Missing, resolve
from ragkit.overview.requests import DatesRequest, DocumentRequest, ListRequest, recognise
from ragkit.overview.sections import has_substance, main_sections, outline_lines
from ragkit.overview.summary import MOST_SENTENCES, summarise
from ragkit.protocols import ALL_DOCUMENTS, Encoder, Index
from ragkit.records import Answer, DocumentFilter, StoredDocument

MOST_DOCUMENTS = 4
"""More documents than these are not summed up at once, but listed."""
MOST_HEADINGS = 100
"""Headings of an outline that are shown."""
_LONGEST_QUESTION = 200
_FROM_OUTLINE = "put together from titles and outlines"
_PLURALS = {"quiz": "quizzes", "slides": "sets of slides"}


@dataclass(frozen=True, slots=True)
class _Desk:
    """What an answer is made from, and for."""

    question: str
    index: Index
    encoder: Encoder
    within: DocumentFilter
    threshold: float

    def documents(self) -> tuple[StoredDocument, ...]:
        return tuple(self.index.documents(self.within))


def answer_overview(
    question: str,
    *,
    index: Index,
    encoder: Encoder,
    within: DocumentFilter = ALL_DOCUMENTS,
    threshold: float = 0.5,
) -> Answer | None:
    """Return the answer to a question about a whole; None for any other question.

    Args:
        question: As the user asked it.
        index: What is asked.
        encoder: The one whose embeddings the index holds.
        within: Which documents count.
        threshold: Least sufficiency of other answers, to be told with this one.
    """
    request = recognise(question) if len(question) <= _LONGEST_QUESTION else None
    if request is None:
        return None
    desk = _Desk(question, index, encoder, within, threshold)
    with index.snapshot():
        if isinstance(request, ListRequest):
            return _list(request, desk)
        if isinstance(request, DatesRequest):
            return _tell_dates(request, desk)
        return _tell_document(request, desk)


def _list(request: ListRequest, desk: _Desk) -> Answer | None:
    documents = documents_of(request.noun, desk.documents())
    if not documents:
        return _nothing_of(request.noun, desk)
    lines = list_lines(request.noun, documents, desk.index)
    return answer_with(
        desk.question,
        lines,
        scope="corpus",
        notice=_count_notice(request.noun, documents),
        reason=_FROM_OUTLINE,
        threshold=desk.threshold,
    )


def _count_notice(noun: str, documents: Sequence[StoredDocument]) -> str:
    count = count_things(noun, documents)
    files = len(documents)
    if noun == "topic":
        notice = f"Topics of {_number_of(files, 'document')}, by their headings"
    elif noun == "document":
        notice = f"Your {_number_of(files, 'document')}"
    else:
        notice = f"{_number_of(count, noun)} among your documents"
        notice += f", in {files} documents" if files > count else ""
    left = files - MOST_LISTED
    return notice + (
        f", without the last {left} (narrow with --under or --where):" if left > 0 else ":"
    )


def _number_of(count: int, noun: str) -> str:
    plural = _PLURALS.get(noun, f"{noun}s")
    return f"{count} {noun if count == 1 else plural}"


def _nothing_of(noun: str, desk: _Desk) -> Answer:
    documents = desk.documents()
    lines = _titles(documents[:3], desk)
    plural = _PLURALS.get(noun, f"{noun}s")
    reason = (
        f"none of your {_number_of(len(documents), 'document')} is known as one of the {plural}"
        " by its name, folder or title"
    )
    return abstain_from(
        desk.question, lines, scope="corpus", reason=reason, threshold=desk.threshold
    )


def _titles(documents: Sequence[StoredDocument], desk: _Desk) -> list[Line]:
    return [title_line(desk.index.document(d.path), label_of(d)) for d in documents]


def _tell_document(request: DocumentRequest, desk: _Desk) -> Answer | None:
    meant = resolve(request.reference, desk.documents(), by_title=not request.about)
    if isinstance(meant, Missing):
        return _missing(meant, request, desk)
    if meant is None:
        return None
    if request.wish == "pages":
        return _tell_pages(meant, desk)
    if len(meant.documents) > MOST_DOCUMENTS:
        lines = _titles(meant.documents, desk)
        notice = f"{_number_of(len(meant.documents), 'document')}; ask about one of them:"
    else:
        lines, notice = _told(request, meant, desk)
    if not lines:
        return None
    return answer_with(
        desk.question,
        lines,
        scope="document",
        notice=notice,
        reason=_FROM_OUTLINE,
        threshold=desk.threshold,
    )


def _told(request: DocumentRequest, meant: Meant, desk: _Desk) -> tuple[list[Line], str]:
    """Return the lines that tell documents, and what they are."""
    lines: list[Line] = []
    told = sections = 0
    for stored in meant.documents:
        document = desk.index.document(stored.path)
        if request.wish == "outline":
            found = outline_lines(document)
        else:
            most = max(3, MOST_SENTENCES // len(meant.documents))
            found = summarise(document, desk.encoder, most=most)
            told += len({line.label for line in found})
            sections += sum(map(has_substance, main_sections(document)))
        lines += found
    titles = ", ".join(document.title or document.path for document in meant.documents)
    titles += f" ({meant.remark})" if meant.remark else ""
    if request.wish == "outline":
        more = f", the first {MOST_HEADINGS} headings" if len(lines) > MOST_HEADINGS else ""
        return lines[:MOST_HEADINGS], f"Outline of {titles}{more}:"
    its = "its" if len(meant.documents) == 1 else "their"
    some = f" ({told} of {sections} sections)" if told < sections else ""
    return lines, f"{titles}, in {its} own sentences{some}:"


def _tell_pages(meant: Meant, desk: _Desk) -> Answer | None:
    counted = [document for document in meant.documents if document.page_count]
    if not counted:
        return None
    units = {"pptx": "slides", "odp": "slides", "ipynb": "cells"}
    notice = "; ".join(
        f"{document.path} has {document.page_count} {units.get(document.format, 'pages')}"
        for document in counted
    )
    return answer_with(
        desk.question,
        _titles(counted, desk),
        scope="document",
        notice=f"{notice}:",
        reason="counted when the documents were read",
        threshold=desk.threshold,
    )


def _missing(missing: Missing, request: DocumentRequest, desk: _Desk) -> Answer | None:
    if plan := plan_lines(missing, desk.index, desk.within):
        return answer_with(
            desk.question,
            plan,
            scope="document",
            notice=f"No document is {missing.phrase}, but a plan says:",
            reason="the rows of tables were looked through for it",
            threshold=desk.threshold,
        )
    known = missing.known
    if request.about and (not known or missing.noun not in ("lecture", "week")):
        return None  # an exercise is often a part of a document, and a plan may be prose
    there = f"; there is: {', '.join(known[:12])}" if known else ""
    there += f" and {len(known) - 12} more" if len(known) > 12 else ""
    reason = f"no document is {missing.phrase}{there}"
    documents = documents_of(missing.noun, desk.documents())[:3]
    return abstain_from(
        desk.question,
        _titles(documents, desk),
        scope="document",
        reason=reason,
        threshold=desk.threshold,
    )


def _tell_dates(request: DatesRequest, desk: _Desk) -> Answer | None:
    entries = find_entries(desk.index, desk.within)
    if request.event:
        chosen = select_event(entries, request.event)
        notice = _disagreement_notice(desk.question, chosen)
    else:
        chosen = select_due(entries, request)
        notice = "Deadlines, in order of date:" if request.due_only else "Dates, in order:"
    span = during_span(request.during, desk.documents())
    if span:
        chosen = tuple(entry for entry in chosen if is_during(entry, span))
    elif request.during.startswith("week"):
        return None
    if not chosen:
        return None
    return answer_with(
        desk.question,
        [labelled(entry) for entry in _once(chosen)],
        scope="dates",
        notice=notice,
        reason="every sentence and row with a day was looked at",
        threshold=desk.threshold,
    )


def _disagreement_notice(question: str, entries: Sequence[Entry]) -> str:
    statements = [Statement(e.line.text, e.heading, e.document) for e in entries]
    disagree = find_disagreement(question, statements) is not None
    return "Your documents give different days or times:" if disagree else ""


def _once(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries without those that say the same in the same words."""
    kept: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        kept.setdefault((entry.iso, entry.line.text.lower()), entry)
    return list(kept.values())[:MOST_LINES]
