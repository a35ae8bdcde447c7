"""The passages of an index that hold the gold of a sample, alone or among distractors.

Gold is a span of a document; which passage holds it depends on how the index cut the document.
"""

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ragkit.errors import UsageError
from ragkit.evaluation.bench.bench import Bench, within_of
from ragkit.evaluation.gold import holds_place
from ragkit.evaluation.records import GoldPlace, Sample
from ragkit.records import Chunk, DocumentFilter, Hit

_RANKED = 200
"""Passages of the question's ranking among which gold and distractors are looked for."""
_IN_DOCUMENT = 20
"""Passages of a document that are looked through for a quote that the ranking does not hold."""


def gold_hits(sample: Sample, bench: Bench) -> tuple[Hit, ...]:
    """Return a passage for each part of the gold, the one that holds most of its first place.

    Raises:
        UsageError: The sample has no gold, or the index does not hold its document.
    """
    if not sample.gold:
        raise UsageError(f"sample {sample.id} names no place that answers it")
    ranking = bench.search(sample.question, top_n=_RANKED, within=within_of(sample))
    first: dict[int, GoldPlace] = {}
    for place in sample.gold:
        first.setdefault(place.part, place)
    found: dict[str, Hit] = {}
    for _, place in sorted(first.items()):
        hit = _best_of(place, ranking) or _repeats(place, ranking) or _search_quote(place, bench)
        found.setdefault(hit.chunk.id, hit)
    return _ranked(found.values())


def noisy_hits(sample: Sample, bench: Bench) -> tuple[Hit, ...]:
    """Return the gold passages at random places among so many distractors as the sample wants.

    Distractors are the passages that rank highest for the question among those that share no
    character with any gold and hold none of the accepted answers.

    Raises:
        UsageError: The sample has no gold, or the index does not hold its document.
    """
    hits = [
        hit
        for hit in bench.search(sample.question, top_n=_RANKED, within=within_of(sample))
        if not any(
            overlap(hit.chunk, place) or holds_place(hit.chunk, place) for place in sample.gold
        )
        and not _holds_answer(hit.chunk.text, sample.answers)
    ][: sample.distractors or 0]
    generator = random.Random(f"{sample.id} gold place")  # noqa: S311 - repeatable on purpose
    for gold in gold_hits(sample, bench):
        hits.insert(generator.randint(0, len(hits)), gold)
    return _ranked(hits)


def overlap(chunk: Chunk, place: GoldPlace) -> int:
    """Return how many characters of a place a passage holds.

    >>> place = GoldPlace("notes.md", 10, 20, "ten letter")
    >>> overlap(Chunk("1", "notes.md", "...", 15, 90), place)
    5
    >>> overlap(Chunk("1", "notes.md", "...", 20, 90), place)
    0
    """
    if chunk.document != place.document:
        return 0
    return max(0, min(chunk.end, place.end) - max(chunk.start, place.start))


def _best_of(place: GoldPlace, hits: Sequence[Hit]) -> Hit | None:
    """Return the passage with most of a place; the better ranked one of two with as much."""
    best = max(hits, key=lambda hit: overlap(hit.chunk, place), default=None)
    return best if best and overlap(best.chunk, place) else None


def _repeats(place: GoldPlace, hits: Sequence[Hit]) -> Hit | None:
    """Return a passage that says the same elsewhere: of two, a ranking holds but one."""
    return next((hit for hit in hits if holds_place(hit.chunk, place)), None)


def _search_quote(place: GoldPlace, bench: Bench) -> Hit:
    within = DocumentFilter(documents=(place.document,))
    if bench.index.holds(within):
        hit = _best_of(place, bench.search(place.quote, top_n=_IN_DOCUMENT, within=within))
        if hit:
            return hit
    raise UsageError(
        f"the index holds no passage at {place.start} to {place.end} of {place.document}",
        hint=f"see what is wrong with the samples: ragkit eval check {bench.suite.name}",
    )


def _holds_answer(text: str, answers: Sequence[str]) -> bool:
    """Say whether a passage holds one of the accepted answers.

    >>> _holds_answer("Formed 8,400 years ago.", ["8,400", "8400"])
    True
    >>> _holds_answer("Formed 18,4001 years ago.", ["8,400"])
    False
    """
    folded = " ".join(text.casefold().split())
    return any(
        re.search(rf"(?<!\w){re.escape(' '.join(answer.casefold().split()))}(?!\w)", folded)
        for answer in answers
        if answer.strip()
    )


def _ranked(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1))
