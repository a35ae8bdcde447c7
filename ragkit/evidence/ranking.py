"""How well each unit of the hits fits the question, from a few features with fitted weights."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ragkit.chunking import passage_prefix
from ragkit.evidence.expectation import Expectation, count_new_words, expect_answer, meets
from ragkit.evidence.matching import QuestionTerms, stems_of
from ragkit.evidence.units import Unit
from ragkit.protocols import Encoder, Reader
from ragkit.records import Hit, Passage, SpanAnswer

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


READER_WEIGHTS: Mapping[str, float] = {**WEIGHTS, "answer": 0.5}
"""The same where a reader says how surely a unit holds the answer (`answer`).

Source: the same tool on the answerable ones of 858 questions that the reader was not fitted on. The
best unit holds an accepted answer with it and (without): arts .75 (.71), trade .74 (.64),
evals/calibration .74 (.72), 245 of squad2 .87 (.85); on questions in quite other words (retold) .30
(.24).
"""

SURE = 12.0
"""Log-odds of an answer over none beyond which a reader is as sure as it can be."""
MOST_READ = 10
"""Passages, the best first, that are read; more would take long and answer little."""
_WORD = re.compile(r"\w+")


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
    answer_span: str = ""
    """The words of it that answer, as a reader found them; empty where it found none."""


def rank_candidates(
    question: str,
    candidates: Sequence[Candidate],
    terms: QuestionTerms,
    encoder: Encoder,
    reader: Reader | None = None,
) -> tuple[Ranked, ...]:
    """Return the candidates, best first.

    Args:
        question: As the user asked it.
        candidates: Those of one hit in the order of the document, one after another.
        terms: The question's words and how rare they are.
        encoder: The one whose embeddings the index holds.
        reader: Looks for the answer in their passages; None to do without.
    """
    if not candidates:
        return ()
    query, expected = encoder.encode_queries([question])[0], expect_answer(question)
    texts = [f"{unit.context}: {unit.sentence.text}" for _, unit in candidates]
    cosines = np.asarray(encoder.encode_passages(texts) @ query).tolist()
    stems = [stems_of([unit.sentence.text, unit.context]) for _, unit in candidates]
    answers = find_answers(question, candidates, reader) if reader else ()
    surely = level_rows(candidates, answers)
    weights, ranked = READER_WEIGHTS if reader else WEIGHTS, []
    for at, candidate in enumerate(candidates):
        features = {
            "cosine": cosines[at],
            "coverage": terms.coverage(stems[at]),
            "nearby_coverage": terms.coverage(_nearby(candidates, stems, at)),
            **_own_features(candidate, question, expected),
        }
        if answers:
            features["answer"] = sureness(surely[at])
        score = sum(weights[name] * features[name] for name in weights)
        missing = terms.missing_names(stems[at] | stems_of([candidate.hit.chunk.title]))
        span = _span_text(candidate, answers[at]) if answers else ""
        ranked.append(Ranked(candidate, features, score, missing, span))
    return tuple(sorted(ranked, key=lambda one: -one.score))


def _own_features(candidate: Candidate, question: str, expected: Expectation) -> dict[str, float]:
    """Return what is known of a candidate by itself."""
    hit, unit = candidate
    text = unit.sentence.text
    in_form = expected.form != "other" and meets(text, expected, context=unit.context)
    return {
        "passage_cosine": hit.cosine or 0.0,
        "passage_score": hit.score,
        "form": float(in_form),
        "new_words": math.log1p(count_new_words(text, question)),
    }


def sureness(score: float) -> float:
    """Return log-odds as a number from 0 to 1, 0.5 where they are even.

    >>> [sureness(score) for score in (-20.0, 0.0, 3.0, 20.0)]
    [0.0, 0.5, 0.625, 1.0]
    """
    return (max(-SURE, min(SURE, score)) + SURE) / (2 * SURE)


def find_answers(
    question: str, candidates: Sequence[Candidate], reader: Reader
) -> tuple[SpanAnswer, ...]:
    """Return the likeliest answer in each candidate, in characters of its chunk.

    Each passage is read once, whole, so that a unit is understood from what stands around it.
    """
    chunks = {hit.chunk.id: hit.chunk for hit, _ in candidates if hit.rank <= MOST_READ}
    passages = [
        Passage(chunk.text, passage_prefix(chunk.title, chunk.heading, text=chunk.text))
        for chunk in chunks.values()
    ]
    readings = dict(zip(chunks, reader.read(question, passages), strict=True))
    answers = []
    for hit, unit in candidates:
        before, reading = hit.chunk.start, readings.get(hit.chunk.id)
        start, end = unit.sentence.start - before, unit.sentence.end - before
        found = reading.best_within(start, end) if reading else None
        answers.append(found or SpanAnswer(start, start, -SURE))
    return tuple(answers)


def level_rows(candidates: Sequence[Candidate], answers: Sequence[SpanAnswer]) -> tuple[float, ...]:
    """Return the scores of answers, all rows of a passage having that of the surest.

    A reader of prose knows which table answers, but not which row: "Part: Project; Weight: 25%".
    """
    best: dict[str, float] = {}
    for (hit, unit), answer in zip(candidates, answers, strict=False):
        if unit.is_row:
            best[hit.chunk.id] = max(answer.score, best.get(hit.chunk.id, answer.score))
    return tuple(
        best[hit.chunk.id] if unit.is_row else answer.score
        for (hit, unit), answer in zip(candidates, answers, strict=False)
    )


def _span_text(candidate: Candidate, answer: SpanAnswer) -> str:
    """Return the words, whole, of an answer that is likelier than none; empty for another."""
    if answer.score <= 0:
        return ""
    text = candidate.hit.chunk.text
    found = (word.span() for word in _WORD.finditer(text))
    cut = [span for span in found if span[0] < answer.end and span[1] > answer.start]
    start = min([answer.start, *(start for start, _ in cut)])
    return text[start : max([answer.end, *(end for _, end in cut)])]


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
