"""Items to all their examples: opens what they are asked over, and asks for one item at a time."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from ragkit.index import LocalIndex
from ragkit.protocols import LLM, Progress, ProgressListener, ignore_progress
from ragkit.retrieval import Retriever
from ragkit.training.course import index_contexts
from ragkit.training.examples import ExampleMaker, Mixture
from ragkit.training.passages import Reader
from ragkit.training.records import Example, TrainingItem
from ragkit.workspace import Workspace

_MOST_TOGETHER = 9
"""Items of one passage that are asked over the same sources: more hold more sentences of it than
`ragkit ask` would show."""


def make_examples(
    items: Sequence[TrainingItem],
    workspace: Workspace,
    llm: LLM,
    mixture: Mixture,
    *,
    on_progress: ProgressListener = ignore_progress,
) -> Iterator[Example]:
    """Yield the examples of some items, those of one passage together.

    Items with a context are asked over all contexts of all items; those of the project's own
    documents over its index.

    Args:
        items: In any order.
        workspace: Whose encoder, index and settings are used.
        llm: Renders the prompts and counts their tokens.
        mixture: What to make of an item.
        on_progress: Told of passages encoded, and after the items of each.

    Raises:
        UnusableIndexError: An item is about the project's documents, which have no index.
    """
    own = [item for item in items if not item.context]
    brought = [item for item in items if item.context]
    done = 0
    with ExitStack() as stack:
        for group in filter(None, (brought, own)):
            maker = _maker_of(group, workspace, llm, mixture, stack, on_progress)
            for together in _by_passage(group):
                yield from maker.make(together)
                done += len(together)
                on_progress(Progress("making examples", done, len(items)))


def _maker_of(
    group: Sequence[TrainingItem],
    workspace: Workspace,
    llm: LLM,
    mixture: Mixture,
    stack: ExitStack,
    on_progress: ProgressListener,
) -> ExampleMaker:
    """Return the maker for items of one index, which the stack closes."""
    names = {}
    if group[0].context:
        encoder = workspace.load_encoder(anew=True)
        folder = stack.enter_context(TemporaryDirectory(prefix="ragkit-training-"))
        index = stack.enter_context(LocalIndex(Path(folder), writable=True))
        names = dict(
            index_contexts(
                group,
                index,
                encoder,
                max_tokens=workspace.settings.chunk_tokens,
                on_progress=on_progress,
            )
        )
    else:
        workspace.check_index()
        encoder = workspace.load_encoder()
        index = stack.enter_context(workspace.open_index(encoder))
    assistant = workspace.assistant(index, encoder, load_llm=lambda: llm)
    reader = Reader(assistant, Retriever(index, encoder), names)
    return ExampleMaker(assistant, reader, group, mixture)


def _by_passage(items: Sequence[TrainingItem]) -> list[list[TrainingItem]]:
    """Return the items of each context together, in the order of the first; others each alone."""
    groups: dict[tuple[str, str], list[TrainingItem]] = {}
    for item in items:
        place = (item.document, item.context) if item.context else ("", item.id)
        groups.setdefault(place, []).append(item)
    return [
        group[first : first + _MOST_TOGETHER]
        for group in groups.values()
        for first in range(0, len(group), _MOST_TOGETHER)
    ]
