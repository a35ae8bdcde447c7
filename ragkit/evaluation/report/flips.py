"""Answers that changed though the question did not: both side by side, the differences marked."""

from collections.abc import Mapping
from dataclasses import dataclass

from ragkit.evaluation.records import Chart, Scalar
from ragkit.evaluation.report.charts.reading import rows_of, words
from ragkit.evaluation.report.differences import Piece, mark_differences
from ragkit.evaluation.report.looking import ABSTENTION

MOST_FLIPS = 30
"""Shown in a page; their prompts are long, and all of them stand in items.jsonl."""
_PARTS = ("question", "answer", "prompt")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two ways."""

    variant: str
    verdict: str
    parts: Mapping[str, tuple[Piece, ...]]
    """Question, answer and prompt, in pieces."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A sample whose verdict depends on how it was put."""

    sample: str
    one: Side
    other: Side


def read_flips(chart: Chart, *, most: int = MOST_FLIPS) -> tuple[Flip, ...]:
    """Return the first flips of a chart."""
    needed = [f"{name}_{side}" for name in ("variant", "verdict", *_PARTS) for side in "ab"]
    flips: list[Flip] = []
    for row in rows_of(chart, "sample", *needed):
        if len(flips) == most:
            break
        flips.append(_flip(row))
    return tuple(flips)


def _part(row: Mapping[str, Scalar], name: str, side: str) -> str:
    """Return a part of a side; an abstention may have no words of its own."""
    text = words(row[f"{name}_{side}"])
    abstained = row[f"verdict_{side}"] == "abstained"
    return ABSTENTION if name == "answer" and abstained and not text else text


def _flip(row: Mapping[str, Scalar]) -> Flip:
    pairs = {
        name: mark_differences(_part(row, name, "a"), _part(row, name, "b")) for name in _PARTS
    }
    one, other = (
        Side(
            words(row[f"variant_{side}"]),
            words(row[f"verdict_{side}"]),
            {name: pair[at] for name, pair in pairs.items()},
        )
        for at, side in enumerate("ab")
    )
    return Flip(words(row["sample"]), one, other)
