"""Natural Questions with the paragraph that answers: closed book beside open book.

Source: Liu et al. 2023, "Lost in the Middle", whose files these are, and whose numbers for other
models (an accepted answer stands in what is said) can be held against ours.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ragkit.evaluation.adapters.paragraphs import number_paragraphs
from ragkit.evaluation.adapters.reading import Row, read_rows
from ragkit.evaluation.adapters.records import Answerable, Conversion, draw, join_answers
from ragkit.evaluation.adapters.squad import Question, sample_of
from ragkit.evaluation.records import Sample


def convert_natural(files: Sequence[Path], *, limit: int | None, seed: int) -> Conversion:
    """Return each question twice: over its paragraph alone, and without any.

    A line holds question, answers and either context and title, or `ctxs` with one `isgold`.

    Raises:
        UsageError: A file is of another form.
    """
    rows = [row for path in files for row in read_rows(path)]
    questions = [_question(row) for row in rows]
    drawn = draw(questions, [question.id for question in questions], limit=limit, seed=seed)
    paragraphs = number_paragraphs([question.key for question in drawn])
    samples: list[Sample] = []
    for question in drawn:
        open_book = sample_of(question, paragraphs)
        name = paragraphs.names[question.key]
        open_book = replace(open_book, base_id=question.id, within=(name,))
        samples += [open_book, _closed(open_book)]
    gold = {
        question.id: (Answerable(paragraphs.names[question.key], question.answers),)
        for question in drawn
    }
    return Conversion(
        title="Natural Questions with a gold passage",
        description="Each question is asked over the passage that answers it, and without any.",
        measures=("hallucination",),
        samples=tuple(samples),
        gold=gold,
        papers=paragraphs.papers,
    )


def _closed(sample: Sample) -> Sample:
    return replace(
        sample, id=f"{sample.id}.closed-book", kind="closed-book", of=sample.id, within=()
    )


def _question(row: Row) -> Question:
    passage = _gold_passage(row)
    title = passage.get("title")
    return Question(
        id=str(row.values.get("id") or row.place),
        text=row.text("question"),
        title=title if isinstance(title, str) and title else "untitled",
        context=Row(passage, row.place).text("text", "context"),
        answers=join_answers(row.texts("answers")),
    )


def _gold_passage(row: Row) -> dict[str, Any]:
    passages = row.values.get("ctxs")
    if not isinstance(passages, list):
        return row.values
    marked = [one for one in passages if isinstance(one, dict) and one.get("isgold")]
    if not marked:
        raise row.lacks("ctxs with one that has isgold")
    return dict(marked[0])
