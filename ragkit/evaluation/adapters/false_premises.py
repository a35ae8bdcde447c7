"""FalseQA: questions that take something false for granted, and like ones that do not.

What is true is put into the documents, a short one for each question: to abstain, or to say what is
true, is right where the premise is false. The set's own use, without documents, is not this one.

Source: Hu et al. 2023, "Won't Get Fooled Again: Answering Questions with False Premises".
"""

from collections.abc import Sequence
from pathlib import Path

from ragkit.evaluation.adapters.reading import Row, read_rows
from ragkit.evaluation.adapters.records import Answerable, Conversion, Paper, draw, join_answers
from ragkit.evaluation.records import Sample


def convert_false_premises(files: Sequence[Path], *, limit: int | None, seed: int) -> Conversion:
    """Return questions in FalseQA form: question, answer, and label 1 where the premise is false.

    Raises:
        UsageError: A file is of another form.
    """
    rows = [row for path in files for row in read_rows(path)]
    drawn = draw(rows, [row.text("question") for row in rows], limit=limit, seed=seed)
    samples, papers, gold = [], [], {}
    for number, row in enumerate(drawn, start=1):
        name = f"{number:04}.txt"
        sample = _sample(row, f"falseqa-{number:04}")
        samples.append(sample)
        truth = " ".join(join_answers(row.texts("answer", "answers")))
        papers.append(Paper(name, "", truth))
        gold[sample.id] = (Answerable(name, (truth,)),)
    return Conversion(
        title="Questions in FalseQA form",
        description="The documents say what is true; false premises are to be put right.",
        measures=("hallucination",),
        samples=tuple(samples),
        gold=gold,
        papers=tuple(papers),
    )


def _sample(row: Row, identity: str) -> Sample:
    truth = join_answers(row.texts("answer", "answers"))
    label = str(row.values.get("label"))
    if label not in ("0", "1"):
        raise row.lacks("label that is 0 or 1")
    is_false = label == "1"
    return Sample(
        id=identity,
        base_id=identity,
        kind="false-premise" if is_false else "answerable",
        question=row.text("question").strip(),
        answers=() if is_false else truth,
        correction=truth if is_false else (),
        reference=truth[0],
    )
