"""Drafts in the words of a model; where it does not keep to the rules, the rule's words stay."""

import re
from dataclasses import replace

from ragkit.evaluation.drafting.grammar import reads_well
from ragkit.evaluation.records import Sample
from ragkit.evaluation.scoring import holds_answer
from ragkit.protocols import LLM
from ragkit.records import Message, Sampling

_MAX_NEW_TOKENS = 48
_SYSTEM = (
    "You reword questions about a course. Ask for exactly the same thing, as a student would type "
    "it. Keep every number, name and technical term. Do not answer. Reply with the question alone."
)
_KEPT = re.compile(r"\d[\d.,]*\d|\d|\b[A-Z][\w@’'-]+")


def reword(sample: Sample, llm: LLM) -> Sample:
    """Return a draft as a model words it, or as it was.

    The new words are taken where they are one question that stands alone, hold every number and
    name of the old one, and no accepted answer.

    Args:
        sample: A draft.
        llm: Asked once, greedily.
    """
    messages = (Message("system", _SYSTEM), Message("user", sample.question))
    completion = llm.generate(messages, sampling=Sampling(max_new_tokens=_MAX_NEW_TOKENS))
    question = " ".join(completion.text.split()).strip("\"“”'")
    return replace(sample, question=question) if _keeps(sample, question) else sample


def _keeps(sample: Sample, question: str) -> bool:
    """Say whether a wording asks for the same by its numbers and names, and gives nothing away."""
    _first, _, rest = sample.question.partition(" ")
    needed = [*_KEPT.findall(rest), *([sample.premise] if sample.premise else [])]
    accepted = sample.answers or sample.correction
    return (
        question.count("?") == 1
        and question != sample.question
        and reads_well(question)
        and all(word.lower() in question.lower() for word in needed)
        and not holds_answer(accepted, question)
    )
