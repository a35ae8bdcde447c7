"""What the calls share: an outcome to begin with, and what is kept of prompts and completions."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from ragkit.ask import GENERATED_SENTENCES, finished_text
from ragkit.evaluation.records import (
    LogprobSummary,
    Outcome,
    Passage,
    Reading,
    ReadSentence,
    Task,
)
from ragkit.evidence import is_abstention, parse_citations
from ragkit.prompting import split_reasoning
from ragkit.protocols import LLM
from ragkit.records import Completion, Hit, Message, Source

_LOWEST_SHARE = 0.2


def begin_outcome(task: Task, *, question: str, strategy: str = "") -> Outcome:
    """Return the outcome of a task before anything has come of it."""
    sample, variant = task.sample, task.variant
    return Outcome(
        sample_id=sample.id,
        base_id=sample.base_id,
        kind=sample.kind,
        variant=variant.id,
        axis=variant.axis,
        level=variant.level,
        call=task.call,
        question=question,
        strategy=strategy,
    )


def with_prompt(outcome: Outcome, messages: Sequence[Message], llm: LLM, *, tokens: int) -> Outcome:
    """Return an outcome with the exact text that the model got."""
    text = llm.render_prompt(messages)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return replace(outcome, prompt=text, prompt_sha256=digest, prompt_tokens=tokens)


def with_completion(outcome: Outcome, completion: Completion, *, answer_marker: str) -> Outcome:
    """Return an outcome with what the model said, and that taken as the answer."""
    reading = read_completion(completion, answer_marker=answer_marker)
    return replace(
        outcome,
        completion=completion.text,
        finish_reason=completion.finish_reason,
        logprobs=summarise_logprobs(completion.token_logprobs),
        readings={**outcome.readings, "model": reading},
    )


def read_completion(completion: Completion, *, answer_marker: str = "") -> Reading:
    """Return what a model said as an answer, unchecked.

    Its reasoning, the sentence in which it ran out of tokens, and what follows the sentences that
    are looked at are left out, as they are of a checked answer.

    >>> said = Completion("It is so [1]. No more [2, 3].", 9, 9, "stop")
    >>> [(one.text, one.citations) for one in read_completion(said).sentences]
    [('It is so.', (1,)), ('No more.', (2, 3))]

    Args:
        completion: What the model said.
        answer_marker: What stands between reasoning and answer; empty where there is none.
    """
    finished = completion.finish_reason == "stop"
    thought = split_reasoning(completion.text, answer_marker, finished=finished)
    text = finished_text(replace(completion, text=thought.answer))
    sentences = tuple(
        ReadSentence(sentence.text, sentence.citations)
        for sentence in parse_citations(text)[:GENERATED_SENTENCES]
    )
    said = " ".join(sentence.text for sentence in sentences)
    return Reading(text=said, abstained=is_abstention(said), sentences=sentences)


def summarise_logprobs(logprobs: Sequence[float]) -> LogprobSummary | None:
    """Return the mean, the least, and the mean of the least likely fifth; None of no tokens.

    >>> summarise_logprobs([-0.5, -1.5, -4.0])
    LogprobSummary(tokens=3, mean=-2.0, least=-4.0, lowest_fifth=-4.0)
    """
    if not logprobs:
        return None
    ordered = sorted(logprobs)
    lowest = ordered[: max(1, int(len(ordered) * _LOWEST_SHARE))]
    return LogprobSummary(
        tokens=len(ordered),
        mean=sum(ordered) / len(ordered),
        least=ordered[0],
        lowest_fifth=sum(lowest) / len(lowest),
    )


def passages_of_sources(sources: Sequence[Source]) -> tuple[Passage, ...]:
    """Return sources as the prompt shows them."""
    return tuple(
        replace(
            passage_of_hit(source.hit, source.id),
            evidence=tuple(one.sentence.text for one in source.sentences),
        )
        for source in sources
    )


def passage_of_hit(hit: Hit, number: int) -> Passage:
    """Return a hit as a numbered passage."""
    chunk = hit.chunk
    return Passage(
        id=number,
        document=chunk.document,
        start=chunk.start,
        end=chunk.end,
        text=chunk.text,
        score=hit.score,
        cosine=hit.cosine,
        page=chunk.page,
        heading=tuple(filter(None, (chunk.title, *chunk.heading))),
    )
