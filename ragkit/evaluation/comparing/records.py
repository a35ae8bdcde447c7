"""What a comparison of two runs comes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ragkit.evaluation.records import Verdict, View

Standing = Literal["better", "worse", "higher", "lower", "no difference shown"]
"""Of the second run; higher or lower where neither is better."""


@dataclass(frozen=True, slots=True)
class ComparedValue:
    """A number of both runs over the same outcomes."""

    name: str
    """As in `ragkit.evaluation.comparing.values`, or of a score: "f1"."""
    part: str
    """Of what it is the mean: of a call, or of searches of one way."""
    before: float
    after: float
    difference: float
    """How much higher the second run is."""
    low: float | None
    """Of the 95% interval of the difference, by paired bootstrap of whole bases."""
    high: float | None
    n: int
    """Outcomes for which both runs have it."""
    p: float
    """Of no difference, by randomisation of whole bases."""
    p_adjusted: float
    """The same, for as many numbers as are tested beside it (Holm)."""
    detectable: float | None
    """The least difference that so many pairs would show (80% power, alpha .05)."""
    standing: Standing


@dataclass(frozen=True, slots=True)
class Changed:
    """An outcome that is right in one run and not in the other."""

    key: str
    sample_id: str
    question: str
    verdict_before: Verdict
    verdict_after: Verdict
    answer_before: str
    """As the view gives it; empty for an abstention."""
    answer_after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the second of two runs differs from the first, over what both asked."""

    before: str
    """Name of the first run."""
    after: str
    suite: str
    measure: str
    view: View
    pairs: int
    bases: int
    """Facts that the pairs are about: what counts as independent."""
    left_out: Mapping[str, int]
    """Outcomes that have no pair, by reason."""
    warnings: tuple[str, ...]
    changes: tuple[str, ...]
    """In what the runs depend on other things, each with both values."""
    values: tuple[ComparedValue, ...]
    mcnemar_p: float
    """Exact, of right and not right ones, as if all pairs were independent."""
    broke: tuple[Changed, ...]
    fixed: tuple[Changed, ...]
    sentence: str
