"""What is said instead of an ordinary answer: the documents contradict the question, or each other.

Both are quoted, never worded: the reader sees what stands where.
"""

from dataclasses import replace

from ragkit.overview.answering import Line, answer_with
from ragkit.overview.disagreement import find_disagreement, newer_of, statements_of
from ragkit.overview.premise import find_correction
from ragkit.protocols import Index
from ragkit.records import Answer, DocumentFilter, Evidence


def object_to(
    question: str, evidence: Evidence, *, index: Index, within: DocumentFilter
) -> Answer | None:
    """Return what the documents say against a question, or against each other; mostly None.

    Args:
        question: As the user asked it.
        evidence: Selected for it, enough or not.
        index: Where it comes from.
        within: Which documents count.
    """
    if not evidence.sentences:
        return None
    correction = find_correction(question, evidence, index=index, within=within)
    if correction:
        asserted, instead = correction.asserted, correction.instead
        notice = f"Your documents say otherwise ({instead}, not {asserted}):"
        reason = f"the question says {asserted}, they say {instead}"
        return _quote(question, correction.lines, evidence, notice, reason)
    if evidence.sufficiency.enough:
        return _show_both(question, evidence, index)
    return None


def _show_both(question: str, evidence: Evidence, index: Index) -> Answer | None:
    """Return the two sentences that give different values for what is asked, if there are any."""
    found = find_disagreement(question, statements_of(evidence))
    if not found:
        return None
    chunks = {source.id: source.hit.chunk for source in evidence.sources}
    lines = []
    for place in found:
        sentence = evidence.sentences[place]
        chunk, words = chunks[sentence.source_id], sentence.sentence
        lines.append(Line(chunk, words.start, words.end))
    first, second = (line.chunk.document for line in lines)
    dates = {
        stored.path: stored.metadata.get("date", "")
        for stored in index.documents(DocumentFilter(documents=(first, second)))
    }
    newer = newer_of(first, second, dates)
    notice = f" (the newer one, of {dates[newer]}, is {newer})" if newer else ""
    return _quote(
        question,
        tuple(lines),
        evidence,
        f"Your documents disagree{notice}:",
        "two documents give different values for what is asked",
    )


def _quote(
    question: str, lines: tuple[Line, ...], evidence: Evidence, notice: str, reason: str
) -> Answer:
    threshold = evidence.sufficiency.threshold
    answer = answer_with(
        question, lines, scope="passages", notice=notice, reason=reason, threshold=threshold
    )
    return replace(answer, sufficiency=evidence.sufficiency)
