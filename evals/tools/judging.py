"""The questions of suites with their gold, and whether documents hold a sentence."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from spans import gold_of

from ragkit.evaluation.records import GoldPlace
from ragkit.evidence import SupportChecker, normalise
from ragkit.protocols import Encoder, Index
from ragkit.records import Source


class Item(NamedTuple):
    """A question of a suite, and what answers it."""

    id: str
    kind: str
    question: str
    answers: tuple[str, ...]
    gold: tuple[GoldPlace, ...]

    @property
    def gold_texts(self) -> tuple[str, ...]:
        """The words at each gold place."""
        return tuple(place.quote for place in self.gold)


def load_items(suite: Path, index: Index) -> list[Item]:
    """Return the questions of a suite, gold found in the documents of an index.

    Raises:
        KeyError: The index lacks a document that holds gold.
    """
    lines = (suite / "samples.jsonl").read_text(encoding="utf-8").splitlines()
    return [_item_of(json.loads(line), index) for line in lines]


def _item_of(line: dict[str, Any], index: Index) -> Item:
    gold = tuple(gold_of(gold, index.document(gold["document"])) for gold in line["gold"])
    return Item(line["id"], line["kind"], line["question"], tuple(line["answers"]), gold)


class Backing:
    """Checks sentences anew, whatever the answer says of them.

    Args:
        index: Holds the documents that a quote has to stand in.
        encoder: Measures closeness of meaning.
    """

    def __init__(self, index: Index, encoder: Encoder) -> None:
        self._index = index
        self._encoder = encoder
        self._texts: dict[str, str] = {}

    def count_unbacked(
        self, question: str, sentences: Sequence[str], sources: Sequence[Source]
    ) -> int:
        """Return how many sentences stand in no document of the sources and fail the checker."""
        checker = SupportChecker(sources, self._encoder, question=question)
        documents = {source.hit.chunk.document for source in sources}
        return sum(
            not self._is_quote(sentence, documents)
            and checker.check(sentence).support == "unsupported"
            for sentence in sentences
        )

    def _is_quote(self, sentence: str, documents: Iterable[str]) -> bool:
        wanted = normalise(sentence).strip(" .")
        return bool(wanted) and any(wanted in self._text_of(name) for name in documents)

    def _text_of(self, name: str) -> str:
        if name not in self._texts:
            self._texts[name] = normalise(self._index.document(name).text)
        return self._texts[name]
