"""What came of questions, counted: one table by way of asking, one by kind of question.

right            answerable questions to which a right answer was shown: an accepted short answer
                 stands in it, or, where an item has none, a gold place is covered
covered          answerable questions where what is shown, or the quotes beside it, hold most
                 content words of a gold place
wrong            answerable questions to which something was shown that is not right
unbacked         sentences shown as fact that stand in no document of their sources and fail the
                 checker of ragkit.evidence, checked anew for every mode; of all sentences shown
generated        answers in a model's own words, checked or not; of all answers
precision        of the abstentions, those on unanswerable questions
recall           of the unanswerable questions, those abstained on
over-refusal     of the answerable questions, those abstained on
s                median seconds a question, without loading the model
tokens           median tokens of prompt and completion, where a model was asked

False premises count in no column but unbacked. In the table by kind they are declined by
abstaining, or by showing the gold place that says otherwise. In brackets: 95% Wilson intervals.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

from scipy.stats import binomtest

COLUMNS = (
    "way", "right", "covered", "wrong", "unbacked", "generated", "precision", "recall",
    "over-refusal", "s", "tokens",
)  # fmt: skip


class Outcome(NamedTuple):
    """What came of one question in one way."""

    suite: str
    id: str
    kind: str
    mode: str
    strategy: str
    question: str
    wanted: Sequence[str]
    shown: str
    quotes: Sequence[str]
    """The words of the sources that it rests on, where it tells."""
    by: str
    answered: bool | None
    """None where the item has no accepted answer."""
    covered: bool | None
    """None where the item has no gold."""
    selected: bool | None
    """Whether the evidence held a gold place; None but for the default mode."""
    abstained: bool
    sentences: int
    unbacked: int
    marked: int
    seconds: float | None
    prompt_tokens: int | None
    completion_tokens: int | None
    sufficiency: float | None

    @property
    def right(self) -> bool:
        """Whether a right answer was shown."""
        return bool(self.covered if self.answered is None else self.answered)

    @property
    def declined(self) -> bool:
        """Whether it abstained or, to a false premise, showed what the documents say instead."""
        return self.abstained or (self.kind == "false-premise" and bool(self.covered))

    @property
    def way(self) -> str:
        """The mode, with the strategy where it has one."""
        return f"{self.strategy}, {self.mode}" if self.strategy else self.mode


def print_tables(outcomes: Sequence[Outcome], *, model: object) -> None:
    """Print the tables of each suite."""
    for suite in dict.fromkeys(outcome.suite for outcome in outcomes):
        ways = group_by_way(outcome for outcome in outcomes if outcome.suite == suite)
        kinds = count_kinds(next(iter(ways.values())))
        print(f"\n{suite}, {model}: {sum(kinds.values())} questions, ", end="")
        print(", ".join(f"{count} {kind}" for kind, count in kinds.items()))
        print_aligned([COLUMNS, *(row_of(way, group) for way, group in ways.items())])
        print("\ndeclined, by kind")
        print_aligned(
            [("way", *kinds), *(kinds_row(way, group, kinds) for way, group in ways.items())]
        )
        for way, group in ways.items():
            selected = [bool(o.selected) for o in group if o.selected is not None and is_asked(o)]
            if selected:
                print(f"gold place among the selected sentences ({way}): {share(selected)}")


def group_by_way(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """Return the outcomes of each way."""
    ways: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        ways[outcome.way].append(outcome)
    return ways


def count_kinds(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Return how many questions there are of each kind, in the order of their names."""
    kinds = [outcome.kind for outcome in outcomes]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def row_of(way: str, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """Return the cells of a way."""
    asked = [o for o in outcomes if is_asked(o)]
    others = [o for o in outcomes if o.kind.startswith("unanswerable")]
    abstained = [o for o in asked + others if o.abstained]
    unbacked, sentences = sum(o.unbacked for o in outcomes), sum(o.sentences for o in outcomes)
    seconds = [o.seconds for o in outcomes if o.seconds is not None]
    return (
        way,
        share([o.right for o in asked]),
        share([bool(o.covered) for o in asked], interval=False),
        share([not o.right and not o.abstained for o in asked], interval=False),
        f"{unbacked / sentences:.3f} of {sentences}" if sentences else "-",
        count([o.by in ("generated", "model") for o in outcomes if not o.abstained]),
        share([not is_asked(o) for o in abstained], interval=False),
        share([o.abstained for o in others]),
        share([o.abstained for o in asked]),
        f"{median(seconds):.2f}" if seconds else "-",
        tokens_of(outcomes),
    )


def is_asked(outcome: Outcome) -> bool:
    """Say whether the documents hold the answer."""
    return outcome.kind == "answerable"


def tokens_of(outcomes: Iterable[Outcome]) -> str:
    """Return the median tokens of prompt and completion where a model was asked."""
    pairs = [(o.prompt_tokens, o.completion_tokens) for o in outcomes if o.prompt_tokens]
    if not pairs:
        return "-"
    return f"{median(p for p, _ in pairs):.0f}+{median(c or 0 for _, c in pairs):.0f}"


def kinds_row(way: str, outcomes: Sequence[Outcome], kinds: Iterable[str]) -> tuple[str, ...]:
    """Return how many of each kind a way declined to answer."""
    return (way, *(count([o.declined for o in outcomes if o.kind == kind]) for kind in kinds))


def share(values: Sequence[bool], *, interval: bool = True) -> str:
    """Return a share of some values with its interval; "-" of none.

    >>> share([True, True, False, False])
    '.50 [.15, .85]'
    >>> share([True], interval=False), share([])
    ('1.00', '-')
    """
    if not values:
        return "-"
    mean = _short(sum(values) / len(values))
    if not interval:
        return mean
    bounds = binomtest(sum(values), len(values)).proportion_ci(method="wilson")
    return f"{mean} [{_short(bounds.low)}, {_short(bounds.high)}]"


def _short(number: float) -> str:
    return f"{number:.2f}".removeprefix("0") if number < 1 else f"{number:.2f}"


def count(values: Sequence[bool]) -> str:
    """Return how many of some values are true; "-" of none.

    >>> count([True, False]), count([])
    ('1/2', '-')
    """
    return f"{sum(values)}/{len(values)}" if values else "-"


def print_aligned(rows: Sequence[Sequence[str]]) -> None:
    """Print rows, columns under one another."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
