"""What an ingest is asked for, and what it says that it did."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

from ragkit.documents import (
    FoundFile,
    Ocr,
    ReadingLimits,
    ReadResult,
    SkippedFile,
    read_documents,
)
from ragkit.documents.ocr import advise_ocr
from ragkit.ingest.duplicates import Duplicate

_WITH_PICTURES = (".docx", ".pdf", ".pptx")
"""Documents of which pictures are read, where OCR is there."""
READING_VERSION = 7
"""Moves on when documents are read or cut differently: older indexes are then read again."""


class ReadFiles(Protocol):
    """Files to what they hold, in the same order; see `ragkit.documents.read_documents`."""

    def __call__(
        self,
        files: Sequence[FoundFile],
        *,
        password: str | None,
        ocr: Ocr | None,
        limits: ReadingLimits,
        debug: bool,
    ) -> Generator[ReadResult]:
        """Yield what each file holds; closed where no more is wanted."""


@dataclass(frozen=True)
class IngestOptions:
    """How documents are read and cut, and what becomes of those that are gone."""

    chunk_tokens: int = 200
    """Largest chunk, in the encoder's tokens."""
    rebuild: bool = False
    """Read everything again, and encode it where another encoder made what there is."""
    prune: bool | None = None
    """Remove documents whose files are gone; None for yes, unless it would be most of them."""
    password: str | None = None
    """For encrypted documents."""
    limits: ReadingLimits = field(default_factory=ReadingLimits)
    """How much of the machine one document may use while it is read."""
    ocr: Ocr | None = None
    """How to read pictures of pages; None to leave them unread."""
    debug: bool = False
    """Let what libraries write while they read through to stderr."""
    read: ReadFiles = read_documents
    """How files are read: by default in processes of their own."""

    @cached_property
    def _ocr_recipe(self) -> str:
        # Once it works, pictures are read after all.
        return f", OCR in {self.ocr.languages}" if self.ocr and not advise_ocr(asked=True) else ""

    def recipe_of(self, name: str) -> str:
        """Return how a document is read and cut; what was read in another way is read again.

        Args:
            name: Its path.
        """
        recipe = f"reading {READING_VERSION}, chunks of {self.chunk_tokens} tokens"
        return recipe + self._ocr_recipe if name.lower().endswith(_WITH_PICTURES) else recipe


class FailedFile(NamedTuple):
    """A document that could not be read, and why; the others are not affected."""

    name: str
    reason: str
    hint: str
    kept: bool = False
    """Whether an earlier version of it stays in the index."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one run did."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    """Old and new path of each."""
    unchanged: int = 0
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """Documents whose files are gone, and which were to be kept."""
    failed: tuple[FailedFile, ...] = ()
    skipped: tuple[SkippedFile, ...] = ()
    warnings: tuple[str, ...] = ()
    """One line each about documents that were read, such as scanned pages."""
    duplicates: tuple[Duplicate, ...] = ()
    """New and changed documents that hold what another one holds."""
    encoded_chunks: int = 0
    seconds: float = 0.0


class IngestInterruptedError(KeyboardInterrupt):
    """Ctrl-C, and how many of the documents are in the index by then.

    Args:
        done: Documents that the index holds as they lie on disk.
        total: All that lie there.
    """

    def __init__(self, *, done: int, total: int) -> None:
        super().__init__()
        self.done = done
        self.total = total
