"""Is what was shown right? Accepted answers, gold places, and whether documents hold a sentence."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from spans import find_hashed

from ragkit.evaluation.records import GoldPlace
from ragkit.evidence import SupportChecker, normalise
from ragkit.protocols import Encoder, Index
from ragkit.records import Source
from ragkit.words import content_words, stem

COVERED = 0.6
"""Least share of a gold place's content words that stand in what is shown."""


class Item(NamedTuple):
    """A question of a suite, and what answers it."""

    id: str
    kind: str
    question: str
    answers: tuple[str, ...]
    gold: tuple[GoldPlace, ...]
    gold_texts: tuple[str, ...]


def load_items(suite: Path, index: Index) -> list[Item]:
    """Return the questions of a suite, gold found in the documents of an index.

    Raises:
        KeyError: The index lacks a document that holds gold.
    """
    lines = (suite / "samples.jsonl").read_text(encoding="utf-8").splitlines()
    return [_item_of(json.loads(line), index) for line in lines]


def _item_of(line: dict[str, Any], index: Index) -> Item:
    places, texts = [], []
    for gold in line["gold"]:
        text = index.document(gold["document"]).text
        hashed = "quote" not in gold
        start, end = find_hashed(text, gold) if hashed else (gold["start"], gold["end"])
        places.append(GoldPlace(gold["document"], start, end, text[start:end]))
        texts.append(text[start:end])
    answers = tuple(line["answers"])
    return Item(line["id"], line["kind"], line["question"], answers, tuple(places), tuple(texts))


def holds_answer(answers: Iterable[str], shown: str) -> bool:
    """Say whether an accepted answer stands in a text; one without a "%" needs none there.

    >>> holds_answer(["3.5 days"], "It took 3.5 days."), holds_answer(["7"], "78.7% were right")
    (True, False)
    >>> holds_answer(["78.7"], "78.7% were right"), holds_answer(["40%"], "40 chains")
    (True, False)
    """
    text = f" {plain(shown)} "
    without = text.replace("%", "")
    return any(
        f" {accepted} " in (text if "%" in accepted else without)
        for accepted in map(plain, answers)
        if accepted
    )


def plain(text: str) -> str:
    """Return a text in lower case without punctuation, but for points and signs within numbers.

    >>> plain("“Top-k”: 1,260 of them (50%).")
    'top-k 1260 of them 50%'
    """
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", normalise(text))
    kept = "".join(c if c.isalnum() or c in ".%-" else " " for c in text)
    return " ".join(filter(None, (word.strip(".-") for word in kept.split())))


def covers_gold(gold_texts: Iterable[str], shown: Iterable[str]) -> bool:
    """Say whether what is shown holds most content words of a gold place.

    >>> covers_gold(["The mask removes padding."], ["Padding is removed by a mask."])
    True
    >>> covers_gold(["The mask removes padding."], ["The mask is a list."])
    False
    """
    held = set().union(*map(_stems_of, shown))
    wanted = (_stems_of(text) for text in gold_texts)
    return any(words and len(words & held) >= COVERED * len(words) for words in wanted)


def _stems_of(text: str) -> set[str]:
    return {stem(word) for word in content_words(normalise(text))}


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
