"""RGB: five passages of which some hold the answer, none does, or some hold a wrong one.

Source: Chen et al. 2024, "Benchmarking Large Language Models in Retrieval-Augmented Generation":
noise robustness, negative rejection, information integration, counterfactual robustness.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ragkit.evaluation.adapters.reading import Row, read_rows
from ragkit.evaluation.adapters.records import Answerable, Conversion, Paper, draw, join_answers
from ragkit.evaluation.records import Kind, Sample

PASSAGES = 5
NOISE = (0, 2, 4)
"""Of the five passages, how many do not hold the answer; the paper's rates 0, 0.4 and 0.8."""


def convert_rgb(files: Sequence[Path], *, limit: int | None, seed: int) -> Conversion:
    """Return questions in RGB form: query, answer, positive, negative, and in some positive_wrong.

    Each becomes a noisy sample for each number of noise passages, one without any that answers,
    and where there are wrong passages one that has only those.

    Args:
        files: Of the set, such as en.json, en_int.json, en_fact.json.
        limit: How many questions.
        seed: Of the draw.

    Raises:
        UsageError: A file is of another form.
    """
    rows = [row for path in files for row in read_rows(path)]
    drawn = draw(rows, [row.place for row in rows], limit=limit, seed=seed)
    built = [_Question(row, number) for number, row in enumerate(drawn, start=1)]
    return Conversion(
        title="Questions in RGB form",
        description=f"Each is asked over {PASSAGES} passages, more and more of which are noise.",
        measures=("hallucination",),
        samples=tuple(sample for question in built for sample in question.samples()),
        gold={id_: places for question in built for id_, places in question.gold()},
        papers=tuple(paper for question in built for paper in question.papers()),
    )


class _Question:
    """A question with its passages as documents of a folder of its own."""

    def __init__(self, row: Row, number: int) -> None:
        self._row = row
        self._name = f"{number:04}"
        self._answers = _answer_parts(row.values.get("answer"), row)
        self._positive = tuple(_nested_texts(row.values.get("positive", []), row))
        self._negative = row.texts("negative")
        self._wrong = row.texts("positive_wrong") if "positive_wrong" in row.values else ()

    def papers(self) -> Iterator[Paper]:
        """Yield its documents."""
        for kind, passages in self._passages().items():
            for text, name in zip(passages, self._names(kind), strict=True):
                yield Paper(name, "", text)

    def samples(self) -> Iterator[Sample]:
        """Yield its samples."""
        right, noise = self._names("positive"), self._names("negative")
        for count in NOISE:
            chosen = (*right[: PASSAGES - count], *noise[:count])
            yield self._sample("noisy", f"noise-{count}", chosen, distractors=count)
        if noise:
            yield self._sample("unanswerable-near", "rejection", noise[:PASSAGES])
        if self._wrong:
            yield self._sample("counterfactual", "wrong", self._names("wrong")[:PASSAGES])

    def gold(self) -> Iterator[tuple[str, tuple[Answerable, ...]]]:
        """Yield what answers each sample that has an answer."""
        for sample in self.samples():
            kind = "wrong" if sample.kind == "counterfactual" else "positive"
            passages = dict(zip(self._names(kind), self._passages()[kind], strict=True))
            places = tuple(
                Answerable(name, answers, part)
                for part, answers in enumerate(self._parts(sample.kind))
                for name, text in passages.items()
                if name in sample.within and any(a.lower() in text.lower() for a in answers)
            )
            if sample.wants_answer and places:
                yield sample.id, places

    def _passages(self) -> dict[str, tuple[str, ...]]:
        return {"positive": self._positive, "negative": self._negative, "wrong": self._wrong}

    def _names(self, kind: str) -> tuple[str, ...]:
        return tuple(
            f"{self._name}/{kind}-{at:02}.txt" for at, _ in enumerate(self._passages()[kind], 1)
        )

    def _parts(self, kind: Kind) -> tuple[tuple[str, ...], ...]:
        """Return the answers by part; of a counterfactual sample what its documents say."""
        if kind == "counterfactual":
            return (join_answers(self._row.texts("fakeanswer")),)
        return self._answers

    def _sample(
        self, kind: Kind, suffix: str, within: tuple[str, ...], *, distractors: int | None = None
    ) -> Sample:
        parts = self._parts(kind)
        return Sample(
            id=f"rgb-{self._name}.{suffix}",
            base_id=f"rgb-{self._name}",
            kind=kind,
            question=self._row.text("query", "question").strip(),
            answers=() if kind == "unanswerable-near" else join_answers(*parts),
            world=join_answers(*self._answers) if kind == "counterfactual" else (),
            distractors=distractors,
            within=within,
        )


def _answer_parts(value: Any, row: Row) -> tuple[tuple[str, ...], ...]:
    """Return the accepted answers of each part: a list of lists has a part for each."""
    if isinstance(value, str):
        return ((value,),)
    if isinstance(value, list) and value and all(isinstance(one, list) for one in value):
        return tuple(join_answers(_nested_texts(one, row)) for one in value)
    return (join_answers(_nested_texts(value, row)),)


def _nested_texts(value: Any, row: Row) -> Iterator[str]:
    """Yield the texts in lists of lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _nested_texts(one, row)
    else:
        raise row.lacks("query, answer, positive and negative")
