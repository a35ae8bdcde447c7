"""What came of a case: what the model said, what was shown, and how it scored.

An outcome holds everything that scoring needs, so that a run can be scored anew without a model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from ragkit.evaluation.records.cases import Call
from ragkit.evaluation.records.samples import Kind
from ragkit.records import Support

View = Literal["shown", "model"]
"""shown: the checked answer, as `ragkit ask` prints it. model: what the model said, taken as the
answer, unchecked, also where the evidence was too little to ask it."""
VIEWS: tuple[View, ...] = get_args(View)

Verdict = Literal["correct", "abstained", "wrong"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that was given to answer from, or was found, in its order."""

    id: int
    """As the prompt numbers it."""
    document: str
    start: int
    end: int
    text: str
    """The whole passage."""
    evidence: tuple[str, ...] = ()
    """The sentences of it that the prompt held."""
    score: float = 0.0
    cosine: float | None = None
    page: int | None = None
    heading: tuple[str, ...] = ()
    """The title of the document and the headings that it stands under."""


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence of an answer; `support` is that of ragkit's own check."""

    text: str
    citations: tuple[int, ...] = ()
    support: Support = "none"
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer as one view gives it."""

    text: str
    abstained: bool
    sentences: tuple[ReadSentence, ...] = ()
    mode: str = ""
    """Of the shown answer: generated, quoted or abstained."""
    reason: str = ""
    """Why it abstained, or why it quotes."""


@dataclass(frozen=True, slots=True)
class LogprobSummary:
    """Natural log-probabilities of the tokens of a completion, summed up."""

    tokens: int
    mean: float
    least: float
    lowest_fifth: float
    """Mean of the least likely fifth of the tokens, at least one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one task of a run."""

    sample_id: str
    base_id: str
    kind: Kind
    variant: str
    axis: str
    level: str
    call: Call
    question: str
    """As it was put."""
    strategy: str = ""
    prompt_sha256: str = ""
    prompt: str = ""
    """The exact text that the model got; empty where none was asked."""
    prompt_tokens: int = 0
    passages: tuple[Passage, ...] = ()
    """Those in the prompt, or, of a search, those found."""
    completion: str | None = None
    """What the model said, unedited; None where it was not asked."""
    finish_reason: str = ""
    logprobs: LogprobSummary | None = None
    readings: Mapping[View, Reading] = field(default_factory=dict)
    sufficiency: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    """What only its call has, in JSON values; the module of the call says what."""
    error: str = ""
    """Why there is no answer; such an outcome counts as wrong and is listed."""
    seconds: float = 0.0

    @property
    def key(self) -> str:
        """As that of its task."""
        return f"{self.sample_id}|{self.variant}|{self.call}"


@dataclass(frozen=True, slots=True)
class Score:
    """How one view of an outcome scores."""

    verdict: Verdict
    right: bool
    """Whether the verdict is what the kind asks for."""
    values: Mapping[str, float | None] = field(default_factory=dict)
    """Sub-scores by name; None where one is undefined."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Such as {"hallucination": "fabrication"}."""


@dataclass(frozen=True, slots=True)
class Scored:
    """An outcome with its scores, by view; what has no answer to score has none."""

    outcome: Outcome
    scores: Mapping[View, Score] = field(default_factory=dict)
