"""From evidence to an answer: prompts, completions, and what is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ragkit.records.documents import DocumentFilter
from ragkit.records.evidence import Source, Sufficiency

Support = Literal["quoted", "supported", "unsupported", "none"]
Mode = Literal["generated", "quoted", "abstained"]
Role = Literal["system", "user", "assistant"]
Scope = Literal["passages", "corpus", "document", "dates"]
"""What an answer was put together from: the passages found, or the whole of something."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a prompt."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of a source did not fit into a prompt."""

    source: Source
    sentences: int
    """How many of its sentences."""
    reason: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """The exact messages for a model, and what each part costs in that model's tokens."""

    messages: tuple[Message, ...]
    strategy: str
    version: int
    tokens: int
    context_window: int
    sources: tuple[Source, ...]
    """Those whose evidence the prompt holds."""
    dropped_sources: int = 0
    """Sources left out because they did not fit, lowest ranked first."""
    ledger: Mapping[str, int] = field(default_factory=dict)
    """Tokens by part."""
    source_tokens: tuple[int, ...] = ()
    """Tokens of each of the sources; together those of their part."""
    left_out: tuple[LeftOut, ...] = ()
    """What did not fit, best ranked first."""
    examples: tuple[str, ...] = ()
    """The questions of the worked examples, in the order shown."""
    answer_marker: str = ""
    """What stands between reasoning and answer in the completion; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are chosen; temperature 0 is greedy and repeatable."""

    max_new_tokens: int = 128
    temperature: float = 0.0
    top_k: int = 40
    top_p: float = 0.95
    seed: int = 0
    stop: tuple[str, ...] = ()
    grammar: str = ""
    """A GBNF grammar that the completion must follow, such as `root ::= "yes" | "no"`; empty for
    none. Stop strings and max_new_tokens hold beside it."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model said, unedited."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    finish_reason: Literal["stop", "length"]
    first_token_s: float = 0.0
    """Seconds until the first token, most of them for reading the prompt."""
    generate_s: float = 0.0
    """Seconds from there to the end."""
    token_logprobs: tuple[float, ...] = ()
    """Natural log-probability of each token, before sampling; empty where a back end has none."""
    evaluated_prompt_tokens: int | None = field(default=None, compare=False)
    """Tokens of the prompt that were read, not remembered from another; None where it is not told.
    """


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which weights spoke."""

    name: str
    sha256: str
    path: str = ""
    adapter: str = ""
    """The LoRA adapter applied, as name and sha256; empty for none."""

    @property
    def adapter_name(self) -> str:
        """The adapter's name, with its scale where that is not 1; empty for none."""
        return self.adapter.rpartition(" ")[0]

    @property
    def adapter_sha256(self) -> str:
        """Of the adapter's file; empty for none."""
        return self.adapter.rpartition(" ")[2]

    @property
    def title(self) -> str:
        """Who speaks, in words: the model, and its adapter where it has one.

        >>> ModelInfo("small", "7f3a", adapter="grounded x0.5 3f2a").title
        'small + grounded x0.5'
        """
        return f"{self.name} + {self.adapter_name}" if self.adapter else self.name


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A sentence of the answer, the sources it cites, and how far they back it."""

    text: str
    citations: tuple[int, ...]
    support: Support
    score: float
    quote: str = ""
    """The words of the source that back it."""
    features: Mapping[str, float] = field(default_factory=dict)
    """What the verdict was computed from."""
    label: str = ""
    """What stands before the text in an overview: a week, a day, a heading; else empty."""
    answer_span: str = ""
    """The words of it that answer, as a reader found them in the source; empty for none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The checked answer to a question, or an abstention with its reason."""

    question: str
    mode: Mode
    sentences: tuple[AnswerSentence, ...]
    sources: tuple[Source, ...]
    """Those that the answer cites, or for an abstention the closest ones."""
    sufficiency: Sufficiency
    reason: str = ""
    """Why it abstained, or why it quotes; empty for a generated answer."""
    prompt: Prompt | None = None
    """None where it abstained before a model was asked."""
    within: DocumentFilter | None = None
    """Which documents were searched; None for all."""
    completion: Completion | None = None
    reasoning: str = ""
    """What the model thought before it answered, unchecked; empty where it was not asked to."""
    corrected_citations: int = 0
    """Sentences whose citation was moved to the source that backs them."""
    removed_citations: int = 0
    """Numbers in the completion that name no source."""
    dropped_sentences: int = 0
    """Sentences of the completion that no source backs, left out of the answer."""
    model: ModelInfo | None = None
    scope: Scope = "passages"
    notice: str = ""
    """What to read before the sentences: how many there are, or that the documents disagree."""
    encoder_name: str = ""
    encoder_fingerprint: str = ""
    sampling: Sampling = Sampling()
    timings_s: Mapping[str, float] = field(default_factory=dict)
    reader_name: str = ""
    """What looked for the answer in the passages; empty for nothing."""
    reader_sha256: str = ""

    @property
    def abstained(self) -> bool:
        """Whether the answer is that the documents do not say."""
        return self.mode == "abstained"

    @property
    def text(self) -> str:
        """The answer as one string, without citation marks; of an overview a line each."""
        lines = [f"{s.label}: {s.text}" if s.label else s.text for s in self.sentences]
        separator = " " if self.scope == "passages" else "\n"
        return separator.join([self.notice, *lines] if self.notice and lines else lines)
