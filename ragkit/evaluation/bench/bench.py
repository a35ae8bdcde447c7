"""What the tasks of a run are done with: one index, one encoder, one model, loaded once.

It says nothing of what the tasks are.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from threading import Lock

from ragkit.ask import AskOptions, Assistant
from ragkit.errors import ModelError
from ragkit.evaluation.bench.turns import Tally, TurnsLLM
from ragkit.evaluation.errors import InapplicableError
from ragkit.evaluation.records import Sample, Suite
from ragkit.llms import without_chat_template
from ragkit.prompting import Strategy, load_strategy
from ragkit.protocols import ALL_DOCUMENTS, LLM, Encoder, Index
from ragkit.records import DocumentFilter, Hit
from ragkit.retrieval import Retriever

POOL_HITS = 10
"""Passages that a variant may choose from."""


class Bench:
    """Holds what answers, and remembers what was found for the samples.

    Args:
        suite: Whose samples are put.
        index: What is asked.
        encoder: The one whose embeddings the index holds.
        load_llm: Called once, when a model is first needed.
        options: How questions are answered. The model is asked even where the evidence is too
            little, so that both views of an answer are there.
        prompts_dir: Folder with the user's own strategies, if any.
    """

    def __init__(
        self,
        suite: Suite,
        *,
        index: Index,
        encoder: Encoder,
        load_llm: Callable[[], LLM],
        options: AskOptions,
        prompts_dir: Path | None = None,
    ) -> None:
        self.suite = suite
        self.index = index
        self.encoder = encoder
        self.options = replace(options, always_generate=True, word_summaries=False)
        self.prompts_dir = prompts_dir
        self.turn = Lock()
        """Held by the thread that uses any of it; free while the model is busy."""
        self.tally = Tally()
        self._load_llm = load_llm
        self._retriever = Retriever(index, encoder)
        self._found: dict[tuple[str, int, DocumentFilter], tuple[Hit, ...]] = {}

    @cached_property
    def llm(self) -> TurnsLLM:
        """The model, loaded when first needed."""
        return TurnsLLM(self._load_llm(), self.turn, self.tally)

    @cached_property
    def plain_llm(self) -> TurnsLLM:
        """The same model without its chat template.

        Raises:
            InapplicableError: The model is on a server, which applies the template itself.
        """
        try:
            plain = without_chat_template(self.llm.model)
        except ModelError as error:
            raise InapplicableError(error.message, hint=error.hint) from error
        return TurnsLLM(plain, self.turn, self.tally)

    def llm_for(self, *, chat_template: bool) -> TurnsLLM:
        """Return the model, with or without its own marks of turns."""
        return self.llm if chat_template else self.plain_llm

    @cached_property
    def strategy(self) -> Strategy:
        """How the model is asked where nothing else is said.

        Raises:
            UsageError: There is no such strategy.
        """
        named = self.options.strategy
        if isinstance(named, Strategy):
            return named
        return load_strategy(named, prompts_dir=self.prompts_dir)

    def assistant(self, *, chat_template: bool = True) -> Assistant:
        """Return who answers questions with the model."""
        return self._assistant if chat_template else self._plain_assistant

    @cached_property
    def _assistant(self) -> Assistant:
        return self._assistant_with(lambda: self.llm)

    @cached_property
    def _plain_assistant(self) -> Assistant:
        return self._assistant_with(lambda: self.plain_llm)

    def _assistant_with(self, load_llm: Callable[[], LLM]) -> Assistant:
        return Assistant(self.index, self.encoder, load_llm=load_llm, prompts_dir=self.prompts_dir)

    def options_for(self, sample: Sample) -> AskOptions:
        """Return how a sample is answered: from the documents that it names, if it names any."""
        return replace(self.options, within=within_of(sample)) if sample.within else self.options

    def search(
        self, question: str, *, top_n: int = POOL_HITS, within: DocumentFilter = ALL_DOCUMENTS
    ) -> tuple[Hit, ...]:
        """Return the passages found for a question, best first; found once for all variants."""
        key = (question, top_n, within)
        if key not in self._found:
            self._found[key] = self._retriever.search(question, top_n=top_n, within=within)
        return self._found[key]


def within_of(sample: Sample) -> DocumentFilter:
    """Return which documents a sample is answered from.

    >>> within_of(Sample("a", "a", "answerable", "Why?", within=("notes.md",))).documents
    ('notes.md',)
    """
    return DocumentFilter(documents=sample.within)
