"""A question to a checked answer with its receipts, or to an abstention with its reason.

Evidence comes before generation: where it does not suffice, no model is asked. What a model then
says is shown only as far as a source backs it; where none of it is backed, the sources speak.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from ragkit.errors import UsageError
from ragkit.evidence import SupportChecker, is_abstention, parse_citations, select_evidence
from ragkit.prompting import assemble_prompt, load_strategy
from ragkit.protocols import LLM, Encoder, Index
from ragkit.records import (
    Answer,
    AnswerSentence,
    Completion,
    Evidence,
    EvidenceSentence,
    Hit,
    Prompt,
    Sampling,
    Source,
)
from ragkit.retrieval import Retriever

QUOTED_SENTENCES = 2
"""Sentences that a quoted answer holds at most."""
QUOTED_MARGIN = 0.85
"""A further sentence is quoted only if it scores at least this share of the best one's score."""
OVERRULING_SUFFICIENCY = 0.8
"""From here on a model's "the documents do not say" is not believed and the evidence is quoted."""
CLOSEST_SOURCES = 3
"""Sources shown beside an abstention."""
_LONG_QUESTION_BYTES = 1024


@dataclass(frozen=True, slots=True)
class AskOptions:
    """How a question is answered."""

    strategy: str = "zero-shot"
    top_n: int = 5
    """Passages to retrieve."""
    min_sufficiency: float = 0.5
    """Abstain when the evidence scores less, 0 to 1."""
    sampling: Sampling = field(default_factory=Sampling)
    always_generate: bool = False
    """Ask the model even where the evidence does not suffice; the answer is still an abstention."""


@dataclass(slots=True)
class _Stopwatch:
    """Seconds by step."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


class Assistant:
    """Answers questions from one index with one model.

    Args:
        index: What is asked.
        encoder: The one whose embeddings the index holds.
        load_llm: Called once, when a model is first needed.
        prompts_dir: Folder with the user's own strategies, if any.
    """

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        *,
        load_llm: Callable[[], LLM],
        prompts_dir: Path | None = None,
    ) -> None:
        self._index = index
        self._encoder = encoder
        self._load_llm = load_llm
        self._prompts_dir = prompts_dir

    @cached_property
    def llm(self) -> LLM:
        """The model, loaded when first needed."""
        return self._load_llm()

    def gather(self, question: str, options: AskOptions) -> Evidence:
        """Return the evidence for a question, without asking a model.

        Raises:
            UsageError: The question is empty.
        """
        return self._select(question, self._retrieve(question, options), options)

    def _retrieve(self, question: str, options: AskOptions) -> tuple[Hit, ...]:
        if not question.strip():
            raise UsageError("the question is empty", hint='ask one: ragkit ask "What is ...?"')
        return Retriever(self._index, self._encoder).search(question, top_n=options.top_n)

    def _select(self, question: str, hits: Sequence[Hit], options: AskOptions) -> Evidence:
        return select_evidence(
            question,
            hits,
            index=self._index,
            encoder=self._encoder,
            threshold=options.min_sufficiency,
        )

    def build_prompt(self, question: str, sources: Sequence[Source], options: AskOptions) -> Prompt:
        """Return the exact prompt for a question and the sources of its evidence.

        Raises:
            PromptError: The question does not fit into the model's context window.
            UsageError: There is no such strategy.
        """
        strategy = load_strategy(options.strategy, prompts_dir=self._prompts_dir)
        max_new_tokens = options.sampling.max_new_tokens
        return assemble_prompt(
            question, sources, strategy=strategy, llm=self.llm, max_new_tokens=max_new_tokens
        )

    def ask(
        self,
        question: str,
        options: AskOptions,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Answer:
        """Return the checked answer to a question.

        Args:
            question: As the user asks it.
            options: How to answer it.
            on_text: Gets the model's words as they come, unchecked.
        """
        watch = _Stopwatch()
        with watch.step("total"):
            load_strategy(options.strategy, prompts_dir=self._prompts_dir)
            with watch.step("retrieve"):
                hits = self._retrieve(question, options)
            with watch.step("evidence"):
                evidence = self._select(question, hits, options)
            with watch.step("load"):
                self._refuse_oversized(question, evidence, options)
            answer = self._answer(question, evidence, options, watch, on_text)
        return replace(
            answer,
            encoder_name=self._encoder.name,
            encoder_fingerprint=self._encoder.fingerprint,
            sampling=options.sampling,
            timings_s=dict(watch.seconds),
        )

    def _refuse_oversized(self, question: str, evidence: Evidence, options: AskOptions) -> None:
        """Raise a PromptError for a question that no prompt can hold, even where it would abstain.

        Only a long one is worth loading a model for: a token is at least one byte.
        """
        if evidence.sources and len(question.encode()) > _LONG_QUESTION_BYTES:
            self.build_prompt(question, evidence.sources, options)

    def _answer(
        self,
        question: str,
        evidence: Evidence,
        options: AskOptions,
        watch: _Stopwatch,
        on_text: Callable[[str], None] | None,
    ) -> Answer:
        enough = evidence.sufficiency.enough
        if not enough and not options.always_generate:
            return _abstain(question, evidence, evidence.sufficiency.reason)
        with watch.step("load"):
            llm = self.llm
        with watch.step("prompt"):
            prompt = self.build_prompt(question, evidence.sources, options)
        with watch.step("generate"):
            completion = llm.generate(prompt.messages, sampling=options.sampling, on_text=on_text)
        watch.seconds["first_token"] = completion.first_token_s
        with watch.step("check"):
            if enough:
                answer = compose(question, evidence, prompt, completion, self._encoder)
            else:
                answer = _abstain(question, evidence, evidence.sufficiency.reason)
        return replace(answer, prompt=prompt, completion=completion, model=llm.info)


def compose(
    question: str, evidence: Evidence, prompt: Prompt, completion: Completion, encoder: Encoder
) -> Answer:
    """Return what of a completion may be shown: its backed sentences, else the sources' own words.

    Args:
        question: As the user asked it.
        evidence: What was selected to answer with.
        prompt: What the model was asked; only the sources in it can be cited.
        completion: What the model said.
        encoder: Measures closeness of meaning.
    """
    if is_abstention(completion.text):
        if evidence.sufficiency.score >= OVERRULING_SUFFICIENCY:
            return _quote(question, evidence, "the model found no answer, but the evidence is strong")
        return _abstain(question, evidence, "the model found no answer in the closest passages")
    checker = SupportChecker(prompt.sources, encoder, question=question)
    backed = []
    for text, _cited in parse_citations(completion.text):
        verdict = checker.check(text)
        if verdict.source_id is not None:
            citations = (verdict.source_id,)
            backed.append(AnswerSentence(text, citations, verdict.support, verdict.score))
    if not backed:
        reason = "the model's own words were not backed by the sources, so they are quoted"
        return _quote(question, evidence, reason)
    cited = {number for sentence in backed for number in sentence.citations}
    return Answer(
        question=question,
        mode="generated",
        sentences=tuple(backed),
        sources=tuple(source for source in prompt.sources if source.id in cited),
        sufficiency=evidence.sufficiency,
    )


def _quote(question: str, evidence: Evidence, reason: str) -> Answer:
    """Return the best sentences of the sources as the answer, in the order of their scores."""
    best = evidence.sentences[0].score
    chosen = [
        sentence
        for sentence in evidence.sentences[:QUOTED_SENTENCES]
        if sentence.score >= QUOTED_MARGIN * best
    ]
    cited = {sentence.source_id for sentence in chosen}
    return Answer(
        question=question,
        mode="quoted",
        sentences=tuple(_as_answer(sentence) for sentence in chosen),
        sources=tuple(source for source in evidence.sources if source.id in cited),
        sufficiency=evidence.sufficiency,
        reason=reason,
    )


def _as_answer(sentence: EvidenceSentence) -> AnswerSentence:
    text = " ".join(sentence.sentence.text.split())
    return AnswerSentence(text, (sentence.source_id,), "quoted", 1.0)


def _abstain(question: str, evidence: Evidence, reason: str) -> Answer:
    return Answer(
        question=question,
        mode="abstained",
        sentences=(),
        sources=evidence.sources[:CLOSEST_SOURCES],
        sufficiency=evidence.sufficiency,
        reason=reason,
    )
