"""Questions without documents, asked with and without thinking step by step.

What is looked for in a completion is the number, letter, yes or no, or word that the question asks
for; how it is reasoned is kept and not judged.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from ragkit.evaluation.adapters import plain_number
from ragkit.evaluation.bench.bench import Bench
from ragkit.evaluation.bench.outcomes import begin_outcome, with_completion, with_prompt
from ragkit.evaluation.records import Outcome, Reading, Task
from ragkit.records import Message, Sampling

REASONING_STRATEGIES = ("zero-shot", "zero-shot-cot", "few-shot", "few-shot-cot")
REASONING_TOKENS = 160
"""Tokens that the model may think for. Source: Kojima et al. 2022 take 128, and more for long
ones; a worked sum of GSM8K has 100 in the mean."""
ANSWER_TOKENS = 24
_NUMBER = re.compile(r"-?\$?\d[\d,]*(?:\.\d+)?")
_LETTER = re.compile(r"(?<![A-Za-z])\(?([A-Z])(?![A-Za-z])\)?")
_YES_NO = re.compile(r"\b(yes|no)\b", re.IGNORECASE)
_ANSWER_IS = re.compile(r"\banswer(?: \([^)]*\))? is:?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to ask of a model."""

    messages: tuple[Message, ...]
    sampling: Sampling


@dataclass(frozen=True, slots=True)
class Plan:
    """How a question is put: a step that thinks, if any, and what asks for the answer."""

    first: Step
    trigger: str = ""
    """What follows the thoughts to ask for the answer; empty where the first step answers."""


def plan_reasoning(question: str, kind: str, strategy: str, sampling: Sampling) -> Plan:
    """Return how a question is put.

    >>> plan = plan_reasoning("What is 2 + 2?", "number", "zero-shot", Sampling())
    >>> [(message.role, message.content) for message in plan.first.messages]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('user', 'Q: What is 2 + 2?'), ('assistant', 'A: The answer (arabic numerals) is')]

    Args:
        question: As the set has it, with its choices.
        kind: What is asked for: number, choice, yes-no or text.
        strategy: One of `REASONING_STRATEGIES`.
        sampling: What holds beside the length.
    """
    table = _prompts()
    thinks = strategy.endswith("-cot")
    length = REASONING_TOKENS + ANSWER_TOKENS if thinks else ANSWER_TOKENS
    short = replace(sampling, max_new_tokens=length, stop=("\nQ:", "\n\nQ"))
    if strategy.startswith("few-shot"):
        turns = _worked(table[kind], thinks=thinks)
        return Plan(Step((*turns, Message("user", f"Q: {question}")), short))
    trigger = table["trigger"][kind]
    if thinks:
        thought = Message("assistant", f"A: {table['think']}")
        return Plan(Step((Message("user", f"Q: {question}"), thought), short), trigger)
    begun = Message("assistant", f"A: {trigger[0].upper()}{trigger[1:]}")
    return Plan(Step((Message("user", f"Q: {question}"), begun), short))


def ask_for_answer(plan: Plan, thoughts: str) -> Step:
    """Return the second step, which asks for the answer to what was thought."""
    *turns, begun = plan.first.messages
    text = f"{begun.content} {thoughts.strip()}\nTherefore, {plan.trigger}"
    sampling = replace(plan.first.sampling, max_new_tokens=ANSWER_TOKENS)
    return Step((*turns, Message("assistant", text)), sampling)


def find_answer(said: str, kind: str) -> str:
    """Return the answer in what was said after being asked for it; empty where there is none.

    The first after "the answer is" counts, or the first of all where that was asked for before.

    >>> find_answer(" 1,250 dollars. Then 3 more", "number")
    '1250'
    >>> find_answer("8 and 1. So the answer is 9.", "number")
    '9'
    >>> find_answer(" (B) an umbrella", "choice"), find_answer("No, it is not.", "yes-no")
    ('B', 'no')
    >>> find_answer(' "yajo".', "text"), find_answer("I cannot tell", "number")
    ('yajo', '')

    Source: the cleansing of Kojima et al. 2022, appendix A.5.
    """
    marked = _ANSWER_IS.search(said)
    text = said[marked.end() :] if marked else said
    if kind == "number":
        found = _NUMBER.search(text)
        return plain_number(found[0].replace("$", "")) if found else ""
    if kind == "choice":
        found = _LETTER.search(text)
        return found[1] if found else ""
    if kind == "yes-no":
        found = _YES_NO.search(text)
        return found[1].lower() if found else ""
    words = re.findall(r"[^\W_]+", text.lower())
    return words[0] if words else ""


def _worked(examples: Sequence[Mapping[str, str]], *, thinks: bool) -> tuple[Message, ...]:
    turns = []
    for example in examples:
        thought = f"{example['reasoning']} " if thinks else ""
        turns.append(Message("user", f"Q: {example['question']}"))
        turns.append(Message("assistant", f"A: {thought}The answer is {example['answer']}."))
    return tuple(turns)


@cache
def _prompts() -> dict[str, Any]:
    text = files("ragkit.evaluation.bench").joinpath("reasoning.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def reason(task: Task, bench: Bench) -> Outcome:
    """Return the answer that a model gives to a question without documents, thinking first or not.

    The level of the variant names the strategy. `extra` holds "said", the words that the answer was
    found in.

    Raises:
        RagkitError: The model cannot be asked.
    """
    sample, llm = task.sample, bench.llm
    plan = plan_reasoning(sample.question, sample.type, task.variant.level, bench.options.sampling)
    step, completion = plan.first, llm.generate(plan.first.messages, sampling=plan.first.sampling)
    said = completion.text
    if plan.trigger:
        step = ask_for_answer(plan, said)
        completion = llm.generate(step.messages, sampling=step.sampling)
        said = completion.text
    outcome = begin_outcome(task, question=sample.question, strategy=task.variant.level)
    outcome = with_prompt(outcome, step.messages, llm, tokens=completion.prompt_tokens)
    outcome = with_completion(outcome, completion, answer_marker="")
    answer = find_answer(said, sample.type)
    return replace(
        outcome,
        readings={"model": Reading(text=answer, abstained=False)},
        extra={"said": said},
    )
