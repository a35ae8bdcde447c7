"""Two runs of a suite held against each other: what differs, and whether that is allowed."""

from ragkit.evaluation.comparing.comparison import compare
from ragkit.evaluation.comparing.counts import COUNTS
from ragkit.evaluation.comparing.gating import CheckedRule, Finding, GateResult, judge_run
from ragkit.evaluation.comparing.joining import Joined, Pair, join_runs
from ragkit.evaluation.comparing.policies import (
    Policy,
    Rule,
    built_in_policy_text,
    load_policy,
    parse_policy,
)
from ragkit.evaluation.comparing.records import Changed, ComparedValue, Comparison
from ragkit.evaluation.comparing.values import choose_view, values_of

__all__ = [
    "COUNTS",
    "Changed",
    "CheckedRule",
    "ComparedValue",
    "Comparison",
    "Finding",
    "GateResult",
    "Joined",
    "Pair",
    "Policy",
    "Rule",
    "built_in_policy_text",
    "choose_view",
    "compare",
    "join_runs",
    "judge_run",
    "load_policy",
    "parse_policy",
    "values_of",
]
