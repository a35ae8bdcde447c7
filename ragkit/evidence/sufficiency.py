"""Whether the evidence answers the question: a logistic function of a few telling features."""

import math
from collections.abc import Mapping, Sequence

from ragkit.evidence.matching import QuestionTerms, stems_of
from ragkit.records import EvidenceSentence, Source, Sufficiency

WEIGHTS: Mapping[str, float] = {
    "bias": -3.01,
    "best_cosine": 3.16,
    "best_coverage": 1.52,
    "passage_coverage": 2.32,
}
"""Source: logistic regression on 680 questions in SQuAD 2.0 form by
evals/tools/calibrate_sufficiency.py: a quarter answerable, the others near ones, of a paragraph
left out, and of another article. The bias is moved so that 0.5 is the point at which .03 of the
answerable questions are refused on articles that were not fitted on; there it turns away .90 of the
far, .23 of the middle and .03 of the near ones (AUROC .98, .80, .55). What it lets through is
quoted word for word, so refusing too little costs less than refusing too much."""


def measure_sufficiency(
    sentences: Sequence[EvidenceSentence],
    sources: Sequence[Source],
    terms: QuestionTerms,
    *,
    threshold: float,
) -> Sufficiency:
    """Return how surely the evidence answers the question.

    Args:
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
    }
    activation = WEIGHTS["bias"] + sum(WEIGHTS[name] * value for name, value in features.items())
    score = 1.0 / (1.0 + math.exp(-activation))
    reason = "" if score >= threshold else _reason(features, terms)
    return Sufficiency(score, threshold, features, reason)


def _passage_coverage(source: Source, terms: QuestionTerms) -> float:
    chunk = source.hit.chunk
    return terms.coverage(stems_of([chunk.text, chunk.title, *chunk.heading]))


def _reason(features: Mapping[str, float], terms: QuestionTerms) -> str:
    if terms.unknown:
        names = ", ".join(f"“{word}”" for word in terms.unknown)
        return f"the documents never mention {names}"
    if features["passage_coverage"] < 0.5:
        return "no passage is about all of what is asked"
    return "the closest sentences do not answer it"
