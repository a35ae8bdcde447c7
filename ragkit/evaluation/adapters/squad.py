"""SQuAD 2.0 and XQuAD: questions over paragraphs of articles, some without an answer.

Each question is asked over its own paragraph and some others of the same article.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ragkit.errors import UsageError
from ragkit.evaluation.adapters.paragraphs import Paragraphs, number_paragraphs
from ragkit.evaluation.adapters.reading import Row, read_json, read_rows, read_text
from ragkit.evaluation.adapters.records import Answerable, Conversion, draw, join_answers
from ragkit.evaluation.records import Sample

NEIGHBOURS = 4
"""Paragraphs of the same article beside the one that answers: five together, as many as `ragkit
ask` retrieves by default."""
_LANGUAGE = re.compile(r"[._-]([a-z]{2})(?:\.jsonl?)?(?:\.gz)?$")


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the set."""

    id: str
    text: str
    title: str
    context: str
    answers: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What names its paragraph."""
        return self.title, self.context


def convert_squad(files: Sequence[Path], *, limit: int | None, seed: int) -> Conversion:
    """Return questions in SQuAD 2.0 form: the published JSON, or a line for each question.

    Of a limited number half are without an answer, where there are so many.

    Raises:
        UsageError: A file is of another form.
    """
    questions = [question for path in files for question in read_questions(path)]
    return _convert(questions, {}, limit=limit, seed=seed, title="Questions in SQuAD 2.0 form")


def convert_xquad(files: Sequence[Path], *, limit: int | None, seed: int) -> Conversion:
    """Return questions in XQuAD form: the documents are those of the first file.

    The other files hold the same questions in other languages, told by the names of the files:
    `xquad.de.json`. They are other wordings of the same samples.

    Raises:
        UsageError: A file is of another form, or its name has no language.
    """
    first, *others = files
    translations: dict[str, dict[str, str]] = {}
    for path in others:
        language = language_of(path)
        for question in read_questions(path):
            translations.setdefault(question.id, {})[language] = question.text
    questions = list(read_questions(first))
    conversion = _convert(
        questions, translations, limit=limit, seed=seed, title="Questions in XQuAD form"
    )
    language = language_of(first)
    samples = (replace(sample, language=language) for sample in conversion.samples)
    measures = ("hallucination", "brittleness", "retrieval")
    return replace(conversion, samples=tuple(samples), measures=measures)


def language_of(path: Path) -> str:
    """Return the language that a file's name ends with.

    >>> language_of(Path("xquad.de.jsonl.gz")), language_of(Path("xquad.zh.json"))
    ('de', 'zh')

    Raises:
        UsageError: It ends with none.
    """
    found = _LANGUAGE.search(path.name)
    if found is None:
        raise UsageError(
            f"{path.name} does not say its language",
            hint="name the file after it: xquad.en.json, xquad.de.json",
        )
    return found[1]


def read_questions(path: Path) -> Iterator[Question]:
    """Yield the questions of a file, in its order.

    Raises:
        UsageError: It is of another form.
    """
    if read_text(path).lstrip().startswith("{") and path.name.removesuffix(".gz").endswith(".json"):
        yield from _published_questions(read_json(path), path.name)
    else:
        yield from map(_flat_question, read_rows(path))


def _flat_question(row: Row) -> Question:
    """Return the question of a line with question, context, answers and, where known, title."""
    title = row.values.get("title")
    answerable = row.values.get("answerable", not row.values.get("is_impossible", False))
    return Question(
        id=str(row.values.get("id") or row.place),
        text=row.text("question"),
        title=title if isinstance(title, str) and title else "untitled",
        context=row.text("context"),
        answers=join_answers(row.texts("answers")) if answerable else (),
    )


def _published_questions(table: Any, place: str) -> Iterator[Question]:
    """Yield the questions of data -> paragraphs -> qas, as SQuAD is published."""
    try:
        for article in table["data"]:
            for paragraph in article["paragraphs"]:
                for asked in paragraph["qas"]:
                    impossible = asked.get("is_impossible", False)
                    texts = [] if impossible else [answer["text"] for answer in asked["answers"]]
                    yield Question(
                        id=str(asked["id"]),
                        text=str(asked["question"]),
                        title=str(article.get("title") or "untitled"),
                        context=str(paragraph["context"]),
                        answers=join_answers(texts),
                    )
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{place} is not in SQuAD form: {error!r}",
            hint="it has data, and in it paragraphs with context and qas",
        ) from error


def _convert(
    questions: Sequence[Question],
    translations: Mapping[str, Mapping[str, str]],
    *,
    limit: int | None,
    seed: int,
    title: str,
) -> Conversion:
    drawn = draw_halves(questions, limit=limit, seed=seed)
    titles = {question.title for question in drawn}
    paragraphs = number_paragraphs([q.key for q in questions if q.title in titles])
    samples = tuple(
        replace(sample_of(question, paragraphs), translations=translations.get(question.id, {}))
        for question in drawn
    )
    gold = {
        question.id: (Answerable(paragraphs.names[question.key], question.answers),)
        for question in drawn
        if question.answers
    }
    return Conversion(
        title=title,
        description=f"Each is asked over its paragraph and {NEIGHBOURS} of the same article.",
        measures=("hallucination", "retrieval", "brittleness"),
        samples=samples,
        gold=gold,
        papers=paragraphs.papers,
    )


def draw_halves(questions: Sequence[Question], *, limit: int | None, seed: int) -> list[Question]:
    """Return at most `limit` questions, one in two without an answer where there are so many."""
    with_answer = [question for question in questions if question.answers]
    without = [question for question in questions if not question.answers]
    half = None if limit is None else limit // 2
    several = draw(without, [q.id for q in without], limit=half, seed=seed)
    rest = None if limit is None else limit - len(several)
    answered = draw(with_answer, [q.id for q in with_answer], limit=rest, seed=seed)
    drawn = [*answered, *several]
    return draw(drawn, [q.id for q in drawn], limit=None, seed=seed)


def sample_of(question: Question, paragraphs: Paragraphs) -> Sample:
    """Return the sample of a question; its gold is found once the documents are read."""
    name = paragraphs.names[question.key]
    neighbours = paragraphs.neighbours(name, question.text, NEIGHBOURS)
    return Sample(
        id=question.id,
        base_id=name.removesuffix(".txt"),
        kind="answerable" if question.answers else "unanswerable-near",
        question=question.text.strip(),
        answers=question.answers,
        group=question.title,
        within=(name, *neighbours),
    )
