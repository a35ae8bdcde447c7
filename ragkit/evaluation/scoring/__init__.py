"""How an outcome scores by rules (T0): the same answer always scores the same, without a model.

`texts` compares two texts, `answers` finds an accepted answer in one, `declining` an abstention;
`verdicts` says what an answer comes to by the kind of its sample, and `score` puts it together.
"""

from ragkit.evaluation.scoring.answers import check_answer, covers
from ragkit.evaluation.scoring.declining import declines
from ragkit.evaluation.scoring.score import ANSWERING, score_outcome
from ragkit.evaluation.scoring.texts import contains, exact_match, holds_answer, plain, token_f1

__all__ = [
    "ANSWERING",
    "check_answer",
    "contains",
    "covers",
    "declines",
    "exact_match",
    "holds_answer",
    "plain",
    "score_outcome",
    "token_f1",
]
