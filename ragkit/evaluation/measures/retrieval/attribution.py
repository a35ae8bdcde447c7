"""Where an answer that is not right was lost: on the way to the evidence, or after it.

Each failure has one cause, the first on the way that explains it. What it rests on: the ranking of
the call "search", the passages and evidence of "ask", and the answer from the gold alone.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from ragkit.evaluation.gold import holds_place, part_ranks, rank_of_all
from ragkit.evaluation.records import Outcome, Passage, Sample, Scored, View
from ragkit.evaluation.scoring import covers, holds_answer

Cause = Literal[
    "retrieval miss",
    "ranking miss",
    "evidence miss",
    "withheld",
    "reader miss",
    "scoring dispute",
    "error",
]
CAUSES: Mapping[Cause, str] = {
    "retrieval miss": "a part of the gold is not among the first 100 passages",
    "ranking miss": "it is, but below the passages that the answer may rest on",
    "evidence miss": "its passage was there, but not the sentence, among those selected",
    "withheld": "the sentence was selected, and the answer is that the documents do not say",
    "reader miss": "the sentence was in the prompt, and the answer is another",
    "scoring dispute": "the answer says what the gold says, but not in an accepted form",
    "error": "there is no answer",
}
"""What each means, in the order of the way."""

_HALF = 0.5
_WORD = re.compile(r"\w+")
_TELLING = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z]\w+|\d[\d.,]*")


class Trail(NamedTuple):
    """What is known of one sample: what was found, and what was said to it."""

    sample: Sample
    search: Outcome
    ask: Scored
    oracle: Scored | None = None
    """Answered from the gold alone."""
    closed: Scored | None = None
    """Answered from nothing."""


def find_cause(trail: Trail, view: View) -> Cause | None:
    """Return why an answer is not right; None where it is.

    A dispute comes first: where the answer may be right, nothing was lost.
    """
    score = trail.ask.scores.get(view)
    if score is not None and score.right:
        return None
    if trail.ask.outcome.error or trail.search.error or score is None:
        return "error"
    if score.verdict == "wrong" and is_disputed(trail.sample, _text_of(trail.ask, view)):
        return "scoring dispute"
    unread: Cause = "withheld" if score.verdict == "abstained" else "reader miss"
    return _lost_before_reading(trail) or unread


def _lost_before_reading(trail: Trail) -> Cause | None:
    last = rank_of_all(part_ranks(trail.search.passages, trail.sample.gold).values())
    if last is None:
        return "retrieval miss"
    if last > int(trail.search.extra.get("top_n", last)):
        return "ranking miss"
    return None if holds_evidence(trail.sample, trail.ask.outcome.passages) else "evidence miss"


def holds_evidence(sample: Sample, passages: Sequence[Passage]) -> bool:
    """Say whether the selected sentences hold every part of the gold.

    A part is held where at least half of the words of one of its quotes stand among the sentences
    that were selected from a passage with that place; an accepted answer must stand there too, if
    one stands in the quotes.
    """
    parts = {place.part for place in sample.gold}
    held: dict[int, str] = {}
    for place in sample.gold:
        for passage in passages:
            told = " ".join(passage.evidence)
            if holds_place(passage, place) and _share_of_words(place.quote, told) >= _HALF:
                held[place.part] = f"{held.get(place.part, '')} {told}"
    if set(held) != parts:
        return False
    quotes = " ".join(place.quote for place in sample.gold)
    if not holds_answer(sample.answers, quotes):
        return True
    return holds_answer(sample.answers, " ".join(held.values()))


def is_disputed(sample: Sample, text: str) -> bool:
    """Say whether an answer that counts as wrong says what the gold says, for a person to decide.

    An accepted form stands in it, which another rule turned down; or it holds most content words of
    a gold quote or of the reference, and no number or name that these and the question lack.

    >>> from ragkit.evaluation.records import GoldPlace
    >>> place = GoldPlace("a.md", 0, 40, "The mask removes padding from the input.")
    >>> answers = ("hides padding",)
    >>> asked = Sample("a", "a", "answerable", "What does it do?", answers, gold=(place,))
    >>> is_disputed(asked, "The mask removes padding."), is_disputed(asked, "It removes 9 tokens.")
    (True, False)
    """
    if sample.sides:
        return False  # one side of two is half an answer
    if holds_answer(sample.answers, text):
        return True
    known = [place.quote for place in sample.gold] + [sample.reference]
    if not covers([one for one in known if one], [text]):
        return False
    ground = " ".join([*known, sample.question]).casefold()
    told = (match.group().rstrip(".,").casefold() for match in _TELLING.finditer(text))
    return all(word in ground for word in told)


def _share_of_words(quote: str, text: str) -> float:
    wanted = set(_WORD.findall(quote.casefold()))
    return len(wanted & set(_WORD.findall(text.casefold()))) / len(wanted) if wanted else 0.0


def _text_of(scored: Scored, view: View) -> str:
    reading = scored.outcome.readings.get(view)
    return reading.text if reading else ""
