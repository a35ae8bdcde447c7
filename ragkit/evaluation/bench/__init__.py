"""A task to its outcome: what is done with a sample, with one model over one index.

A module holds a call; `CALLS` names them. Nothing here scores or writes.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from ragkit.errors import RagkitError
from ragkit.evaluation.bench.asking import answer_case, ask, ask_assistant
from ragkit.evaluation.bench.bench import POOL_HITS, Bench, within_of
from ragkit.evaluation.bench.closed_book import ask_closed_book
from ragkit.evaluation.bench.crossing import cross
from ragkit.evaluation.bench.outcomes import (
    begin_outcome,
    passage_of_hit,
    passages_of_sources,
    read_completion,
    summarise_logprobs,
    with_completion,
    with_prompt,
)
from ragkit.evaluation.bench.passages import gold_hits, noisy_hits
from ragkit.evaluation.bench.preparing import prepare_case
from ragkit.evaluation.bench.reasoning import reason
from ragkit.evaluation.bench.samples import draw_samples
from ragkit.evaluation.bench.searching import HYBRID, SEARCHES, search, search_variant
from ragkit.evaluation.bench.twins import compare_twins, verbatim_share
from ragkit.evaluation.errors import InapplicableError
from ragkit.evaluation.records import Call, Outcome, Task

__all__ = [
    "CALLS",
    "HYBRID",
    "POOL_HITS",
    "SEARCHES",
    "Bench",
    "answer_case",
    "ask_assistant",
    "begin_outcome",
    "gold_hits",
    "noisy_hits",
    "passage_of_hit",
    "passages_of_sources",
    "perform",
    "prepare_case",
    "read_completion",
    "search_variant",
    "summarise_logprobs",
    "verbatim_share",
    "with_completion",
    "with_prompt",
    "within_of",
]

CALLS: Mapping[Call, Callable[[Task, Bench], Outcome]] = {
    "ask": ask,
    "oracle": ask,
    "closed-book": ask_closed_book,
    "cross": cross,
    "reason": reason,
    "samples": draw_samples,
    "search": search,
    "twin": compare_twins,
}
"""What is done for each call; each may raise a RagkitError where nothing comes of a task."""


def perform(task: Task, bench: Bench) -> Outcome:
    """Return what comes of a task, with the seconds that it took; an error is part of it.

    Several threads may call it: they take turns at the bench, but for the model.

    Where the variant does not apply to what was found, `extra` says why under "inapplicable", and
    there is no answer to score; with an error it names its kind under "error_kind".
    """
    start = time.perf_counter()
    try:
        with bench.turn:
            outcome = CALLS[task.call](task, bench)
    except InapplicableError as reason:
        outcome = begin_outcome(task, question=task.sample.question)
        outcome = replace(outcome, extra={"inapplicable": reason.message})
    except RagkitError as error:
        outcome = begin_outcome(task, question=task.sample.question)
        kind = type(error).__name__
        outcome = replace(outcome, error=error.message, extra={"error_kind": kind})
    return replace(outcome, seconds=time.perf_counter() - start)
