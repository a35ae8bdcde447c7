"""How well each unit of the hits fits the question, from a few features with fitted weights."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ragkit.evidence.expectation import count_new_words, expect_answer, meets
from ragkit.evidence.matching import QuestionTerms, stems_of
from ragkit.evidence.units import Unit
from ragkit.protocols import Encoder
from ragkit.records import Hit

WEIGHTS: Mapping[str, float] = {
    "cosine": 1.0,
    "passage_cosine": 0.45,
    "passage_score": 0.44,
    "coverage": 0.43,
    "nearby_coverage": 0.29,
    "form": 0.26,
    "new_words": 0.05,
}
"""What makes a unit likely to hold the answer: it is close to the question (`cosine`), holds its
telling words (`coverage`) or stands beside units that do (`nearby_coverage`), in a passage that is
close (`passage_cosine`) and was found well (`passage_score`); it holds something of the form asked
for, such as a number (`form`), and says something that the question does not (`new_words`).

Source: a softmax over the units of each question, fitted by evals/tools/calibrate_sufficiency.py on
1,150 questions. On articles not fitted on, one of the best 1, 2, 3 units holds an accepted answer
(before, with fixed weights and without `nearby_coverage`, `form` and `new_words`):
squad2, 400 questions  .812 .902 .938  (.787 .885 .915)
xquad.en, 400          .887 .965 .983  (.870 .953 .975)
nq-oracle, 300         .737 .887 .950  (.723 .880 .930)
evals/calibration, 50  .720 .840 .860  (.740 .820 .860)
"""


class Candidate(NamedTuple):
    """A unit of a hit."""

    hit: Hit
    unit: Unit


class Ranked(NamedTuple):
    """A candidate with its features and score; higher is better."""

    candidate: Candidate
    features: Mapping[str, float]
    score: float
    missing_names: tuple[str, ...] = ()
    """Names and numbers of the question that neither it nor its heading holds."""


def rank_candidates(
    question: str, candidates: Sequence[Candidate], terms: QuestionTerms, encoder: Encoder
) -> tuple[Ranked, ...]:
    """Return the candidates, best first.

    Args:
        question: As the user asked it.
        candidates: Those of one hit in the order of the document, one after another.
        terms: The question's words and how rare they are.
        encoder: The one whose embeddings the index holds.
    """
    if not candidates:
        return ()
    query = encoder.encode_queries([question])[0]
    texts = [f"{unit.context}: {unit.sentence.text}" for _, unit in candidates]
    cosines = np.asarray(encoder.encode_passages(texts) @ query).tolist()
    stems = [stems_of([unit.sentence.text, unit.context]) for _, unit in candidates]
    expected = expect_answer(question)
    ranked = []
    for at, (hit, unit) in enumerate(candidates):
        text = unit.sentence.text
        features = {
            "cosine": cosines[at],
            "passage_cosine": hit.cosine or 0.0,
            "passage_score": hit.score,
            "coverage": terms.coverage(stems[at]),
            "nearby_coverage": terms.coverage(_nearby(candidates, stems, at)),
            "form": float(expected.form != "other" and meets(text, expected, context=unit.context)),
            "new_words": math.log1p(count_new_words(text, question)),
        }
        score = sum(WEIGHTS[name] * value for name, value in features.items())
        missing = terms.missing_names(stems[at] | stems_of([hit.chunk.title]))
        ranked.append(Ranked(candidates[at], features, score, missing))
    return tuple(sorted(ranked, key=lambda one: -one.score))


def _nearby(
    candidates: Sequence[Candidate], stems: Sequence[frozenset[str]], at: int
) -> frozenset[str]:
    """Return the stems of a candidate, its title, and the units before and after it."""
    chunk = candidates[at].hit.chunk
    near = stems_of([chunk.title])
    for place in range(max(0, at - 1), min(len(candidates), at + 2)):
        if candidates[place].hit.chunk.id == chunk.id:
            near |= stems[place]
    return near
