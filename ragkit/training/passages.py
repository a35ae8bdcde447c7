"""The passages that questions are asked over: retrieved and selected as `ragkit ask` does it.

Several questions can share their sources; these then hold the sentences selected for any of them.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ragkit.ask import AskOptions, Assistant, Given
from ragkit.records import DocumentFilter, Hit, Source
from ragkit.retrieval import Retriever
from ragkit.training.records import TrainingItem

_CANDIDATES = 12
"""Passages from which those of an example are drawn."""
_FAR_DOWN = 0.2
"""Share of examples whose other passages are not the closest ones."""
_COUNTS = (1, 2, 3, 5, 5, 5, 5, 7)
"""How many passages an example has; five is what `ragkit ask` retrieves."""


class Passages(NamedTuple):
    """What is retrieved for an item."""

    own: tuple[Hit, ...]
    """Passages of the document that it is about, best first."""
    others: tuple[Hit, ...]

    @property
    def elsewhere(self) -> tuple[Hit, ...]:
        """The others that stand in other folders than its own do."""
        homes = {_folder(hit) for hit in self.own}
        return tuple(hit for hit in self.others if _folder(hit) not in homes)


class Reader:
    """Retrieves and selects from one index.

    Args:
        assistant: Of the index.
        retriever: Of the same index.
        names: Document of each item's context, by title and context.
    """

    def __init__(
        self,
        assistant: Assistant,
        retriever: Retriever,
        names: Mapping[tuple[str, str], str],
    ) -> None:
        self._assistant = assistant
        self._retriever = retriever
        self._names = names

    def find(self, item: TrainingItem) -> Passages:
        """Return the passages of an item, and others that are close to its question."""
        within = DocumentFilter(documents=item.within)
        found = self._retriever.search(item.question, top_n=_CANDIDATES, within=within)
        home = self._home(item)
        own = [hit for hit in found if hit.chunk.document == home]
        if not own and home:
            at_home = DocumentFilter(documents=(home,))
            own = list(self._retriever.search(item.question, top_n=1, within=at_home))
        return Passages(tuple(own), tuple(hit for hit in found if hit.chunk.document != home))

    def select(self, questions: Sequence[str], hits: Sequence[Hit]) -> tuple[Source, ...]:
        """Return the sources of some hits, in the order that they have for the first question.

        Each holds the sentences that are selected for one of the questions; no reader helps to
        select them, since it would take most of the time, and a prompt holds several anyway.
        """
        if not hits:
            return ()
        given = Given(tuple(hits))
        found = [
            self._assistant.gather(question, AskOptions(), given=given).sources
            for question in questions
        ]
        return join_sources(found)

    def _home(self, item: TrainingItem) -> str:
        """Return the document that an item is about, as the index names it."""
        return self._names.get((item.document, item.context), item.document if item.quotes else "")


def join_sources(selections: Sequence[Sequence[Source]]) -> tuple[Source, ...]:
    """Return the sources of several selections, each once with all its sentences, numbered anew."""
    by_chunk: dict[str, list[Source]] = {}
    for source in (source for sources in selections for source in sources):
        by_chunk.setdefault(source.hit.chunk.id, []).append(source)
    joined = []
    for number, alike in enumerate(by_chunk.values(), start=1):
        sentences = {
            one.sentence.start: replace(one, source_id=number)
            for source in alike
            for one in source.sentences
        }
        in_order = tuple(sentences[start] for start in sorted(sentences))
        joined.append(replace(alike[0], id=number, sentences=in_order))
    return tuple(joined)


def draw_hits(passages: Passages, choice: random.Random) -> list[Hit]:
    """Return some passages, an item's own first among them, in the order of their scores."""
    count = choice.choice(_COUNTS)
    kept = list(passages.own[:2])
    rest = list(passages.others)
    if choice.random() < _FAR_DOWN:
        choice.shuffle(rest)
    return sorted([*kept, *rest[: max(0, count - len(kept))]], key=lambda hit: -hit.score)


def draw_others(hits: Sequence[Hit], choice: random.Random) -> Sequence[Hit]:
    """Return the best of some passages, as many as an example may have."""
    return hits[: choice.choice(_COUNTS)]


def _folder(hit: Hit) -> str:
    return hit.chunk.document.rpartition("/")[0]
