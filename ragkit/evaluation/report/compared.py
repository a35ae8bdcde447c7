"""A comparison as the page shows it: what broke and what was fixed, the differences marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from ragkit.evaluation.comparing import Changed, Comparison
from ragkit.evaluation.report.differences import Piece, mark_differences
from ragkit.evaluation.report.looking import ABSTENTION

MOST_CHANGES = 20
"""Of each sort; `ragkit eval compare` lists them all."""


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """An answer that one run gave rightly and the other did not."""

    changed: Changed
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison, and its changed answers by sort."""

    comparison: Comparison
    sorts: tuple[tuple[str, int, tuple[ChangedAnswer, ...]], ...]
    """What it is called, how many there are, and those that are shown."""


def read_comparison(comparison: Comparison) -> Compared:
    """Return a comparison with the words in which its answers differ."""
    return Compared(
        comparison,
        (
            ("What broke", len(comparison.broke), _read(comparison.broke)),
            ("What was fixed", len(comparison.fixed), _read(comparison.fixed)),
        ),
    )


def _read(changed: Sequence[Changed]) -> tuple[ChangedAnswer, ...]:
    return tuple(
        ChangedAnswer(
            one,
            *mark_differences(one.answer_before or ABSTENTION, one.answer_after or ABSTENTION),
        )
        for one in changed[:MOST_CHANGES]
    )
