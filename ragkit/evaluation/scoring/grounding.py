"""Do the given passages back the sentences of an answer, and do its citations point to them?

By words, numbers, dates, names and negation alone: the rules of `ragkit.evidence.support` without
an encoder. Whether a passage answers the question is judged elsewhere.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from ragkit.evaluation.gold import holds_place
from ragkit.evaluation.records import GoldPlace, Passage, Reading, ReadSentence
from ragkit.evidence import SupportChecker, is_abstention
from ragkit.records import Chunk, Hit, Source
from ragkit.words import content_words

HARD = ("numbers", "dates", "names", "negation", "opposites")
"""Features of a check that no wording excuses."""
_KEPT_CHECKERS = 32
_PLACE = re.compile(r"\((?P<document>[^()]+?)(?:, p\. [^(),]+)?\)\s*")


class Grounded(NamedTuple):
    """A factual sentence, and how the passages stand to it."""

    sentence: ReadSentence
    backed_by: tuple[int, ...]
    """Numbers of the passages that back it, those that it cites first; empty where none does."""
    conflicts: bool
    """Whether the closest words differ in a number, date, name or negation."""

    @property
    def cites_wrongly(self) -> bool:
        """Whether it is backed, and by none of the sources that it names."""
        cited = self.sentence.citations
        return bool(cited and self.backed_by) and not set(cited) & set(self.backed_by)


def ground(reading: Reading, passages: Sequence[Passage], question: str) -> tuple[Grounded, ...]:
    """Return the factual sentences of an answer with what backs them.

    Sentences without content, and those that say that there is no answer, are left out.

    Args:
        reading: The answer.
        passages: What was given to answer from.
        question: Its words may be repeated in an answer without being backed twice.
    """
    checker = _checker_of(tuple(passages), question)
    documents = {passage.document for passage in passages}
    return tuple(
        _ground(sentence, checker)
        for sentence in (_without_places(one, documents) for one in reading.sentences)
        if content_words(sentence.text) and not is_abstention(sentence.text)
    )


def _without_places(sentence: ReadSentence, documents: set[str]) -> ReadSentence:
    """Return a sentence without the places of sources that a model copied from the prompt.

    >>> _without_places(ReadSentence("(a.md, p. 2) It is so."), {"a.md"}).text
    'It is so.'
    """

    def kept(match: re.Match[str]) -> str:
        return "" if match["document"] in documents else match[0]

    text = _PLACE.sub(kept, sentence.text)
    return replace(sentence, text=text.strip())


def _ground(sentence: ReadSentence, checker: SupportChecker) -> Grounded:
    verdict = checker.check(sentence.text, sentence.citations)
    conflicts = not verdict.source_ids and any(not verdict.features.get(name, 1.0) for name in HARD)
    return Grounded(sentence, verdict.source_ids, conflicts)


@lru_cache(maxsize=_KEPT_CHECKERS)
def _checker_of(passages: tuple[Passage, ...], question: str) -> SupportChecker:
    """Return what checks sentences against passages; kept, since two views share them."""
    sources = [Source(one.id, Hit(_chunk_of(one), one.score, one.id), ()) for one in passages]
    return SupportChecker(sources, None, question=question)


def _chunk_of(passage: Passage) -> Chunk:
    return Chunk(
        str(passage.id),
        passage.document,
        passage.text,
        passage.start,
        passage.end,
        heading=passage.heading,
    )


def measure_grounding(grounded: Sequence[Grounded]) -> dict[str, float | None]:
    """Return the sub-scores of an answer's sentences, each in the words of docs/evaluation.md."""
    cited = [one for one in grounded if one.sentence.citations]
    return {
        "sentences": float(len(grounded)),
        "groundedness": _share([bool(one.backed_by) for one in grounded]),
        "citation_coverage": _share([bool(one.sentence.citations) for one in grounded]),
        "citation_support": _share(
            [bool(set(one.sentence.citations) & set(one.backed_by)) for one in cited]
        ),
    }


def measure_citations(
    reading: Reading, passages: Sequence[Passage], gold: Sequence[GoldPlace]
) -> dict[str, float | None]:
    """Return how an answer's citations stand to the passages that hold the gold.

    Precision is of the sources that it names, also those that there are not; recall is of the parts
    of the gold that were given.

    >>> passages = [Passage(1, "a.md", 0, 9, "It is so."), Passage(2, "b.md", 0, 5, "No...")]
    >>> gold = [GoldPlace("a.md", 0, 9, "It is so.")]
    >>> reading = Reading("It is so.", False, (ReadSentence("It is so.", (1, 2, 7)),))
    >>> found = measure_citations(reading, passages, gold)
    >>> [round(found[name], 2) for name in ("citation_precision", "citation_recall")]
    [0.33, 1.0]
    >>> round(found["citation_validity"], 2), found["citation_f1"]
    (0.67, 0.5)
    """
    cited = {number for sentence in reading.sentences for number in sentence.citations}
    given = {passage.id for passage in passages}
    held = {(p.id, g.part) for p in passages for g in gold if holds_place(p, g)}
    right = {number for number, _ in held if number in cited}
    present = {part for _, part in held}
    covered = {part for number, part in held if number in cited}
    precision = len(right) / len(cited) if cited and present else None
    recall = len(covered) / len(present) if present else None
    return {
        "citation_validity": len(cited & given) / len(cited) if cited else None,
        "citation_precision": precision,
        "citation_recall": recall,
        "citation_f1": _f1(precision, recall),
    }


def _f1(precision: float | None, recall: float | None) -> float | None:
    """Return the harmonic mean; 0 without citations where there was something to cite."""
    if recall is None:
        return None
    both = (precision or 0.0) + recall
    return 2 * (precision or 0.0) * recall / both if both else 0.0


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None
