"""The documents that a suite is about, cut into statements in which answers are looked for."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from ragkit.evaluation.records import GoldPlace
from ragkit.evaluation.scoring import contains
from ragkit.evidence.units import split_units
from ragkit.records import Document
from ragkit.words import content_words, stem

_WHOLE = ("row", "code")
"""Kinds of block that say nothing in parts."""
_SHOWN = 90
_LEAST_SHARED = 0.5
"""Share of a question's telling words with which a statement is about it."""


class Statement(NamedTuple):
    """A sentence, bullet or row of a document."""

    document: str
    start: int
    end: int
    text: str
    stems: frozenset[str]
    """Of its words and of the headings that it stands under."""

    @property
    def place(self) -> str:
        """Where it stands and how it begins, for a reader."""
        text = " ".join(self.text.split())
        shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
        return f"{self.document} at {self.start}: {shown!r}"

    def overlaps(self, places: Iterable[GoldPlace]) -> bool:
        """Say whether it shares characters with a place."""
        return any(
            place.document == self.document and self.start < place.end and place.start < self.end
            for place in places
        )


class Shelf:
    """Documents by name.

    Args:
        documents: As ragkit reads them.
    """

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents: Mapping[str, Document] = {one.path: one for one in documents}
        self._lower = {name: one.text.lower() for name, one in self.documents.items()}

    @cached_property
    def statements(self) -> Mapping[str, tuple[Statement, ...]]:
        """The statements of each document, in order."""
        return {name: tuple(statements_of(one)) for name, one in self.documents.items()}

    def holding(self, words: Sequence[str]) -> Iterator[Statement]:
        """Yield the statements that hold one of some texts, word by word."""
        for name, lower in self._lower.items():
            wanted = [text for text in words if _may_hold(lower, text)]
            if wanted:
                for one in self.statements[name]:
                    near = [text for text in wanted if _may_hold(one.text.lower(), text)]
                    if any(contains(one.text, text) for text in near):
                        yield one

    def about(self, stems: Collection[str], *, share: float = _LEAST_SHARED) -> list[Statement]:
        """Return the statements with so great a share of some stems, headings included."""
        counts = Counter(at for one in set(stems) for at in self._postings.get(one, ()))
        least = max(1.0, share * len(set(stems)))
        return [self._all[at] for at in sorted(counts) if counts[at] >= least]

    def telling(self, words: Sequence[str], question: str) -> Iterator[Statement]:
        """Yield the statements that hold one of some texts and are about a question.

        They hold at least half of its telling words, in the sentence or its headings.
        """
        for one in self.about(stems_of(question) - stems_of(" ".join(words))):
            lower = one.text.lower()
            if any(contains(one.text, text) for text in words if _may_hold(lower, text)):
                yield one

    @cached_property
    def _all(self) -> tuple[Statement, ...]:
        return tuple(chain.from_iterable(self.statements.values()))

    @cached_property
    def _postings(self) -> Mapping[str, Sequence[int]]:
        """In which statements each stem stands."""
        found: dict[str, list[int]] = defaultdict(list)
        for at, one in enumerate(self._all):
            for stem_ in one.stems:
                found[stem_].append(at)
        return dict(found)


def stems_of(text: str) -> frozenset[str]:
    """Return the telling words of a text, without their endings.

    >>> sorted(stems_of("Which towns founded the League?"))
    ['found', 'leagu', 'town']
    """
    return frozenset(map(stem, content_words(text)))


def statements_of(document: Document) -> Iterator[Statement]:
    """Yield the sentences, bullets and rows of a document; headings say nothing alone."""
    for block in document.blocks:
        if block.kind == "heading":
            continue
        context = stems_of(" ".join((document.title, *block.heading)))
        text = document.text[block.start : block.end]
        if block.kind in _WHOLE:
            yield Statement(document.path, block.start, block.end, text, context | stems_of(text))
            continue
        for unit in split_units(text):
            start, end = block.start + unit.start, block.start + unit.end
            stems = context | stems_of(unit.text)
            yield Statement(document.path, start, end, unit.text, stems)


def _may_hold(lower: str, words: str) -> bool:
    """Say whether a text could hold some words: a quick test before the exact one."""
    return all(part in lower for part in re.findall(r"\w+", words.lower()))
