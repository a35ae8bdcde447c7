"""A quoted summary put into a model's words, section by section, where they are backed.

Each section is a prompt of its own, so that a document of any length fits; what the model says of
it is checked against that section alone. What is not backed stays quoted, and a document's own
summary always does. Nothing is worded a second time, so citations stay true.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

from ragkit.ask.review import Review, finished_text
from ragkit.errors import PromptError
from ragkit.evidence import is_abstention
from ragkit.evidence.units import split_units
from ragkit.prompting import split_reasoning
from ragkit.protocols import Encoder
from ragkit.records import (
    Answer,
    AnswerSentence,
    Completion,
    EvidenceSentence,
    Prompt,
    Sentence,
    Source,
)

AskModel = Callable[[str, Source], tuple[Prompt, Completion]]
"""Gets a question and the section that it is about."""

SECTION_SENTENCES = 2
"""Sentences of a model that are shown of a section at most."""
_OWN_SUMMARY_LINES = 3
"""A section of which so many lines are quoted is the document's own summary."""


def word_summary(answer: Answer, ask_model: AskModel, encoder: Encoder) -> Answer:
    """Return a summary in a model's words as far as they are backed, else as it was quoted.

    Args:
        answer: The quoted summary; each of its sources is a part of a section.
        ask_model: Asks the model about one source.
        encoder: Measures closeness of meaning.
    """
    sources = {source.id: source for source in answer.sources}
    sentences: list[AnswerSentence] = []
    completions: list[Completion] = []
    prompt: Prompt | None = None
    for number, group in groupby(answer.sentences, key=lambda sentence: sentence.citations[0]):
        quoted = tuple(group)
        if len(quoted) >= _OWN_SUMMARY_LINES:
            sentences += quoted
            continue
        source = _whole(sources[number])
        try:
            prompt, completion = ask_model(_question(source, quoted[0].label), source)
        except PromptError:  # a section of one endless sentence
            sentences += quoted
            continue
        completions.append(completion)
        sentences += _backed(prompt, completion, encoder, quoted[0].label) or quoted
    worded = any(sentence.support != "quoted" for sentence in sentences)
    return replace(
        answer,
        mode="generated" if worded else "quoted",
        sentences=tuple(sentences),
        notice=f"{_title(answer)}, section by section:" if worded else answer.notice,
        reason="" if worded else "the sections do not back the model's own words",
        prompt=prompt,
        completion=_joined(completions) if completions else None,
    )


def _title(answer: Answer) -> str:
    titles = (source.hit.chunk.title or source.hit.chunk.document for source in answer.sources)
    return ", ".join(dict.fromkeys(titles))


def _question(source: Source, heading: str) -> str:
    title = source.hit.chunk.title
    return f"Sum up in one sentence what is said about {heading or title}."


def _whole(source: Source) -> Source:
    """Return a source with all its sentences but the heading as evidence, the first ranked best."""
    chunk = source.hit.chunk
    units = split_units(chunk.text)
    units = tuple(unit for unit in units if unit.text not in chunk.heading[-1:]) or units
    return replace(
        source,
        sentences=tuple(
            EvidenceSentence(
                Sentence(unit.text, chunk.start + unit.start, chunk.start + unit.end),
                source.id,
                1.0 - place / len(units),
                0.0,
                0.0,
            )
            for place, unit in enumerate(units)
        ),
    )


def _backed(
    prompt: Prompt, completion: Completion, encoder: Encoder, label: str
) -> tuple[AnswerSentence, ...]:
    """Return what of a completion its section backs, under the section's heading."""
    finished = completion.finish_reason == "stop"
    thought = split_reasoning(completion.text, prompt.answer_marker, finished=finished)
    text = finished_text(replace(completion, text=thought.answer))
    if is_abstention(text):
        return ()
    review = Review(prompt.sources, encoder, question="", answer_marker=prompt.answer_marker)
    backed = [sentence.as_answer for sentence in review.read(text) if sentence.is_backed]
    return tuple(replace(sentence, label=label) for sentence in backed[:SECTION_SENTENCES])


def _joined(completions: Sequence[Completion]) -> Completion:
    """Return completions as one: texts in order, tokens and seconds added up."""
    first = completions[0]
    return replace(
        first,
        text="\n\n".join(completion.text for completion in completions),
        prompt_tokens=sum(completion.prompt_tokens for completion in completions),
        completion_tokens=sum(completion.completion_tokens for completion in completions),
        generate_s=sum(completion.generate_s for completion in completions),
        token_logprobs=(),
    )
