"""The records that are passed along, from a file on disk to a checked answer.

Records are frozen and carry no behaviour beyond derived properties. Offsets are always counted in
characters of `Document.text`, half open: `text[start:end]`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

Embeddings = npt.NDArray[np.float32]
"""Unit rows, C-contiguous float32, shape (n, dim)."""

BlockKind = Literal["heading", "paragraph", "item", "row", "code", "note", "caption"]
Support = Literal["quoted", "supported", "unsupported", "none"]
Mode = Literal["generated", "quoted", "abstained"]
Role = Literal["system", "user", "assistant"]


# --- documents ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """A numbered unit of a document: a PDF page, a slide, a notebook cell group."""

    number: int
    """Counted from 1."""
    label: str
    """As printed ("iv", "12")."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A structural unit that is better not cut: a paragraph, a bullet, a table row."""

    kind: BlockKind
    start: int
    end: int
    heading: tuple[str, ...] = ()
    """The headings it stands under, outermost first; for a heading block, those above it."""


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed source file: clean text, with where its pages and blocks lie in it."""

    path: str
    """Posix path relative to the corpus; absolute for a document outside it."""
    format: str
    title: str
    text: str
    sha256: str
    """Of the file's bytes."""
    pages: tuple[Page, ...] = ()
    """In order, without gaps that hold text; empty for a format without pages."""
    blocks: tuple[Block, ...] = ()
    """In order; they do not overlap, and together they hold all text but white space."""
    warnings: tuple[str, ...] = ()
    """What a user should know, such as "4 of 12 pages have almost no text"."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stored slice of a document: `document.text[start:end]`."""

    id: str
    """Hash of content and place: the same on every machine."""
    document: str
    """`Document.path`."""
    text: str
    start: int
    end: int
    title: str = ""
    heading: tuple[str, ...] = ()
    page: int | None = None
    page_label: str | None = None


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What an index knows of a document without its text."""

    path: str
    format: str
    title: str
    sha256: str
    size_bytes: int
    mtime_ns: int
    recipe: str
    """How it was read and cut, in a form to compare."""
    page_count: int
    chunk_count: int


# --- retrieval and evidence -----------------------------------------------------------------------


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


# --- prompts and completions ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a prompt."""

    role: Role
    content: str


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


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are chosen; temperature 0 is greedy and repeatable."""

    max_new_tokens: int = 128
    temperature: float = 0.0
    top_k: int = 40
    top_p: float = 0.95
    seed: int = 0
    stop: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which weights spoke."""

    name: str
    sha256: str
    path: str = ""


# --- answers --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A sentence of the answer, the sources it cites, and how far they back it."""

    text: str
    citations: tuple[int, ...]
    support: Support
    score: float
    quote: str = ""
    """The words of the source that back it."""


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
    completion: Completion | None = None
    model: ModelInfo | None = None
    encoder_name: str = ""
    encoder_fingerprint: str = ""
    sampling: Sampling = Sampling()
    timings_s: Mapping[str, float] = field(default_factory=dict)

    @property
    def abstained(self) -> bool:
        """Whether the answer is that the documents do not say."""
        return self.mode == "abstained"

    @property
    def text(self) -> str:
        """The answer as one string, without citation marks."""
        return " ".join(sentence.text for sentence in self.sentences)
