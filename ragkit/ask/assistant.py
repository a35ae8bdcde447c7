"""Gathers the evidence for a question, and asks a model only where it suffices."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from ragkit.ask.composition import Trust, abstain, compose
from ragkit.ask.given import Given
from ragkit.ask.listening import CompletionListener, Listeners
from ragkit.ask.options import AskOptions
from ragkit.ask.review import Review
from ragkit.ask.stopwatch import Stopwatch
from ragkit.ask.summaries import word_summary
from ragkit.errors import UsageError
from ragkit.evidence import select_evidence
from ragkit.overview import answer_overview, asks_for_summary, object_to
from ragkit.prompting import (
    NearestExamples,
    Strategy,
    assemble_prompt,
    check_choice,
    load_strategy,
)
from ragkit.protocols import (
    LLM,
    Encoder,
    Index,
    SentenceListener,
    TextListener,
)
from ragkit.records import (
    Answer,
    Completion,
    Evidence,
    Hit,
    Prompt,
    Sampling,
    Source,
)
from ragkit.retrieval import Retriever

_LONG_QUESTION_BYTES = 1024


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
        self._strategies: dict[str, Strategy] = {}
        self._nearest = NearestExamples(encoder)

    @cached_property
    def llm(self) -> LLM:
        """The model, loaded when first needed."""
        return self._load_llm()

    def gather(self, question: str, options: AskOptions, *, given: Given | None = None) -> Evidence:
        """Return the evidence for a question, without asking a model.

        Raises:
            UsageError: The question is empty.
        """
        return self._evidence(question, options, given, Stopwatch())

    def _retrieve(self, question: str, options: AskOptions) -> tuple[Hit, ...]:
        if not question.strip():
            raise UsageError("the question is empty", hint='ask one: ragkit ask "What is ...?"')
        return Retriever(self._index, self._encoder).search(
            question, top_n=options.top_n, within=options.within
        )

    def _evidence(
        self, question: str, options: AskOptions, given: Given | None, watch: Stopwatch
    ) -> Evidence:
        if given:
            with watch.step("evidence"):
                return given.arrange(self._select(question, given.hits, options))
        with watch.step("retrieve"):
            hits = self._retrieve(question, options)
        with watch.step("evidence"):
            return self._select(question, hits, options)

    def _select(self, question: str, hits: Sequence[Hit], options: AskOptions) -> Evidence:
        return select_evidence(
            question,
            hits,
            index=self._index,
            encoder=self._encoder,
            reader=options.reader,
            threshold=options.min_sufficiency,
        )

    def build_prompt(self, question: str, sources: Sequence[Source], options: AskOptions) -> Prompt:
        """Return the exact prompt for a question and the sources of its evidence.

        Raises:
            PromptError: The question does not fit into the model's context window.
            UsageError: There is no such strategy.
        """
        strategy = self._strategy(options)
        if options.examples == "nearest":
            count = len(strategy.examples)
            examples = self._nearest.choose(question, strategy.pool, count)
            strategy = replace(strategy, examples=examples)
        max_new_tokens = self._sampling(options).max_new_tokens
        return assemble_prompt(
            question, sources, strategy=strategy, llm=self.llm, max_new_tokens=max_new_tokens
        )

    def _sampling(self, options: AskOptions) -> Sampling:
        """Return the sampling with room for the reasoning of the strategy before the answer."""
        sampling = options.sampling
        reasoning = self._strategy(options).reasoning_tokens
        return replace(sampling, max_new_tokens=sampling.max_new_tokens + reasoning)

    def _strategy(self, options: AskOptions) -> Strategy:
        """Return the strategy with its fixed examples, read from its files once."""
        check_choice(options.examples)
        name = options.strategy
        if isinstance(name, Strategy):
            return name
        if name not in self._strategies:
            self._strategies[name] = load_strategy(name, prompts_dir=self._prompts_dir)
        return self._strategies[name]

    def ask(
        self,
        question: str,
        options: AskOptions,
        *,
        given: Given | None = None,
        on_text: TextListener | None = None,
        on_sentence: SentenceListener | None = None,
    ) -> Answer:
        """Return the checked answer to a question.

        Args:
            question: As the user asks it.
            options: How to answer it.
            given: Passages to answer from; None for those that are found for the question.
            on_text: Gets the model's words as they come, unchecked; True ends them.
            on_sentence: Gets each of its sentences once it is checked, while it goes on.
        """
        listeners = Listeners(on_text, on_sentence)
        watch = Stopwatch()
        with watch.step("total"):
            self._strategy(options)  # an unknown one is told before anything slow
            with watch.step("retrieve"):
                answer = None if given else self._answer_overview(question, options)
            if answer and options.word_summaries and asks_for_summary(question):
                answer = self._word_summary(answer, options, watch)
            if answer is None:
                answer = self._answer_from_passages(question, options, given, watch, listeners)
                if options.reader:
                    name, sha256 = options.reader.name, options.reader.sha256
                    answer = replace(answer, reader_name=name, reader_sha256=sha256)
        return replace(
            answer,
            encoder_name=self._encoder.name,
            encoder_fingerprint=self._encoder.fingerprint,
            sampling=self._sampling(options),
            within=options.within or None,
            timings_s=dict(watch.seconds),
        )

    def _answer_overview(self, question: str, options: AskOptions) -> Answer | None:
        """Return the answer to a question about a whole; None for an ordinary one."""
        return answer_overview(
            question,
            index=self._index,
            encoder=self._encoder,
            within=options.within,
            threshold=options.min_sufficiency,
        )

    def _word_summary(self, answer: Answer, options: AskOptions, watch: Stopwatch) -> Answer:
        """Return the summary of a document as the model words it, as far as it is backed."""
        if answer.abstained:
            return answer
        with watch.step("load"):
            llm = self.llm

        def ask_model(question: str, source: Source) -> tuple[Prompt, Completion]:
            with watch.step("prompt"):
                prompt = self.build_prompt(question, [source], options)
            with watch.step("generate"):
                completion = llm.generate(
                    prompt.messages,
                    sampling=self._sampling(options),
                    on_text=CompletionListener(Listeners(), None, prompt.answer_marker),
                )
            watch.seconds.setdefault("first_token", completion.first_token_s)
            return prompt, completion

        with watch.step("check"):
            worded = word_summary(answer, ask_model, self._encoder)
        return replace(worded, model=llm.info if worded.completion else None)

    def _answer_from_passages(
        self,
        question: str,
        options: AskOptions,
        given: Given | None,
        watch: Stopwatch,
        listeners: Listeners,
    ) -> Answer:
        evidence = self._evidence(question, options, given, watch)
        with watch.step("evidence"):
            objection = object_to(question, evidence, index=self._index, within=options.within)
        if objection and not options.always_generate:
            return objection
        with watch.step("load"):
            self._refuse_oversized(question, evidence, options)
        answer = self._answer(question, evidence, options, watch, listeners)
        if objection is None:
            return answer
        return replace(
            objection, prompt=answer.prompt, completion=answer.completion, model=answer.model
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
        watch: Stopwatch,
        listeners: Listeners,
    ) -> Answer:
        enough = evidence.sufficiency.enough
        if not evidence.sources or (not enough and not options.always_generate):
            return abstain(question, evidence, evidence.sufficiency.reason)
        with watch.step("load"):
            llm = self.llm
        with watch.step("prompt"):
            prompt = self.build_prompt(question, evidence.sources, options)
        review = Review(
            prompt.sources,
            self._encoder,
            question=question,
            answer_marker=prompt.answer_marker,
            on_sentence=listeners.on_sentence if enough else None,
        )
        with watch.step("generate"):
            completion = llm.generate(
                prompt.messages,
                sampling=self._sampling(options),
                on_text=CompletionListener(listeners, review, prompt.answer_marker),
            )
        watch.seconds["first_token"] = completion.first_token_s
        with watch.step("check"):
            if enough:
                trust = Trust(options.strict, trained=bool(llm.info.adapter))
                answer = compose(question, evidence, prompt, completion, review, trust)
            else:
                answer = abstain(question, evidence, evidence.sufficiency.reason)
        return replace(answer, prompt=prompt, completion=completion, model=llm.info)
