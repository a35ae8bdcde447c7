"""Whether the evidence answers the question: a logistic function of a few telling features."""

import math
import re
from collections.abc import Mapping, Sequence
from itertools import islice

from ragkit.evidence.expectation import AnswerForm, Expectation, expect_answer
from ragkit.evidence.matching import QuestionTerms, stems_of
from ragkit.evidence.ranking import Ranked
from ragkit.records import Hit, Sufficiency
from ragkit.words import drop_possessive, words_of

BIAS = -4.43
WEIGHTS: Mapping[str, float] = {
    "best_cosine": 6.41,
    "nearby_coverage": 0.69,
    "passage_coverage": 0.44,
    "missing_detail": -1.27,
    "lead": 3.31,
}
"""What tells that the evidence answers: the closest sentence is close (`best_cosine`); the best one
and its neighbours, and the best passage, hold the question's telling words; one sentence holds the
names asked about and something of the form asked for (`missing_detail` where none does); and the
best sentence stands out (`lead`, above the mean of the best six).

Source: logistic regression by evals/tools/calibrate_sufficiency.py on 2,186 questions (squad2,
xquad.en, nq-oracle, evals/calibration); answerable ones have half of the weight, near ones a fifth.
The bias is moved so that 0.5 refuses .05 of the answerable, which makes the score a probability
where .74 of the questions can be answered (held out: expected calibration error .022, Brier .112).
AUROC held out: near .70 (squad2) and .81 (calibration), middle .88 to 1.0, far .97 to 1.0. What
other shares of over-refusal turn away stands in docs/design.md.
"""

READER_BIAS = -3.26
READER_WEIGHTS: Mapping[str, float] = {
    "best_cosine": 3.27,
    "nearby_coverage": 0.35,
    "passage_coverage": 0.22,
    "missing_detail": -0.65,
    "lead": 1.69,
    "answer": 3.06,
}
"""The same where a reader looked for the answer: how surely it finds one in any of the units
(`answer`). The others keep their proportions, which were found on natural questions.

Source: the same tool on 858 questions that the reader was not fitted on (evals/training/arts and
trade, evals/calibration). 0.5 refuses .10 of the answerable: .13 and .17 of the first two, which
are asked in quite other words than the text, none of the third. AUROC, and of the weights above on
the same: near .79, .75, .86 (.45, .38, .82: most are traps that repeat the words of the text),
middle .90, .89, .98 (.90, .85, 1.0), far 1.0 (1.0); expected calibration error .033.
"""

_LEAD_OVER = 6
_SIXTH_SCORE = 1.27
"""What the sixth sentence scores on average; stands in where there are fewer than six."""
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
    expected = expect_answer(question)
    features = _measure(best, terms, expected)
    read = "answer" in features
    bias, weights = (READER_BIAS, READER_WEIGHTS) if read else (BIAS, WEIGHTS)
    contributions = {name: weights[name] * value for name, value in features.items()}
    score = 1.0 / (1.0 + math.exp(-bias - sum(contributions.values())))
    reason = "" if score >= threshold else _reason(question, best, features, terms)
    return Sufficiency(score, threshold, features, reason, contributions | {"bias": bias})


def _measure(
    best: Sequence[Ranked], terms: QuestionTerms, expected: Expectation
) -> dict[str, float]:
    answers = [one.features["answer"] for one in best if "answer" in one.features]
    read = {"answer": max(answers)} if answers else {}
    return {
        **read,
        "best_cosine": max(one.features["cosine"] for one in best),
        "nearby_coverage": best[0].features["nearby_coverage"],
        "passage_coverage": max(_passage_coverage(one.candidate.hit, terms) for one in best),
        "missing_detail": float(not any(_holds_detail(one, expected) for one in best)),
        "lead": _lead([one.score for one in best]),
    }


def _lead(scores: Sequence[float]) -> float:
    """Return how far the best score stands above the mean of the best six.

    >>> round(_lead([2.1, 1.5, 1.4, 1.3, 1.2, 0.9]), 2), round(_lead([2.1]), 2)
    (0.7, 0.69)
    """
    others = [*scores, *([min(_SIXTH_SCORE, scores[0])] * _LEAD_OVER)][:_LEAD_OVER]
    return scores[0] - sum(others) / _LEAD_OVER


def _holds_detail(ranked: Ranked, expected: Expectation) -> bool:
    """Say whether a unit holds something of the form asked for, and all names asked about."""
    in_form = expected.form == "other" or bool(ranked.features["form"])
    return in_form and not ranked.missing_names


def _passage_coverage(hit: Hit, terms: QuestionTerms) -> float:
    chunk = hit.chunk
    return terms.coverage(stems_of([chunk.text, chunk.title, *chunk.heading]))


_FORMS: Mapping[AnswerForm, str] = {
    "count": "no number of {}",
    "amount": "no number for {}",
    "length": "no measure of it",
    "time": "no time or date for it",
    "person": "no name for it",
    "place": "no place for it",
    "reason": "no reason for it",
    "meaning": "nothing on {} as such",
}
_PUNCTUATION = ".,;:?!()[]\"'“”‘’«»"
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
    if features["missing_detail"]:
        thing = f"“{_written(expected.measured, question)}”" if expected.measured else "it"
        elsewhere = any(one.features["form"] for one in best)
        of = f" with {_quoted(terms.names, question)}" if elsewhere and terms.names else ""
        return f"the documents come close, but hold {_FORMS[expected.form].format(thing)}{of}"
    if features["passage_coverage"] < _ABOUT:
        return "no passage is about all of what is asked"
    return "the closest sentences do not answer it"


def _written(words: Sequence[str], question: str) -> str:
    """Return words that follow each other as the question writes them."""
    found = re.search(r"\W+".join(map(re.escape, words)), question, re.IGNORECASE)
    return found[0] if found else " ".join(words)


def _quoted(words: Sequence[str], question: str) -> str:
    """Return some words in quotes as the question writes them, in the order given.

    >>> _quoted(["gpt", "3", "palm"], "Has GPT-3 more layers than PaLM?")
    '“GPT-3”, “PaLM”'
    """
    shown: dict[str, None] = {}
    for word in words:
        tokens = (
            token for token in question.split() if word in map(drop_possessive, words_of(token))
        )
        written = drop_possessive(next(tokens, word).strip(_PUNCTUATION))
        shown[f"“{written}”"] = None
    return ", ".join([*islice(shown, _MOST_WORDS), *(["…"] if len(shown) > _MOST_WORDS else [])])
