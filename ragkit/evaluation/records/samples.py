"""What is asked, and what is known of the right answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Kind = Literal[
    "answerable",
    "unanswerable-near",
    "unanswerable-far",
    "false-premise",
    "counterfactual",
    "noisy",
    "conflicting",
    "leak",
    "closed-book",
]
"""What is right: an answer for answerable, counterfactual, noisy, conflicting and closed-book ones;
to abstain for unanswerable ones and leaks; to abstain or to correct for a false premise."""

ANSWERED_KINDS: frozenset[Kind] = frozenset(
    {"answerable", "counterfactual", "noisy", "conflicting", "closed-book"}
)
"""Kinds for which an answer is right."""


@dataclass(frozen=True, slots=True)
class GoldPlace:
    """A place that answers: a span of a document's text and the words that stand there."""

    document: str
    start: int
    end: int
    quote: str
    part: int = 0
    """Places of one part are alternatives; a whole answer needs one place of each part."""
    page: int | None = None
    grade: int = 1
    """How relevant it is, in collections that are judged by degrees."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A sentence of a document, and the same with one thing swapped for another of its type."""

    original: str
    swapped: str
    swap: tuple[str, str]
    """What was swapped, and for what."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A question, what kind it is of, and what is right to say."""

    id: str
    base_id: str
    """The fact that it is about: samples of one base are not independent."""
    kind: Kind
    question: str
    answers: tuple[str, ...] = ()
    """Short forms, any of which makes an answer right; empty where none is right."""
    reference: str = ""
    """The right answer as a sentence."""
    gold: tuple[GoldPlace, ...] = ()
    size: str = "default"
    """The smallest size of a run that asks it: smoke, default or full."""
    type: str = ""
    """What is asked for: number, date, name, term, reason, table, none."""
    group: str = ""
    """The course, article or the like that it belongs to."""
    language: str = "en"
    of: str = ""
    """The sample that this is a variant of."""
    distractors: int | None = None
    """Passages that stand beside the gold; None where the context is what was retrieved."""
    twin: Twin | None = None
    world: tuple[str, ...] = ()
    """Answers that the world gives, which show that a model speaks from memory."""
    sides: tuple[tuple[str, ...], ...] = ()
    """Of a conflict: the answers of each gold place, in its order."""
    premise: str = ""
    """What the question wrongly takes for granted, in its words."""
    correction: tuple[str, ...] = ()
    """Answers that put a premise right."""
    absent: tuple[str, ...] = ()
    """What would have to stand somewhere if the documents held an answer."""
    paraphrases: tuple[str, ...] = ()
    translations: Mapping[str, str] = field(default_factory=dict)
    """The question by language (ISO 639-1)."""
    keep: tuple[str, ...] = ()
    """Numbers, names and terms that no wording changes and no typo may touch."""
    within: tuple[str, ...] = ()
    """The documents to answer from; empty for all of the corpus."""
    draft: bool = False
    """Made by rule and not yet accepted by a person."""

    @property
    def wants_answer(self) -> bool:
        """Whether an answer is right, rather than to abstain."""
        return self.kind in ANSWERED_KINDS


@dataclass(frozen=True, slots=True)
class Suite:
    """A folder of samples, what they can measure, and which documents they are about."""

    name: str
    title: str
    description: str
    version: int
    folder: Path
    measures: tuple[str, ...]
    """What it is for, the first by default: hallucination, brittleness, memorisation, retrieval."""
    samples: tuple[Sample, ...]
    corpus: Path | None = None
    """Its own documents; None where it is about those of the project."""
    sha256: str = ""
    """Of its samples and settings: two runs with the same one asked the same."""
    built_in: bool = False
