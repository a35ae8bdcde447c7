"""Lines of an overview as an answer: each with the place that a reader can open.

A source here is the line's own place in its document and need not be a stored chunk.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ragkit.chunking import chunk_id
from ragkit.records import (
    Answer,
    AnswerSentence,
    Chunk,
    Document,
    EvidenceSentence,
    Hit,
    Scope,
    Sentence,
    Source,
    Sufficiency,
)


@dataclass(frozen=True, slots=True)
class Line:
    """Words of a document, and the passage to cite for them."""

    chunk: Chunk
    start: int
    end: int
    label: str = ""
    """What stands before the words: a week, a day, a heading."""
    score: float = 1.0

    @property
    def text(self) -> str:
        """The words on one line."""
        return " ".join(
            self.chunk.text[self.start - self.chunk.start : self.end - self.chunk.start].split()
        )


def slice_document(
    document: Document, start: int, end: int, *, heading: tuple[str, ...] = ()
) -> Chunk:
    """Return a part of a document as a chunk, with the page on which it begins."""
    text = document.text[start:end]
    page = next((page for page in document.pages if page.start <= start < page.end), None)
    return Chunk(
        id=chunk_id(document.sha256, start, end, text),
        document=document.path,
        text=text,
        start=start,
        end=end,
        title=document.title,
        heading=heading,
        page=page.number if page else None,
        page_label=page.label if page else None,
    )


def answer_with(
    question: str,
    lines: Sequence[Line],
    *,
    scope: Scope,
    notice: str,
    reason: str,
    threshold: float,
) -> Answer:
    """Return lines as a quoted answer, their sources numbered in the order of the lines."""
    numbers: dict[str, int] = {}
    for line in lines:
        numbers.setdefault(line.chunk.id, len(numbers) + 1)
    sentences = tuple(
        AnswerSentence(
            line.text, (numbers[line.chunk.id],), "quoted", 1.0, line.text, label=line.label
        )
        for line in lines
    )
    return Answer(
        question=question,
        mode="quoted",
        sentences=sentences,
        sources=_sources_of(lines, numbers),
        sufficiency=Sufficiency(1.0, threshold),
        reason=reason,
        scope=scope,
        notice=notice,
    )


def abstain_from(
    question: str, lines: Sequence[Line], *, scope: Scope, reason: str, threshold: float
) -> Answer:
    """Return that the documents do not say, with the closest places, if there are any."""
    answer = answer_with(
        question, lines, scope=scope, notice="", reason=reason, threshold=threshold
    )
    return Answer(
        question=question,
        mode="abstained",
        sentences=(),
        sources=answer.sources,
        sufficiency=Sufficiency(0.0, threshold, {}, reason),
        reason=reason,
        scope=scope,
    )


def _sources_of(lines: Iterable[Line], numbers: dict[str, int]) -> tuple[Source, ...]:
    chunks: dict[int, Chunk] = {}
    quoted: dict[int, list[EvidenceSentence]] = {}
    for line in lines:
        number = numbers[line.chunk.id]
        chunks[number] = line.chunk
        words = line.chunk.text[line.start - line.chunk.start : line.end - line.chunk.start]
        sentence = Sentence(words, line.start, line.end)
        quoted.setdefault(number, []).append(
            EvidenceSentence(sentence, number, line.score, line.score, 1.0)
        )
    return tuple(
        Source(
            number, Hit(chunk, max(s.score for s in quoted[number]), number), tuple(quoted[number])
        )
        for number, chunk in chunks.items()
    )
