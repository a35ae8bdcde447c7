"""The call "closed-book": the question alone, so that only memory can answer.

There is no shown answer: without passages nothing can be checked.
"""

from dataclasses import replace

from ragkit.evaluation.bench.bench import Bench
from ragkit.evaluation.bench.outcomes import begin_outcome, with_completion, with_prompt
from ragkit.evaluation.bench.preparing import prepare_case
from ragkit.evaluation.records import Outcome, Task
from ragkit.records import Message

SYSTEM = "Answer the question in a few words."
"""Our own wording; short, so that a value from memory is not buried."""
MAX_NEW_TOKENS = 32
"""Enough for a value in a sentence; what a small model says after that is of something else."""


def ask_closed_book(task: Task, bench: Bench) -> Outcome:
    """Return what the model says to a question without any passage.

    Raises:
        RagkitError: The model cannot be asked.
    """
    case = prepare_case(task, bench)
    messages = (Message("system", SYSTEM), Message("user", case.question.strip()))
    llm = bench.llm_for(chat_template=case.chat_template)
    sampling = replace(bench.options.sampling, max_new_tokens=MAX_NEW_TOKENS)
    completion = llm.generate(messages, sampling=sampling)
    outcome = begin_outcome(task, question=case.question, strategy="closed-book")
    outcome = with_prompt(outcome, messages, llm, tokens=completion.prompt_tokens)
    return with_completion(outcome, completion, answer_marker="")
