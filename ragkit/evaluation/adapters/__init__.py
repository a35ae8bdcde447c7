"""Published sets of questions as suites: read by path, never part of the project.

A new form is one module with a `convert_...` function, and its row in FORMS.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from ragkit.evaluation.adapters.false_premises import convert_false_premises
from ragkit.evaluation.adapters.natural import convert_natural
from ragkit.evaluation.adapters.reasoning import ANSWER_TYPES, convert_reasoning, plain_number
from ragkit.evaluation.adapters.records import Answerable, Conversion, Paper
from ragkit.evaluation.adapters.rgb import convert_rgb
from ragkit.evaluation.adapters.squad import convert_squad, convert_xquad
from ragkit.evaluation.adapters.writing import Imported, write_suite

__all__ = [
    "ANSWER_TYPES",
    "FORMS",
    "Answerable",
    "Conversion",
    "Imported",
    "Paper",
    "plain_number",
    "write_suite",
]


class Converter(Protocol):
    """Reads a published set."""

    def __call__(self, files: Sequence[Path], *, limit: int | None, seed: int) -> Conversion:
        """Return its samples and documents; Raises: UsageError for a file of another form."""


class Form(NamedTuple):
    """A form of published sets."""

    convert: Converter
    title: str


FORMS: dict[str, Form] = {
    "squad": Form(convert_squad, "SQuAD 2.0: paragraphs, questions, some without an answer"),
    "xquad": Form(convert_xquad, "XQuAD: the same questions in several languages, a file each"),
    "nq": Form(convert_natural, "Natural Questions with the passage that answers"),
    "falseqa": Form(convert_false_premises, "FalseQA: questions with and without false premises"),
    "rgb": Form(convert_rgb, "RGB: passages that answer among noise, alone, or wrong ones"),
    "reasoning": Form(convert_reasoning, "sums, dates, coin flips, choices: without documents"),
}
"""By the name that `ragkit eval import` takes."""
