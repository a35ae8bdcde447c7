"""Files of questions to training items, whatever form they have.

Read are questions in SQuAD form, as published or a line each, and the samples of a suite, which are
asked over the project's own documents; those that nobody has accepted yet are passed over. Nothing
is asked here.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ragkit.errors import UsageError
from ragkit.evaluation.adapters.reading import Row, read_rows
from ragkit.evaluation.adapters.squad import read_questions
from ragkit.evaluation.records import Sample
from ragkit.evaluation.suites import parse_sample
from ragkit.training.records import TrainingItem

_NOT_ASKED = frozenset({"closed-book", "leak"})
"""Kinds of samples that are about something else than answering from sources."""


def read_items(files: Iterable[Path]) -> tuple[TrainingItem, ...]:
    """Return the items of some files, in their order; a text that comes back is kept once.

    Raises:
        UsageError: A file is of another form, or none of them holds a question.
    """
    found = {
        (item.question, item.context, item.document): item
        for path in files
        for item in _read_file(path)
    }
    if not found:
        raise UsageError(
            "there is no question to train on: none, or only drafts that nobody has accepted",
            hint="give files of questions; to accept drafts: ragkit eval make FOLDER --review",
        )
    return tuple(found.values())


def _read_file(path: Path) -> Iterator[TrainingItem]:
    if path.name.removesuffix(".gz").endswith(".json"):
        for question in read_questions(path):
            yield TrainingItem(
                id=question.id,
                question=question.text,
                answers=question.answers,
                context=question.context,
                document=question.title,
            )
        return
    for number, row in enumerate(read_rows(path), start=1):
        if "kind" in row.values:
            sample = parse_sample(row.values, place=f"{path.name}:{number}")
            if sample.kind not in _NOT_ASKED and not sample.draft:
                yield _item_of_sample(sample)
        else:
            yield _item_of_row(row)


def _item_of_row(row: Row) -> TrainingItem:
    """Return the item of a line in SQuAD form; what only training reads may be missing."""
    values = row.values
    answerable = values.get("answerable", not values.get("is_impossible", False))
    return TrainingItem(
        id=str(values.get("id") or row.place),
        question=row.text("question"),
        answers=_once(row.texts("answers")) if answerable else (),
        context=row.text("context"),
        document=str(values.get("title") or "untitled"),
        reference=str(values.get("reference") or ""),
        reasoning=str(values.get("reasoning") or ""),
        language=str(values.get("lang") or "en"),
        elsewhere=bool(values.get("elsewhere")),
    )


def _item_of_sample(sample: Sample) -> TrainingItem:
    answers = sample.answers if sample.wants_answer else ()
    return TrainingItem(
        id=sample.id,
        question=sample.question,
        answers=answers,
        context="",
        document=sample.gold[0].document if sample.gold else sample.group or sample.base_id,
        reference=sample.reference if answers else "",
        language=sample.language,
        quotes=tuple(place.quote for place in sample.gold),
        within=sample.within,
    )


def _once(answers: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(answer.strip() for answer in answers if answer.strip()))
