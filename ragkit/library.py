"""The names that a program may use as `ragkit.NAME`; all others may change between versions."""

from ragkit.ask import AskOptions
from ragkit.chat import Conversation, Turn, Understood
from ragkit.errors import (
    DocumentError,
    ModelError,
    NothingMatchesError,
    PromptError,
    RagkitError,
    StorageError,
    UnusableIndexError,
    UsageError,
)
from ragkit.forms import answer_form, search_form
from ragkit.ingest import IngestReport
from ragkit.project import CompletionPiece, Event, Project, open_project
from ragkit.protocols import Progress
from ragkit.records import (
    Answer,
    AnswerSentence,
    Chunk,
    DocumentFilter,
    Hit,
    Sampling,
    Source,
    StoredDocument,
)
from ragkit.settings import Settings

__all__ = [
    "Answer",
    "AnswerSentence",
    "AskOptions",
    "Chunk",
    "CompletionPiece",
    "Conversation",
    "DocumentError",
    "DocumentFilter",
    "Event",
    "Hit",
    "IngestReport",
    "ModelError",
    "NothingMatchesError",
    "Progress",
    "Project",
    "PromptError",
    "RagkitError",
    "Sampling",
    "Settings",
    "Source",
    "StorageError",
    "StoredDocument",
    "Turn",
    "Understood",
    "UnusableIndexError",
    "UsageError",
    "answer_form",
    "open_project",
    "search_form",
]
