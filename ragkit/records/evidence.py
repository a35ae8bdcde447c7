"""From a question to evidence: hits, the sentences selected from them, and whether they do."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ragkit.records.documents import Chunk


@dataclass(frozen=True, slots=True)
class Ranks:
    """Where a chunk stood in each ranking, counted from 1; None where it was not among the best."""

    dense: int | None = None
    lexical: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found, with its fused score (higher is better) and rank (from 1)."""

    chunk: Chunk
    score: float
    rank: int
    ranks: Ranks = Ranks()
    cosine: float | None = None
    """Of the query and chunk embeddings, where the dense ranking held it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document, or a unit that reads as one: a bullet, a table row, a code line."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class EvidenceSentence:
    """A sentence selected to answer with, and how well it matches the question."""

    sentence: Sentence
    source_id: int
    score: float
    cosine: float
    coverage: float
    """Share of the question's content words (weighted by rarity) that the sentence holds."""
    features: Mapping[str, float] = field(default_factory=dict)
    """What the score was computed from."""
    answer_span: str = ""
    """The words of it that answer, as a reader found them; empty where it found none."""


@dataclass(frozen=True, slots=True)
class Source:
    """A hit that the answer may cite, numbered from 1 as the prompt and the reader see it."""

    id: int
    hit: Hit
    sentences: tuple[EvidenceSentence, ...]
    """In the order of the document."""


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """How surely the evidence answers the question, 0 to 1, and what that was computed from."""

    score: float
    threshold: float
    features: Mapping[str, float] = field(default_factory=dict)
    reason: str = ""
    """Why it is too little, in words; empty where it is enough."""
    contributions: Mapping[str, float] = field(default_factory=dict)
    """What each feature, weighted, adds; with "bias" they sum to the log-odds of the score."""

    @property
    def enough(self) -> bool:
        """Whether to answer rather than abstain."""
        return self.score >= self.threshold


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was selected from the hits to answer with."""

    sources: tuple[Source, ...]
    sentences: tuple[EvidenceSentence, ...]
    """Best first."""
    sufficiency: Sufficiency
