"""Question and evidence to the exact messages for a model, within its context window."""

from ragkit.prompting.assembly import assemble_prompt
from ragkit.prompting.reasoning import answer_so_far, is_going_round, split_reasoning
from ragkit.prompting.rendering import ABSTENTION_PHRASE, render_worked_answer
from ragkit.prompting.strategies import (
    Strategy,
    StrategyFile,
    load_strategy,
    read_strategies,
)
from ragkit.prompting.worked_examples import (
    EXAMPLE_CHOICES,
    ExampleSet,
    NearestExamples,
    WorkedExample,
    check_choice,
    read_example_sets,
)

__all__ = [
    "ABSTENTION_PHRASE",
    "EXAMPLE_CHOICES",
    "ExampleSet",
    "NearestExamples",
    "Strategy",
    "StrategyFile",
    "WorkedExample",
    "answer_so_far",
    "assemble_prompt",
    "check_choice",
    "is_going_round",
    "load_strategy",
    "read_example_sets",
    "read_strategies",
    "render_worked_answer",
    "split_reasoning",
]
