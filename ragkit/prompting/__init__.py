"""Question and evidence to the exact messages for a model, within its context window."""

from ragkit.prompting.assembly import assemble_prompt
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
    "assemble_prompt",
    "list_strategies",
    "load_strategy",
]
