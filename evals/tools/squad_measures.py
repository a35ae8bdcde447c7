"""Exact match and F1 of an answer, as the evaluation script of SQuAD 2.0 defines them.

Source: Rajpurkar, Jia and Liang 2018, "Know What You Don't Know: Unanswerable Questions for SQuAD",
and its evaluation script 2.0.
"""

import re
import string
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple


class Measures(NamedTuple):
    """Exact match and F1 of one text."""

    em: float
    f1: float


def measure(shown: str, answers: Sequence[str]) -> Measures:
    """Return EM and F1 against the best of the accepted answers; none means that "" is right.

    >>> measure("The Normans.", ["Normans", "the Norman people"])
    Measures(em=1.0, f1=1.0)
    >>> measure("in the 10th century", ["10th and 11th centuries"])
    Measures(em=0.0, f1=0.2857142857142857)
    >>> measure("", []), measure("Rollo", []), measure("", ["Rollo"])
    (Measures(em=1.0, f1=1.0), Measures(em=0.0, f1=0.0), Measures(em=0.0, f1=0.0))
    """
    wanted = [answer for answer in answers if normalise_answer(answer)] or [""]
    em = max(float(normalise_answer(shown) == normalise_answer(answer)) for answer in wanted)
    return Measures(em, max(token_f1(shown, answer) for answer in wanted))


def normalise_answer(text: str) -> str:
    """Return a text in lower case without punctuation, articles and superfluous white space.

    >>> normalise_answer("The  Duke of A.B., a Norman")
    'duke of ab norman'
    """
    lowered = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", lowered).split())


def token_f1(shown: str, answer: str) -> float:
    """Return the harmonic mean of precision and recall over words; where one is empty, equality."""
    found, wanted = normalise_answer(shown).split(), normalise_answer(answer).split()
    if not found or not wanted:
        return float(found == wanted)
    shared = sum((Counter(found) & Counter(wanted)).values())
    return 2 * shared / (len(found) + len(wanted))
