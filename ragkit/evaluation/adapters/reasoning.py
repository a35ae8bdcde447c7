"""Sets of reasoning questions without documents: sums, dates, coin flips, yes or no, choices.

A file is known by its fields, whatever its name: the forms are those of GSM8K, AQuA, SVAMP, AddSub,
MultiArith, SingleEq, CommonsenseQA, the last letters and coin flips of Kojima et al., and BIG-bench
tasks with target scores (StrategyQA, date understanding, tracking of objects).

Source: Kojima et al. 2022, "Large Language Models are Zero-Shot Reasoners", which brought the sets
together and puts the choices behind the question as here.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from ragkit.errors import UsageError
from ragkit.evaluation.adapters.reading import Row, read_json, read_rows
from ragkit.evaluation.adapters.records import Conversion, draw, file_name
from ragkit.evaluation.records import Sample

ANSWER_TYPES = ("number", "choice", "yes-no", "text")
_Asked = tuple[str, str, str]
"""Question, right answer, type of answer."""


def convert_reasoning(files: Sequence[Path], *, limit: int | None, seed: int) -> Conversion:
    """Return the questions of some files, at most `limit` of each, one of each set in turn.

    Raises:
        UsageError: A file is of none of the known forms.
    """
    sets: list[list[Sample]] = []
    left_out: list[str] = []
    for path in files:
        name = set_name(path)
        rows = list(_rows(path))
        asked = [_asked(row) for row in rows]
        lacking = sum(one is None for one in asked)
        if lacking:
            left_out.append(f"{path.name}: {lacking} of {len(rows)} questions have no answer")
        known = [(row.place, one) for row, one in zip(rows, asked, strict=True) if one]
        drawn = draw(known, [place for place, _ in known], limit=limit, seed=seed)
        sets.append([_sample(one, name, number) for number, (_, one) in enumerate(drawn, start=1)])
    return Conversion(
        title="Reasoning questions",
        description="Questions without documents, asked with and without thinking step by step.",
        measures=("reasoning",),
        samples=tuple(sample for turn in zip_longest(*sets) for sample in turn if sample),
        gold={},
        papers=(),
        left_out=tuple(left_out),
    )


def set_name(path: Path) -> str:
    """Return the name of a set by its file.

    >>> set_name(Path("SVAMP__SVAMP.json.gz")), set_name(Path("gsm8k-train.jsonl"))
    ('svamp', 'gsm8k-train')
    """
    return file_name(path.name.split(".")[0].split("__")[0])


def _sample(asked: _Asked, name: str, number: int) -> Sample:
    question, answer, kind = asked
    identity = f"{name}-{number:04}"
    return Sample(
        id=identity,
        base_id=identity,
        kind="closed-book",
        question=" ".join(question.split()) if kind != "choice" else question.strip(),
        answers=(answer,),
        type=kind,
        group=name,
    )


def _rows(path: Path) -> Iterator[Row]:
    """Yield the objects of a file, or of the list of examples in it."""
    if ".jsonl" in path.name:
        yield from read_rows(path)
        return
    try:
        table = read_json(path)
    except UsageError:
        yield from read_rows(path)  # lines in a file called .json, as AQuA's
        return
    examples = table.get("examples", [table]) if isinstance(table, dict) else table
    if not isinstance(examples, list):
        raise UsageError(f"{path.name} holds no list of questions", hint="see: docs/evaluation.md")
    for number, values in enumerate(examples, start=1):
        if not isinstance(values, dict):
            raise UsageError(
                f"{path.name}, question {number} is no object", hint="see: docs/evaluation.md"
            )
        yield Row(values, f"{path.name}, question {number}")


def _asked(row: Row) -> _Asked | None:
    """Return question, answer and type; None of a question whose answer is withheld."""
    for key, read in _READERS:
        if key in row.values:
            return read(row)
    raise row.lacks("question", "sQuestion", "input", "Body")


def _read_sum(row: Row) -> _Asked:
    return row.text("sQuestion"), plain_number(row.values["lSolutions"][0]), "number"


def _read_story(row: Row) -> _Asked:
    question = f"{row.text('Body').rstrip(' .')}. {row.text('Question')}"
    return question, plain_number(row.values["Answer"]), "number"


def _read_scores(row: Row) -> _Asked:
    """Return a BIG-bench question; where yes and no are all there is to say, that is its type.

    The choices are shuffled: in some tasks the right one comes first.
    """
    scores: dict[str, Any] = row.values["target_scores"]
    best = max(scores, key=lambda choice: scores[choice])
    if {choice.lower() for choice in scores} == {"yes", "no"}:
        return row.text("input"), best.lower(), "yes-no"
    question = row.text("input")
    choices = draw(list(scores), list(scores), limit=None, seed=zlib.crc32(question.encode()))
    return _with_choices(question, choices, choices.index(best))


def _read_options(row: Row) -> _Asked:
    """Return a question of AQuA, whose options begin with their letters."""
    options = [option.partition(")")[2].strip() for option in row.texts("options")]
    return _with_choices(row.text("question"), options, ord(row.text("correct")) - ord("A"))


def _read_stem(row: Row) -> _Asked | None:
    """Return a question of CommonsenseQA; the published test part has no answers."""
    asked = row.values["question"]
    if "answerKey" not in row.values:
        return None
    choices = [choice["text"] for choice in asked["choices"]]
    labels = [choice["label"] for choice in asked["choices"]]
    return _with_choices(asked["stem"], choices, labels.index(row.text("answerKey")))


def _read_plain(row: Row) -> _Asked | None:
    """Return a question whose answer is a text: worked sums end with "#### 72"."""
    if isinstance(row.values["question"], dict):
        return _read_stem(row)
    if "options" in row.values:
        return _read_options(row)
    answer = row.text("answer")
    if "####" in answer:
        return row.text("question"), plain_number(answer.rpartition("####")[2]), "number"
    lowered = answer.strip().lower()
    return row.text("question"), lowered, "yes-no" if lowered in ("yes", "no") else "text"


_READERS: tuple[tuple[str, Callable[[Row], _Asked | None]], ...] = (
    ("sQuestion", _read_sum),
    ("Body", _read_story),
    ("target_scores", _read_scores),
    ("question", _read_plain),
)
"""By the field that tells a form."""


def _with_choices(question: str, choices: Sequence[str], right: int) -> _Asked:
    lettered = " ".join(f"({chr(ord('A') + at)}) {text}" for at, text in enumerate(choices))
    question = f"{' '.join(question.split())} Answer choices: {lettered}"
    return question, chr(ord("A") + right), "choice"


def plain_number(value: Any) -> str:
    """Return a number without separators and needless decimals.

    >>> plain_number(51.0), plain_number(" 1,250 "), plain_number("0.50")
    ('51', '1250', '0.5')
    """
    text = str(value).strip().replace(",", "").lstrip("$")
    try:
        return f"{float(text):.10g}"
    except ValueError:
        return text
