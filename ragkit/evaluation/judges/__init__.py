"""Who says whether passages back a sentence, beyond the rules that always do, and how well.

T1 `similarity` (encoder), T2 `logits` (the model), T3 `detector` (a classifier named by path), and
the `rules` themselves (T0) for comparison. `claims` reads what people have judged, `checking` makes
a judge's card of it and `cards` keeps it; `sentences` judges the answers of a run by judges that
have one. A new judge is a module with a class, and its row in JUDGES.
"""

from collections.abc import Callable
from pathlib import Path

from ragkit.errors import unknown_name
from ragkit.evaluation.judges.cards import load_cards, require_cards, save_cards
from ragkit.evaluation.judges.checking import check_claims, judge_claims, make_card
from ragkit.evaluation.judges.claims import FORMS, LabelledClaim, choose_claims, read_claims
from ragkit.evaluation.judges.detector import DetectorJudge
from ragkit.evaluation.judges.logits import LogitJudge
from ragkit.evaluation.judges.rules import RulesJudge
from ragkit.evaluation.judges.sentences import (
    CheckedJudge,
    check_judge,
    judge_outcomes,
    measure_grounded,
)
from ragkit.evaluation.judges.similarity import EncoderJudge
from ragkit.evaluation.protocols import Judge
from ragkit.protocols import LLM, Encoder

__all__ = [
    "FORMS",
    "JUDGES",
    "CheckedJudge",
    "LabelledClaim",
    "check_claims",
    "check_judge",
    "choose_claims",
    "judge_claims",
    "judge_outcomes",
    "load_cards",
    "make_card",
    "measure_grounded",
    "open_judge",
    "read_claims",
    "require_cards",
    "save_cards",
]

JUDGES = ("encoder", "logits", "rules")
"""Judges that have a name; any other is named by the path of its folder."""


def open_judge(
    name: str, *, load_encoder: Callable[[], Encoder], load_llm: Callable[[], LLM]
) -> Judge:
    """Return the judge of a name, or the detector in a folder.

    Args:
        name: Of `JUDGES`, or a path.
        load_encoder: Called where the judge needs one.
        load_llm: Called where the judge needs one.

    Raises:
        UsageError: There is neither such a judge nor such a folder.
        ModelError: What it needs cannot be loaded.
    """
    if name == LogitJudge.name:
        return LogitJudge(load_llm())
    if name == EncoderJudge.name:
        return EncoderJudge(load_encoder())
    if name == RulesJudge.name:
        return RulesJudge(load_encoder())
    if Path(name).is_dir():
        return DetectorJudge(Path(name))
    raise unknown_name("judge", name, (*JUDGES, "the folder of a detector"))
