"""The call "twin": how likely a model finds a sentence, and the same with one thing swapped.

A model that has learned a text finds its sentences likelier than twins that it cannot have read,
and goes on with them word by word. Nothing here says whether it has.

Source: log-probabilities against those of neighbours: Mattern et al. 2023, "Membership Inference
Attacks against Language Models via Neighbourhood Comparison"; the least likely fifth of the tokens:
Shi et al. 2024, "Detecting Pretraining Data from Large Language Models"; going on verbatim: Carlini
et al. 2023, "Quantifying Memorization Across Neural Language Models".
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ragkit.errors import ModelError, UsageError
from ragkit.evaluation.bench.bench import Bench
from ragkit.evaluation.bench.outcomes import begin_outcome, summarise_logprobs, with_prompt
from ragkit.evaluation.errors import InapplicableError
from ragkit.evaluation.records import Outcome, Task
from ragkit.protocols import LLM
from ragkit.records import Message, Sampling

NEUTRAL = "Write one sentence of a textbook."
"""Says nothing of the sentence. Source: our own."""
INFORMED = "Here is a page of a textbook:\n\n{text}\n\nWrite one sentence of this textbook."
"""The control: with the original before it, a model that reads finds it the likelier one."""
_LONGEST = 64
"""Most tokens to go on with."""
_WORD = re.compile(r"\w+(?:[.,]\d+)*")


def compare_twins(task: Task, bench: Bench) -> Outcome:
    """Return how likely a sentence and its twin are, and how the model goes on with its first half.

    The completion is that continuation. `extra` holds, in natural log-probabilities a token,
    "original" and "swapped" (each with "tokens", "mean", "lowest_fifth"), the same as
    "original_informed" and "swapped_informed" after a prompt that holds the original, and "rest":
    the second half of the sentence.

    Raises:
        UsageError: The sample has no twin.
        InapplicableError: The back end cannot tell how likely a given text is.
    """
    twin = task.sample.twin
    if twin is None:
        raise UsageError(f"sample {task.sample.id} has no twin: a sentence with one thing swapped")
    pair = (twin.original, twin.swapped)
    informed = INFORMED.format(text=twin.original)
    extra: dict[str, Any] = {}
    for suffix, prompt in (("", NEUTRAL), ("_informed", informed)):
        try:
            original, swapped = likelihoods(prompt, pair, bench.llm)
        except ModelError as error:  # a server that tells only of what it says itself
            raise InapplicableError(error.message, hint=error.hint) from error
        extra |= {f"original{suffix}": original, f"swapped{suffix}": swapped}
    half, rest = halves(twin.original)
    # Without marks of turns, as in pretraining: so asked, the bundled model goes on with "We hold
    # these truths to be self-evident, that all" as the declaration does, and else it does not.
    messages = (Message("assistant", half),)
    sampling = Sampling(max_new_tokens=min(_LONGEST, 4 * len(rest.split()) + 8))
    said = bench.plain_llm.generate(messages, sampling=sampling)
    outcome = begin_outcome(task, question=half, strategy="twin")
    outcome = with_prompt(outcome, messages, bench.plain_llm, tokens=said.prompt_tokens)
    return replace(
        outcome,
        completion=said.text,
        finish_reason=said.finish_reason,
        logprobs=summarise_logprobs(said.token_logprobs),
        extra={**extra, "rest": rest},
    )


def likelihoods(prompt: str, texts: Sequence[str], llm: LLM) -> tuple[dict[str, float], ...]:
    """Return for each text its tokens, their mean log-probability and that of the lowest fifth."""
    summaries = []
    for logprobs in llm.score_continuations([Message("user", prompt)], texts):
        summary = summarise_logprobs(logprobs)
        if summary is None:
            raise UsageError("a twin is empty", hint="give both sentences their words")
        summaries.append(
            {
                "tokens": float(summary.tokens),
                "mean": summary.mean,
                "lowest_fifth": summary.lowest_fifth,
            }
        )
    return tuple(summaries)


def halves(sentence: str) -> tuple[str, str]:
    """Return the first half of the words of a sentence, and the rest.

    >>> halves("It was formed 8,400 years ago.")
    ('It was formed', '8,400 years ago.')
    """
    words = sentence.split()
    middle = (len(words) + 1) // 2
    return " ".join(words[:middle]), " ".join(words[middle:])


def verbatim_share(said: str, rest: str) -> float | None:
    """Return how much of a text is said in one run of words; None of no words.

    >>> verbatim_share("was formed 8,400 years ago, they say", "8,400 years ago, when it fell in.")
    0.42857142857142855
    """
    spoken = _WORD.findall(said.casefold())
    wanted = _WORD.findall(rest.casefold())
    if not wanted:
        return None
    longest = 0
    before = [0] * (len(wanted) + 1)
    for word in spoken:
        run = [0] * (len(wanted) + 1)
        for at, other in enumerate(wanted, start=1):
            if word == other:
                run[at] = before[at - 1] + 1
                longest = max(longest, run[at])
        before = run
    return longest / len(wanted)
