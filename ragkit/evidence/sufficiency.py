"""Whether the evidence answers the question: a logistic function of a few telling features."""

import math
import re
from collections.abc import Mapping, Sequence

from ragkit.evidence.matching import QuestionTerms, stems_of
from ragkit.records import EvidenceSentence, Source, Sufficiency

WEIGHTS: Mapping[str, float] = {
    "bias": -6.0,
    "best_cosine": 7.0,
    "best_coverage": 2.0,
    "passage_coverage": 3.0,
    "unknown_share": -3.0,
    "answer_type": 0.8,
}


def measure_sufficiency(
    question: str,
    sentences: Sequence[EvidenceSentence],
    sources: Sequence[Source],
    terms: QuestionTerms,
    *,
    threshold: float,
) -> Sufficiency:
    """Return how surely the evidence answers the question.

    Args:
        question: As the user asked it.
        sentences: Evidence, best first.
        sources: Where it comes from.
        terms: The question's words and how rare they are.
        threshold: Least score with which to answer.
    """
    if not sentences:
        return Sufficiency(0.0, threshold, {}, "no passage was found")
    features = {
        "best_cosine": max(sentence.cosine for sentence in sentences),
        "best_coverage": max(sentence.coverage for sentence in sentences),
        "passage_coverage": max(_passage_coverage(source, terms) for source in sources),
        "unknown_share": terms.unknown_share,
        "answer_type": answer_type_found(question, [s.sentence.text for s in sentences[:3]]),
    }
    activation = WEIGHTS["bias"] + sum(WEIGHTS[name] * value for name, value in features.items())
    score = 1.0 / (1.0 + math.exp(-activation))
    reason = "" if score >= threshold else _reason(features, terms)
    return Sufficiency(score, threshold, features, reason)


def _passage_coverage(source: Source, terms: QuestionTerms) -> float:
    chunk = source.hit.chunk
    return terms.coverage(stems_of([chunk.text, chunk.title, *chunk.heading]))


def _reason(features: Mapping[str, float], terms: QuestionTerms) -> str:
    if features["unknown_share"] > 0 and terms.unknown:
        names = ", ".join(f"“{word}”" for word in terms.unknown)
        return f"the documents never mention {names}"
    if features["passage_coverage"] < 0.5:
        return "no passage is about all of what is asked"
    return "the closest sentences do not answer it"


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_ASKS_TIME = r"when|what (?:year|date|day|time|month)|which (?:year|date|day|month)"
_HOLDS_TIME = (
    r"1[5-9]\d\d|20\d\d|\d{1,2}[:.]\d\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february"
    r"|march|april|may|june|july|august|september|october|november|december|week \d+"
)
_ASKS_AMOUNT = (
    r"how (?:many|much|long|large|big|often|far|old|high)|which number"
    r"|what (?:percentage|share|fraction|number|size|value|score)"
)
_HOLDS_AMOUNT = (
    r"\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty"
    r"|hundred|thousand|million|billion|half|third|quarter|once|twice"
)
_TYPES = (
    (_pattern(_ASKS_TIME), _pattern(_HOLDS_TIME)),
    (_pattern(_ASKS_AMOUNT), _pattern(_HOLDS_AMOUNT)),
    (_pattern(r"who|whose|whom"), re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-Z][a-z]+")),
)
"""What a question asks for, and what a text that answers it must hold."""


def answer_type_found(question: str, texts: Sequence[str]) -> float:
    """Return 1.0 where the texts hold what kind of thing is asked for, 0.0 where not.

    Where the question names no kind that can be recognised, 0.5.

    >>> answer_type_found("How many layers are there?", ["It has twelve layers."])
    1.0
    >>> answer_type_found("When was it published?", ["It was published by a small press."])
    0.0
    >>> answer_type_found("Why does it work?", ["Because of attention."])
    0.5
    """
    for asks, answers in _TYPES:
        if asks.search(question):
            return float(any(answers.search(text) for text in texts))
    return 0.5
