"""The passages of items that bring their own context, as an index to retrieve from."""

import hashlib
from collections.abc import Mapping, Sequence

from ragkit.documents.build import build_document
from ragkit.documents.draft import Draft, RawBlock
from ragkit.evaluation.adapters.paragraphs import number_paragraphs
from ragkit.evaluation.runs.filling import fill_index
from ragkit.index import LocalIndex
from ragkit.protocols import Encoder, ProgressListener, ignore_progress
from ragkit.records import Document
from ragkit.training.records import TrainingItem


def index_contexts(
    items: Sequence[TrainingItem],
    index: LocalIndex,
    encoder: Encoder,
    *,
    max_tokens: int,
    on_progress: ProgressListener = ignore_progress,
) -> Mapping[tuple[str, str], str]:
    """Fill an index with the contexts, each a document; return their names by title and context.

    Args:
        items: Those without a context are passed over.
        index: Empty, and open for writing.
        encoder: Makes the embeddings.
        max_tokens: Longest chunk.
        on_progress: Told how many documents are stored.
    """
    paragraphs = number_paragraphs([(one.document, one.context) for one in items if one.context])
    documents = [_document(paper.name, paper.title, paper.text) for paper in paragraphs.papers]
    fill_index(index, documents, encoder=encoder, max_tokens=max_tokens, on_progress=on_progress)
    return paragraphs.names


def _document(name: str, title: str, text: str) -> Document:
    draft = Draft(tuple(RawBlock("paragraph", part) for part in text.split("\n\n")), title=title)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return build_document(draft, name=name, kind="plain", sha256=sha256)
