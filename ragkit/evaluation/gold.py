"""Which passages of a ranking hold the places that answer, whatever the documents were cut into.

Gold is a span of a document with its quote, never a chunk. A sample may need several parts (AND),
each of which stands in one or more places (OR). It reads records only; nothing is searched here.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from ragkit.evaluation.records import GoldPlace

BUDGETS = (512, 1024, 2048)
"""Tokens of passages within which gold is looked for: fair to passages of any length."""

_LEAST_WORDS = 5
"""A shorter quote, such as a number in a table, says nothing when it stands in another document."""
_PIECE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w{1,7}|[^\w\s]")


class Span(Protocol):
    """A slice of a document: a chunk, a passage."""

    @property
    def document(self) -> str:
        """Path of the document."""

    @property
    def start(self) -> int:
        """First character."""

    @property
    def end(self) -> int:
        """One after the last."""

    @property
    def text(self) -> str:
        """What stands there; empty where it was not kept."""


def holds_place(span: Span, place: GoldPlace) -> bool:
    """Say whether a passage holds a gold place: half of its characters, or its quote.

    A quote of five words and more counts in any document, a shorter one in its own. A place of no
    length and no quote stands for the whole document.

    >>> place = GoldPlace("a.md", 10, 20, "Water boils")
    >>> from ragkit.records import Chunk
    >>> holds_place(Chunk("", "a.md", "", 0, 15), place)
    True
    >>> holds_place(Chunk("", "a.md", "", 0, 14), place)
    False
    >>> holds_place(Chunk("", "a.md", "It says: Water boils.", 700, 721), place)
    True
    """
    if span.document == place.document:
        if is_whole(place):
            return True
        shared = min(span.end, place.end) - max(span.start, place.start)
        if place.end > place.start and 2 * shared >= place.end - place.start:
            return True
    words = place.quote.split()
    if not words or not span.text:
        return False
    told = len(words) >= _LEAST_WORDS or span.document == place.document
    return told and " ".join(words) in " ".join(span.text.split())


def holds_any(span: Span, places: Iterable[GoldPlace]) -> bool:
    """Say whether a passage holds at least one of some places."""
    return any(holds_place(span, place) for place in places)


def is_whole(place: GoldPlace) -> bool:
    """Say whether a place is a whole document, as in collections judged by documents."""
    return place.start == place.end and not place.quote


def part_ranks(passages: Sequence[Span], gold: Sequence[GoldPlace]) -> dict[int, int | None]:
    """Return for each part of the gold the rank (from 1) of the first passage that holds it.

    None where no passage does.
    """
    ranks: dict[int, int | None] = {place.part: None for place in gold}
    for rank, passage in enumerate(passages, start=1):
        for place in gold:
            if ranks[place.part] is None and holds_place(passage, place):
                ranks[place.part] = rank
        if None not in ranks.values():
            break
    return ranks


def rank_of_all(ranks: Collection[int | None]) -> int | None:
    """Return how many passages it takes to hold every part; None where no number does.

    >>> rank_of_all([2, 5]), rank_of_all([2, None])
    (5, None)
    """
    known = [rank for rank in ranks if rank is not None]
    return max(known) if known and len(known) == len(ranks) else None


def ranking_of_parts(ranks: Sequence[int | None]) -> list[str]:
    """Return a ranking in which each part stands where it was first found, "" in between.

    Parts that one passage holds take the places from there on, so that the best ranking there can
    be counts as such however the documents were cut. The ids are the places in `ranks`.

    >>> ranking_of_parts([3, 1]), ranking_of_parts([1, 1]), ranking_of_parts([None, 2])
    (['1', '', '0'], ['0', '1'], ['', '1'])
    """
    ranking: list[str] = []
    found = sorted((rank, part) for part, rank in enumerate(ranks) if rank is not None)
    for rank, part in found:
        ranking += [""] * (rank - 1 - len(ranking))
        ranking.append(str(part))
    return ranking


def count_tokens(text: str) -> int:
    """Return the number of tokens of a text: one for seven letters or digits begun, one a mark.

    A character of Chinese, Japanese or Korean is a token, too.

    A fixed rule, so that budgets are the same for every encoder and model.

    >>> count_tokens("Sedimentation, 1871.")
    5

    Source: within 2% of the tokens of all-MiniLM-L6-v2 on two small corpora of course documents.
    """
    return len(_PIECE.findall(text))


def within_budget(tokens: Sequence[int], budget: int) -> float:
    """Return how many passages fit a budget, the last of them in part.

    >>> within_budget([200, 200, 224], 512)
    2.5
    """
    used = 0
    for count, size in enumerate(tokens):
        if used + size > budget:
            return count + (budget - used) / size
        used += size
    return float(len(tokens))
