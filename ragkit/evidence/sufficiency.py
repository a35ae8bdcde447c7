"""Whether the evidence answers the question: a logistic function of a few telling features."""

import math
import re
from collections.abc import Mapping, Sequence

from ragkit.evidence.expectation import AnswerForm, expect_answer
from ragkit.evidence.matching import QuestionTerms, stems_of
from ragkit.evidence.ranking import Ranked
from ragkit.records import Hit, Sufficiency

BIAS = -3.01
WEIGHTS: Mapping[str, float] = {
    "best_cosine": 3.16,
    "best_coverage": 1.52,
    "passage_coverage": 2.32,
}
"""Source: logistic regression on 680 questions in SQuAD 2.0 form: a quarter answerable, the others
near ones, of a paragraph left out, and of another article. The bias is moved so that 0.5 is the
point at which .03 of the answerable questions are refused on articles that were not fitted on."""

_ABOUT = 0.5
"""A passage that holds less of the question's words than this is about something else, too."""


def measure_sufficiency(
    question: str, best: Sequence[Ranked], terms: QuestionTerms, *, threshold: float
) -> Sufficiency:
    """Return how surely the evidence answers the question.

    Args:
        question: As the user asked it.
        best: The units selected, best first.
        terms: The question's words and how rare they are.
        threshold: Least score with which to answer.
    """
    if not best:
        return Sufficiency(0.0, threshold, {}, "no passage was found")
    features = _measure(best, terms)
    contributions = {name: WEIGHTS[name] * value for name, value in features.items()}
    score = 1.0 / (1.0 + math.exp(-BIAS - sum(contributions.values())))
    reason = "" if score >= threshold else _reason(question, best, features, terms)
    return Sufficiency(score, threshold, features, reason, contributions | {"bias": BIAS})


def _measure(best: Sequence[Ranked], terms: QuestionTerms) -> dict[str, float]:
    return {
        "best_cosine": max(one.features["cosine"] for one in best),
        "best_coverage": max(one.features["coverage"] for one in best),
        "passage_coverage": max(_passage_coverage(one.candidate.hit, terms) for one in best),
    }


def _passage_coverage(hit: Hit, terms: QuestionTerms) -> float:
    chunk = hit.chunk
    return terms.coverage(stems_of([chunk.text, chunk.title, *chunk.heading]))


_FORMS: Mapping[AnswerForm, str] = {
    "count": "no number of them",
    "amount": "no number for it",
    "length": "no measure of it",
    "time": "no time or date for it",
    "person": "no other name",
    "place": "no place",
    "reason": "no reason",
}
_MOST_WORDS = 3
"""Words that a reason names."""


def _reason(
    question: str, best: Sequence[Ranked], features: Mapping[str, float], terms: QuestionTerms
) -> str:
    """Return why the evidence is too little, in words that help to ask again or look elsewhere."""
    if terms.unknown:
        unknown = sorted(terms.unknown, key=lambda word: word not in terms.names)
        return f"the documents never mention {_quoted(unknown, question)}"
    if best[0].missing_names:
        return f"what comes closest says nothing of {_quoted(best[0].missing_names, question)}"
    expected = expect_answer(question)
    if expected.form != "other" and not any(one.features["form"] for one in best):
        thing = f" (“{' '.join(expected.measured)}”)" if expected.measured else ""
        return f"the documents come close, but with {_FORMS[expected.form]}{thing}"
    if features["passage_coverage"] < _ABOUT:
        return "no passage is about all of what is asked"
    return "the closest sentences do not answer it"


def _quoted(words: Sequence[str], question: str) -> str:
    """Return some words in quotes, as the question writes them."""
    written = {word.lower(): word for word in re.findall(r"\w+(?:[.,]\d+)*(?:['’]\w+)?", question)}
    shown = [f"“{written.get(word, word)}”" for word in words[:_MOST_WORDS]]
    if len(words) > _MOST_WORDS:
        shown.append("…")
    return ", ".join(shown)
