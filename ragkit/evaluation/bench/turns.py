"""A model that lets others have the bench while it speaks.

Whatever is on a bench is used by one thread at a time, but for the model: most of the time goes
there. It changes nothing that is said.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

from ragkit.protocols import LLM, TextListener
from ragkit.records import Completion, Message, ModelInfo, Sampling


class Tally:
    """Counts the tokens of prompts, and those of them that a model had to read.

    The others it remembers from the prompt before.
    """

    def __init__(self) -> None:
        self.prompt_tokens = 0
        self.evaluated_tokens = 0

    def add(self, completion: Completion) -> None:
        """Count a prompt; where a model does not tell, it read all of it."""
        evaluated = completion.evaluated_prompt_tokens
        self.prompt_tokens += completion.prompt_tokens
        self.evaluated_tokens += completion.prompt_tokens if evaluated is None else evaluated


class TurnsLLM:
    """A model whose user holds a lock, which is free for others while the model is busy.

    Args:
        model: The model; where several threads are to be heard at a time, one that can serve them.
        turn: Held by whoever calls; free where there is but one thread.
        tally: Counts what is read.
    """

    def __init__(self, model: LLM, turn: Lock, tally: Tally) -> None:
        self.model = model
        self._turn = turn
        self._tally = tally

    @property
    def info(self) -> ModelInfo:
        """Which weights speak."""
        return self.model.info

    @property
    def context_window(self) -> int:
        """Tokens of prompt and completion together."""
        return self.model.context_window

    def render_prompt(self, messages: Sequence[Message]) -> str:
        """Return the exact text that the model would get."""
        return self.model.render_prompt(messages)

    @property
    def estimates_tokens(self) -> bool:
        """Whether `count_tokens` only estimates."""
        return self.model.estimates_tokens

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of a rendered text."""
        return self.model.count_tokens(text)

    def generate(
        self,
        messages: Sequence[Message],
        *,
        sampling: Sampling,
        on_text: TextListener | None = None,
    ) -> Completion:
        """Return the completion; `on_text` must use nothing that is on the bench."""
        with self.step_aside():
            completion = self.model.generate(messages, sampling=sampling, on_text=on_text)
        self._tally.add(completion)
        return completion

    def score_continuations(
        self, messages: Sequence[Message], continuations: Sequence[str]
    ) -> tuple[tuple[float, ...], ...]:
        """Return the natural log-probability of each token of each continuation of the prompt."""
        with self.step_aside():
            return self.model.score_continuations(messages, continuations)

    @contextmanager
    def step_aside(self) -> Iterator[None]:
        """Let others have the bench while what is done inside goes on."""
        if not self._turn.locked():
            yield
            return
        self._turn.release()
        try:
            yield
        finally:
            self._turn.acquire()

    def close(self) -> None:
        """Free the memory it holds."""
        self.model.close()
