"""How a sample is put: the base form, and variants that keep its meaning."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ragkit.evaluation.records.samples import Sample
from ragkit.prompting import Strategy
from ragkit.records import Hit

Call = Literal["ask", "closed-book", "oracle", "samples", "twin", "search", "reason", "cross"]
"""What is done with a case. ask: answer from the case's passages. closed-book: answer without any.
oracle: answer from the gold passages alone. samples: answer several times at a temperature. twin:
log-probabilities of a sentence and its swapped twin. search: rank passages; no model is asked.
reason: answer without any, thinking first where the strategy says so. cross: log-probabilities of
the answer to each variant of a group, given each of the others."""

BASE_AXIS = "base"
"""The axis of what is asked as the sample puts it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A sample as it is put to the system: everything that a variant may change."""

    sample: Sample
    question: str
    strategy: Strategy
    hits: tuple[Hit, ...] | None = None
    """The passages to answer from, best first; None for what is retrieved for the question."""
    in_order: bool = False
    """Whether the prompt shows the passages in the order of `hits`, rather than in that of their
    best sentences, as `ragkit ask` does."""
    pool: tuple[Hit, ...] = ()
    """Passages retrieved for the question as the sample puts it, more than are shown."""
    top_n: int = 5
    """How many of the pool are given to answer from where `hits` says nothing."""
    chat_template: bool = True
    """Whether the model's own marks of turns stand around the messages."""


Change = Callable[[Case], Case]
"""A pure change of a case that keeps its meaning; what is random in it is seeded by the sample's id
and the variant's, so that neither order nor selection matters."""


def unchanged(case: Case) -> Case:
    """Return the case as it is."""
    return case


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to put every sample."""

    id: str
    """Unique in a run: "base", "control/1", "typos/5"."""
    axis: str
    """What it varies: `BASE_AXIS`, "control", "paraphrase", "typos", "mixed" ..."""
    level: str
    """How, in a few words for a reader: "5% of the letters"."""
    change: Change = unchanged
    """What it does to a case; may raise InapplicableError."""
    group: tuple["Variant", ...] = ()
    """Of the call "cross": the variants whose answers are held against each other."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do in a run: a sample, how it is put, and what is done with it."""

    sample: Sample
    variant: Variant
    call: Call = "ask"

    @property
    def key(self) -> str:
        """What names it in a run: "sci-age.answerable|typos/5|ask"."""
        return f"{self.sample.id}|{self.variant.id}|{self.call}"
