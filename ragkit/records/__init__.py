"""The records that are passed along, from a file on disk to a checked answer.

Records are frozen and carry no behaviour beyond derived properties. Offsets are always counted in
characters of `Document.text`, half open: `text[start:end]`.
"""

from ragkit.records.answers import (
    Answer,
    AnswerSentence,
    Completion,
    LeftOut,
    Message,
    Mode,
    ModelInfo,
    Prompt,
    Role,
    Sampling,
    Scope,
    Support,
)
from ragkit.records.documents import (
    Block,
    BlockKind,
    Chunk,
    Document,
    DocumentFilter,
    Embeddings,
    Page,
    StoredDocument,
)
from ragkit.records.evidence import (
    Evidence,
    EvidenceSentence,
    Hit,
    Ranks,
    Sentence,
    Source,
    Sufficiency,
)
from ragkit.records.reading import Passage, SpanAnswer

__all__ = [
    "Answer",
    "AnswerSentence",
    "Block",
    "BlockKind",
    "Chunk",
    "Completion",
    "Document",
    "DocumentFilter",
    "Embeddings",
    "Evidence",
    "EvidenceSentence",
    "Hit",
    "LeftOut",
    "Message",
    "Mode",
    "ModelInfo",
    "Page",
    "Passage",
    "Prompt",
    "Ranks",
    "Role",
    "Sampling",
    "Scope",
    "Sentence",
    "Source",
    "SpanAnswer",
    "StoredDocument",
    "Sufficiency",
    "Support",
]
