"""A question that compares two things wants a sentence on each of them, not two on one."""

import re
from collections.abc import Sequence

from ragkit.evidence.matching import stems_of
from ragkit.evidence.ranking import Ranked
from ragkit.words import words_of

LEAST_SHARE = 0.95
"""Share of the best sentence's score that the best one on the other thing gets at least: it then
stands among those that are quoted."""

_LEAST_OWN_SHARE = 0.8
"""Below this share of the best score a sentence only names the other thing and is not raised."""

_SIDE = r"(?:an? |the )?([\w'’.+-]+(?:[ -][\w'’.+-]+){0,4}?)"
_ENDS = r"(?=\s*(?:[?.,;:]|$)| (?:in|when|for|on|at|with|if|regarding|what)\b)"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:differences?|distinction|comparison) between {_SIDE} and {_SIDE}{_ENDS}",
        rf"\b(?:compare|contrast|distinguish) {_SIDE} (?:and|with|to|from) {_SIDE}{_ENDS}",
        rf"\b(?:does|do|is|are) {_SIDE} (?:differ|different) from {_SIDE}{_ENDS}",
        rf"^\W*{_SIDE} (?:vs\.?|versus) {_SIDE}{_ENDS}",
    )
)


def sides_of(question: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return the stems that only one of two compared things has; None where nothing is compared.

    >>> [sorted(side) for side in sides_of("What's the difference between top-k and top-p?") or ()]
    [['k'], ['p']]
    >>> sides_of("What is the difference?") is None
    True
    """
    for pattern in _PATTERNS:
        match = pattern.search(question)
        if match:
            # In "top-k and top-p sampling" the last word belongs to both.
            words = words_of(match[1])
            one = stems_of(words)
            other = stems_of(words_of(match[2])[: len(words)])
            if one - other and other - one:
                return one - other, other - one
    return None


def complete_comparison(question: str, ranked: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """Return units, best first, those raised that say what the best one leaves out.

    Args:
        question: As the user asked it.
        ranked: Units of the hits, best first.
    """
    sides = sides_of(question)
    if not sides or not ranked:
        return tuple(ranked)
    completed = list(ranked)
    least = LEAST_SHARE * ranked[0].score
    about = [_sides_held(one, sides) for one in ranked]
    for side in sides:
        at = next((at for at, held in enumerate(about) if side in held), 0)
        lack = least - ranked[at].score
        if at and lack > 0 and ranked[at].score >= _LEAST_OWN_SHARE * ranked[0].score:
            features = {**completed[at].features, "other_side": lack}
            completed[at] = completed[at]._replace(features=features, score=least)
    return tuple(sorted(completed, key=lambda one: -one.score))


def _sides_held(ranked: Ranked, sides: tuple[frozenset[str], ...]) -> tuple[frozenset[str], ...]:
    """Return the sides that a unit is about; a heading with both tells nothing of it."""
    unit = ranked.candidate.unit
    heading = stems_of([unit.context])
    told = heading if any(not side <= heading for side in sides) else frozenset()
    held = stems_of([unit.sentence.text]) | told
    return tuple(side for side in sides if side <= held)
