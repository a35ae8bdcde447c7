"""The ways to answer that are put side by side, and what each of them shows to a question.

`default`, `strict` and `raw` are one run: the model is asked once a question, and what it said is
checked, checked strictly, or shown as it is, but for the reasoning before it. `quote-only` shows
the best evidence and asks no model; `naive` pastes the first passages into a prompt and shows what
comes, unchecked.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from ragkit.ask import Assistant
from ragkit.evidence import is_abstention, parse_citations
from ragkit.index import LocalIndex
from ragkit.llms import ScriptedLLM
from ragkit.prompting import split_reasoning
from ragkit.protocols import ALL_DOCUMENTS, LLM, Encoder, TextListener
from ragkit.records import (
    Answer,
    Completion,
    DocumentFilter,
    Message,
    ModelInfo,
    Sampling,
    Source,
)
from ragkit.retrieval import Retriever
from ragkit.workspace import Workspace

MODEL_MODES = ("default", "strict", "raw")
"""Of each strategy."""
BASELINES = ("quote-only", "naive")
"""Which know no strategies."""
NAIVE_PASSAGES = 3
NAIVE_PROMPT = (
    "Use the following context to answer the question at the end. If the context does not hold the"
    " answer, say that you don't know.\n\nContext:\n{passages}\n\nQuestion: {question}\nAnswer:"
)
"""Source: the wording that tutorials of retrieval-augmented generation share, in one turn."""


_DECLINES = re.compile(
    r"\b(answer|information|it|this) is (not (available|known)|unknown)\b", re.IGNORECASE
)
"""What small models say besides the phrases that `is_abstention` knows."""


class Shown(NamedTuple):
    """What a reader sees to a question in one mode."""

    text: str
    sentences: tuple[str, ...] = ()
    """Those that claim something as fact."""
    quotes: tuple[str, ...] = ()
    """The words of the sources beside them."""
    sources: tuple[Source, ...] = ()
    """What may back the sentences."""
    abstained: bool = False
    by: str = "model"
    """ "generated", "quoted", "abstained", or "model" for a completion as it is."""
    marked: int = 0
    """Sentences that the reader is told are unsupported."""
    seconds: float | None = None
    """None where the mode shares the run of another."""
    completion: Completion | None = None
    sufficiency: float | None = None
    span: str = ""
    """The words marked in the first of the sentences that have any."""


class RememberingLLM:
    """Implements `ragkit.protocols.LLM`; says the same to the same messages without being asked.

    Modes that differ in what they show then rest on one completion.
    """

    def __init__(self, llm: LLM) -> None:
        self._llm = llm
        self._said: dict[tuple[tuple[Message, ...], Sampling], Completion] = {}
        self.render_prompt, self.count_tokens = llm.render_prompt, llm.count_tokens
        self.score_continuations = llm.score_continuations
        self.close = llm.close

    @property
    def info(self) -> ModelInfo:
        """Which weights speak."""
        return self._llm.info

    @property
    def context_window(self) -> int:
        """Tokens of prompt and completion together."""
        return self._llm.context_window

    def generate(
        self,
        messages: Sequence[Message],
        *,
        sampling: Sampling,
        on_text: TextListener | None = None,
    ) -> Completion:
        """Return the completion, the one of the last time where these messages came before."""
        key = (tuple(messages), sampling)
        if key not in self._said:
            self._said[key] = self._llm.generate(messages, sampling=sampling, on_text=on_text)
        return self._said[key]

    def forget(self) -> None:
        """Hold no completion any more."""
        self._said.clear()


class Respondent:
    """Answers a question in any mode.

    Args:
        workspace: Whose model and settings answer.
        index: What is asked.
        encoder: The one whose embeddings the index holds.
    """

    def __init__(self, workspace: Workspace, index: LocalIndex, encoder: Encoder) -> None:
        self._retriever = Retriever(index, encoder)
        self._options = workspace.ask_options
        self._llm = RememberingLLM(workspace.load_llm())
        self._asking, self._quoting = (
            Assistant(index, encoder, load_llm=load_llm, prompts_dir=workspace.prompts_dir)
            for load_llm in (lambda: self._llm, lambda: ScriptedLLM("say-nothing"))
        )

    @property
    def model(self) -> ModelInfo:
        """Which weights speak."""
        return self._llm.info

    def forget(self) -> None:
        """Go on to another question."""
        self._llm.forget()

    def gather(self, question: str) -> tuple[Source, ...]:
        """Return the sources with the sentences selected from them."""
        return self._asking.gather(question, self._options).sources

    def answer(
        self, question: str, mode: str, strategy: str, *, within: DocumentFilter = ALL_DOCUMENTS
    ) -> Shown:
        """Return what is shown to a question.

        Args:
            question: As the user asks it.
            mode: One of `MODEL_MODES` or `BASELINES`.
            strategy: For those modes that know one.
            within: Which documents to search.
        """
        options = replace(self._options, within=within)
        if mode == "naive":
            return self._answer_naively(question, within)
        if mode == "quote-only":
            quoted = _shown(self._quoting.ask(question, options), timed=True)
            return quoted._replace(completion=None)
        options = replace(options, strategy=strategy)
        if mode == "raw":
            return _as_said(self._asking.ask(question, replace(options, always_generate=True)))
        strict = mode == "strict"
        answer = self._asking.ask(question, replace(options, strict=strict))
        return _shown(answer, timed=not strict)

    def _answer_naively(self, question: str, within: DocumentFilter) -> Shown:
        started = time.perf_counter()
        hits = self._retriever.search(question, top_n=NAIVE_PASSAGES, within=within)
        passages = "\n\n".join(hit.chunk.text for hit in hits)
        prompt = NAIVE_PROMPT.format(passages=passages, question=question)
        completion = self._llm.generate([Message("user", prompt)], sampling=self._options.sampling)
        sources = tuple(Source(hit.rank, hit, ()) for hit in hits)
        seconds = time.perf_counter() - started
        return _completion_as_it_is(completion, sources, completion.text)._replace(seconds=seconds)


def _shown(answer: Answer, *, timed: bool) -> Shown:
    """Return what the reader sees of a checked answer."""
    return Shown(
        text=answer.text,
        sentences=tuple(s.text for s in answer.sentences if s.support != "none"),
        quotes=tuple(s.quote for s in answer.sentences if s.quote),
        sources=answer.sources,
        abstained=answer.abstained,
        by=answer.mode,
        marked=sum(s.support == "unsupported" for s in answer.sentences),
        seconds=answer.timings_s["total"] - answer.timings_s.get("load", 0.0) if timed else None,
        completion=answer.completion,
        sufficiency=answer.sufficiency.score,
        span=next((s.answer_span for s in answer.sentences if s.answer_span), ""),
    )


def _as_said(answer: Answer) -> Shown:
    """Return what a model said for an answer, whatever became of it.

    Reasoning before it is left out where there is an end to it.
    """
    completion, prompt = answer.completion, answer.prompt
    if completion is None or prompt is None:
        return _shown(answer, timed=False)  # it was put together without a model
    finished = completion.finish_reason == "stop"
    thought = split_reasoning(completion.text, prompt.answer_marker, finished=finished)
    shown = _completion_as_it_is(completion, prompt.sources, thought.answer or completion.text)
    return shown._replace(sufficiency=answer.sufficiency.score)


def _completion_as_it_is(completion: Completion, sources: tuple[Source, ...], text: str) -> Shown:
    abstained = declines(text)
    sentences = () if abstained else tuple(text for text, _ in parse_citations(text))
    return Shown(text, sentences, sources=sources, abstained=abstained, completion=completion)


def declines(text: str) -> bool:
    """Say whether a completion says that there is no answer, or nothing at all.

    >>> declines("The answer is not available."), declines(" "), declines("Friday at noon.")
    (True, True, False)
    """
    return is_abstention(text) or bool(_DECLINES.search(text)) or not text.strip()
