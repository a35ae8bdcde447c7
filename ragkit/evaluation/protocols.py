"""What has more than one implementation while measuring: measures, and who judges a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ragkit.evaluation.records import Sample, Scored, Summary, Task, Tier


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """Which part of a suite is run."""

    size: str = "default"
    """smoke, default or full: samples of that size and smaller ones."""
    budget: int | None = None
    """The most tasks to run, sampled evenly over samples and variants; None for all."""
    axes: tuple[str, ...] = ()
    """Of brittleness: which axes to vary; empty for all."""
    strategy: str = "zero-shot"
    """How the model is asked, but where that is varied."""
    seed: int = 0
    instructions: tuple[str, ...] = ()
    """Of brittleness: a suite's own wordings of the instruction; empty for the built-in ones."""
    judges: tuple[str, ...] = ()
    """Judges beyond the rules, by name: encoder, logits, or the path of a detector."""


class Measure(Protocol):
    """What is done with the samples of a suite, and what it comes to."""

    @property
    def name(self) -> str:
        """What a user calls it by: hallucination, brittleness, memorisation, retrieval."""

    def plan(self, samples: Sequence[Sample], options: PlanOptions) -> tuple[Task, ...]:
        """Return what to do, each task once; the same for the same samples and options.

        Raises:
            UsageError: No sample is of use for it, or an option names what it does not know.
        """

    def summarise(
        self, samples: Sequence[Sample], scored: Sequence[Scored], options: PlanOptions
    ) -> Summary:
        """Return what the outcomes come to; those of some tasks may be missing or failed."""


class Claim(Protocol):
    """A sentence to be judged, and the texts that should back it."""

    @property
    def text(self) -> str:
        """The sentence, without citation marks."""

    @property
    def passages(self) -> Sequence[str]:
        """What it should rest on."""


class Judge(Protocol):
    """Says how surely passages back a claim."""

    @property
    def name(self) -> str:
        """Encoder, logits, or the name of a detector."""

    @property
    def tier(self) -> Tier:
        """T1, T2 or T3."""

    @property
    def identity(self) -> Mapping[str, str]:
        """What its scores depend on, such as the sha256 of its weights."""

    def score(self, claims: Sequence[Claim]) -> tuple[float, ...]:
        """Return a number for each claim, higher where it is backed more surely."""
