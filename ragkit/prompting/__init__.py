"""Question and evidence to the exact messages for a model, within its context window."""

from ragkit.prompting.assembly import assemble_prompt
from ragkit.prompting.reasoning import answer_so_far, is_going_round, split_reasoning
from ragkit.prompting.strategies import (
    ABSTENTION_PHRASE,
    Strategy,
    WorkedExample,
    list_strategies,
    load_strategy,
)

__all__ = [
    "ABSTENTION_PHRASE",
    "Strategy",
    "WorkedExample",
    "answer_so_far",
    "assemble_prompt",
    "is_going_round",
    "list_strategies",
    "load_strategy",
    "split_reasoning",
]
