"""Several prompts at a time: one file of weights, and for each of a few threads a cache of its own.

What is said does not depend on how many there are or which of them is asked: each reads a prompt in
the same blocks, and each number is computed by one thread. It decides nothing about what is asked.

Source: `evals/tools/time_runs.py`, SmolLM2-135M Q8_0, CPU seconds an item: one engine of two
threads 3.4, two engines of one thread 1.8, for threads that share a prompt wait for each other
after each operation. Several sequences in one batch were measured too. Tokens come 2 to 3 times as
quickly, but reading the prompts is most of the work and no quicker (6 prompts of 250 to 520 tokens:
11.5 in batches of four, 12 by two engines); and with one cache for all, no completion of 8 had the
log-probabilities that it has alone, and 3 had other words, because a batch of another size is
computed by other operations.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from threading import Condition
from typing import Self

from ragkit.llms.llama_cpp import LlamaCppLLM
from ragkit.protocols import TextListener
from ragkit.records import Completion, Message, ModelInfo, Sampling


class PooledLLM:
    """A model that as many threads may ask at a time as it has engines; others wait.

    The same messages and sampling give the same completion as by any engine alone. A prompt goes to
    the free engine that has read the longest beginning of it already.

    Args:
        engine: The model with one cache; it is one of the engines, and not to be asked beside them.
        engines: How many caches there are in all, at least one.
        threads: CPU threads of each of the others.
    """

    def __init__(self, engine: LlamaCppLLM, *, engines: int, threads: int = 1) -> None:
        others = [engine.open_another(threads=threads) for _ in range(engines - 1)]
        self.engines = engines
        self._engine = engine
        self._free = [engine, *others]
        self._change = Condition()
        self._plain = False

    @property
    def info(self) -> ModelInfo:
        """Which weights speak."""
        return self._engine.info

    @property
    def context_window(self) -> int:
        """Tokens of prompt and completion together."""
        return self._engine.context_window

    def render_prompt(self, messages: Sequence[Message]) -> str:
        """Return the exact text that the model gets."""
        engine = self._engine.without_template() if self._plain else self._engine
        return engine.render_prompt(messages)

    @property
    def estimates_tokens(self) -> bool:
        """False: the tokenizer is in the file."""
        return self._engine.estimates_tokens

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of a rendered text."""
        return self._engine.count_tokens(text)

    def generate(
        self,
        messages: Sequence[Message],
        *,
        sampling: Sampling,
        on_text: TextListener | None = None,
    ) -> Completion:
        """Return the completion; `on_text` is called in the thread that asks.

        Raises:
            PromptError: The prompt leaves no room for a completion in the context window.
        """
        with self._take(messages) as engine:
            return engine.generate(messages, sampling=sampling, on_text=on_text)

    def generate_several(
        self,
        messages: Sequence[Message],
        *,
        samplings: Sequence[Sampling],
        listeners: Sequence[TextListener],
    ) -> tuple[Completion, ...]:
        """Return several completions of one prompt, by one engine; see `LlamaCppLLM`."""
        with self._take(messages) as engine:
            return engine.generate_several(messages, samplings=samplings, listeners=listeners)

    def score_continuations(
        self, messages: Sequence[Message], continuations: Sequence[str]
    ) -> tuple[tuple[float, ...], ...]:
        """Return the natural log-probability of each token of each continuation of the prompt.

        Raises:
            PromptError: The prompt and a continuation do not fit the context window.
        """
        with self._take(messages) as engine:
            return engine.score_continuations(messages, continuations)

    def close(self) -> None:
        """Free the memory that all of them hold."""
        self._engine.close()

    def without_template(self) -> Self:
        """Return the same engines, asked in plain text as a base model is; both may be asked.

        Closing one closes the other.
        """
        plain = copy(self)
        plain._plain = True  # noqa: SLF001 - of its own class
        return plain

    @contextmanager
    def _take(self, messages: Sequence[Message]) -> Iterator[LlamaCppLLM]:
        """Yield the free engine that has most of a prompt in its cache, waiting for one."""
        text = self.render_prompt(messages)
        with self._change:
            self._change.wait_for(lambda: self._free)
            engine = max(self._free, key=lambda one: one.shared_tokens(text))
            self._free.remove(engine)
        try:
            yield engine.without_template() if self._plain else engine
        finally:
            with self._change:
                self._free.append(engine)
                self._change.notify()
