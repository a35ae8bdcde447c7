"""What has more than one implementation: Encoder, Reader, Index, LLM, and who listens to progress.

Back ends take plain arguments, never Settings. `tests/conformance/` holds one suite per protocol
that every back end passes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol, Self

from ragkit.records import (
    AnswerSentence,
    Block,
    Chunk,
    Completion,
    Document,
    DocumentFilter,
    Embeddings,
    Message,
    ModelInfo,
    Passage,
    Sampling,
    SpanAnswer,
    StoredDocument,
)

ALL_DOCUMENTS = DocumentFilter()
"""Leaves nothing out."""


class ScoredKey(NamedTuple):
    """A chunk as an index knows it inside, and its score; higher is better."""

    key: int
    score: float


class DocumentChange(NamedTuple):
    """Everything an index stores of one document, written in one transaction or not at all."""

    document: Document
    size_bytes: int
    mtime_ns: int
    recipe: str
    """How it was read and cut, in a form to compare."""
    chunks: tuple[Chunk, ...]
    passages: tuple[str, ...]
    """What was embedded of each chunk."""
    embeddings: Embeddings
    """One row per chunk."""
    signature: bytes = b""
    """What stands for its words, to find documents that hold nearly the same; may be empty."""


class DocumentMove(NamedTuple):
    """A document whose file has another name or time of change; title and text are the same."""

    old_path: str
    path: str
    """The same where only the time is new."""
    metadata: Mapping[str, str]
    """What the new path says of it."""
    mtime_ns: int


class TokenSpan(NamedTuple):
    """Where a token stands in a text, in characters."""

    start: int
    end: int


class Encoder(Protocol):
    """Text to unit vectors."""

    @property
    def name(self) -> str:
        """The name that a user chose it by."""

    @property
    def fingerprint(self) -> str:
        """Equal for two encoders exactly when their embeddings can be compared."""

    @property
    def dim(self) -> int:
        """Length of an embedding."""

    @property
    def max_tokens(self) -> int:
        """Tokens of a passage that are read, special tokens and prefixes not counted."""

    def token_spans(self, text: str) -> tuple[TokenSpan, ...]:
        """Return the tokens of a text as the encoder splits it, without special tokens."""

    def encode_queries(self, texts: Sequence[str]) -> Embeddings:
        """Return unit rows of shape (len(texts), dim)."""

    def encode_passages(self, texts: Sequence[str]) -> Embeddings:
        """Return unit rows of shape (len(texts), dim)."""


class Reading(Protocol):
    """A passage, read for one question."""

    def best_within(self, start: int, end: int) -> SpanAnswer | None:
        """Return the likeliest answer inside some characters; None where nothing stands there."""


class Reader(Protocol):
    """Reads passages for the answer to a question."""

    @property
    def name(self) -> str:
        """Its name in the catalogue."""

    @property
    def sha256(self) -> str:
        """Of its weights."""

    def read(self, question: str, passages: Sequence[Passage]) -> Sequence[Reading]:
        """Return what each passage holds of an answer, in the order of the passages."""


class Index(Protocol):
    """Documents, chunks and their embeddings, with dense and lexical search over them."""

    @property
    def encoder_name(self) -> str:
        """Name of the encoder whose embeddings it holds; empty while it holds none."""

    @property
    def encoder_fingerprint(self) -> str:
        """Fingerprint of that encoder; empty while it holds none."""

    def documents(self, within: DocumentFilter = ALL_DOCUMENTS) -> Iterator[StoredDocument]:
        """Yield the stored documents that meet a filter, in the order of paths."""

    def document(self, path: str) -> Document:
        """Return a document as it was stored. Raises: KeyError if there is none of that path."""

    def holds(self, within: DocumentFilter) -> bool:
        """Say whether any document meets a filter."""

    def find_embeddings(self, passages: Sequence[str]) -> Mapping[str, Embeddings]:
        """Return the embeddings, each of shape (dim,), of those passages that it holds already."""

    def signatures(self) -> Mapping[str, bytes]:
        """Return the signatures that were stored, but for empty ones, by path."""

    def blocks(self, path: str, *, start: int, end: int) -> tuple[Block, ...]:
        """Return the blocks of a document that share characters with a span, in order."""

    def set_encoder(self, encoder: Encoder) -> None:
        """Say whose embeddings it holds from now on."""

    def apply(
        self,
        changes: Iterable[DocumentChange],
        *,
        removed: Iterable[str] = (),
        moved: Iterable[DocumentMove] = (),
    ) -> None:
        """Remove documents, move others, and replace or add more, all in one transaction.

        Moves happen at once, so that two documents may swap their paths. A path to move to must be
        free by then.

        Raises:
            KeyError: There is no document to move.
        """

    def open_successor(self, encoder: Encoder) -> Self:
        """Return the index that is to take this one's place, for another encoder.

        It is empty, or holds what an interrupted run made with the same encoder; to be closed.
        """

    def replace_by_successor(self) -> None:
        """Hold what the successor, closed by now, holds; readers see all of the old or the new."""

    def discard_successor(self) -> None:
        """Remove what was made to take this index's place, if there is anything."""

    def chunks(self, keys: Sequence[int]) -> tuple[Chunk, ...]:
        """Return the chunks of these keys, in the same order."""

    def search_dense(
        self, query: Embeddings, *, top_n: int, within: DocumentFilter = ALL_DOCUMENTS
    ) -> tuple[ScoredKey, ...]:
        """Return the chunks of greatest cosine with one query (shape (1, dim)), best first."""

    def search_lexical(
        self, query: str, *, top_n: int, within: DocumentFilter = ALL_DOCUMENTS
    ) -> tuple[ScoredKey, ...]:
        """Return the chunks that share the most telling words with the query, best first."""

    def document_frequencies(
        self, words: Sequence[str], *, as_prefix: bool = False
    ) -> tuple[int, ...]:
        """Return in how many chunks each word occurs, up to its ending, or begins another word."""

    def snapshot(self) -> AbstractContextManager[None]:
        """Let everything read inside be of one state, whatever a writer commits meanwhile."""

    def chunk_count(self) -> int:
        """Return the number of chunks stored."""

    def close(self) -> None:
        """Save what is derived and let go of the files."""

    def __enter__(self) -> Self:
        """Return itself."""

    def __exit__(self, *_error: object) -> None:
        """Close it."""


TextListener = Callable[[str], bool | None]
"""Gets a completion piece by piece; True says that this is enough and ends it."""


SentenceListener = Callable[[AnswerSentence], object]
"""Gets the sentences of a completion, each as soon as it is checked."""


class LLM(Protocol):
    """Messages to a completion."""

    @property
    def info(self) -> ModelInfo:
        """Which weights speak."""

    @property
    def context_window(self) -> int:
        """Tokens of prompt and completion together."""

    def render_prompt(self, messages: Sequence[Message]) -> str:
        """Return the exact text that the model would get, its chat template applied."""

    @property
    def estimates_tokens(self) -> bool:
        """Whether `count_tokens` only estimates, for want of the model's tokenizer."""

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of a rendered text."""

    def generate(
        self,
        messages: Sequence[Message],
        *,
        sampling: Sampling,
        on_text: TextListener | None = None,
    ) -> Completion:
        """Return the completion; `on_text` gets each piece as it comes and may end it."""

    def score_continuations(
        self, messages: Sequence[Message], continuations: Sequence[str]
    ) -> tuple[tuple[float, ...], ...]:
        """Return the natural log-probability of each token of each continuation of the prompt.

        Raises:
            ModelError: The back end cannot tell.
        """

    def close(self) -> None:
        """Free the memory it holds."""


class Progress(NamedTuple):
    """How far a phase of a long job is."""

    phase: str
    done: int
    total: int
    detail: str = ""


ProgressListener = Callable[[Progress], None]
NoticeListener = Callable[[str], None]


def ignore_progress(progress: Progress) -> None:
    """Listen to nothing."""


def ignore_notice(notice: str) -> None:
    """Listen to nothing."""
