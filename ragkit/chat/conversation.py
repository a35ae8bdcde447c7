"""Questions one after another to one project, each understood from those before it.

Only the question is completed from the history. The answer rests on the documents alone, as if that
question had been asked first: what was said before is no evidence.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Literal

from ragkit.ask import AskOptions
from ragkit.chat.by_model import SAMPLING, rewrite_by_model
from ragkit.chat.history import Turn, trim_turns
from ragkit.chat.rewriting import rewrite_by_rules
from ragkit.errors import PromptError
from ragkit.project import CompletionPiece, Event, Project, stream_answer
from ragkit.protocols import ALL_DOCUMENTS, TextListener
from ragkit.records import Answer, AnswerSentence, DocumentFilter, Message

Rewriting = Literal["auto", "rules", "model", "off"]
HISTORY_TOKENS = 1024
"""Tokens of earlier turns that a model is shown to understand a follow-up."""
ABLE_BYTES = 1_000_000_000
"""Weights from this size on are asked to word a follow-up. Source: SmolLM2-135M (145 MB) words 12
of the 77 of `tests/chat/cases.py` right, and the check lets 7 pass, all right. Larger models
were not at hand: the limit is a guess on the careful side, and what a model writes is checked."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question was taken to mean, before it is answered: itself, or all of a follow-up."""

    question: str


ChatEvent = Understood | Event


class Conversation:
    """A conversation with the documents of a project; like it, safe to share between threads.

    Args:
        project: What is asked; it stays open.
        rewriting: Who completes follow-ups: "rules", "model" (rules where its wording loses
            words), "auto" (the model where it is large enough), or "off".
        within: Which documents to answer from.
        history_tokens: Budget of earlier turns that a model is shown; the oldest go first.
    """

    def __init__(
        self,
        project: Project,
        *,
        rewriting: Rewriting = "auto",
        within: DocumentFilter = ALL_DOCUMENTS,
        history_tokens: int = HISTORY_TOKENS,
    ) -> None:
        self._project = project
        self._rewriting = rewriting
        self._within = within
        self._history_tokens = history_tokens
        self._turns: tuple[Turn, ...] = ()
        self._remembering = Lock()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was asked and answered, oldest first."""
        return self._turns

    def clear(self) -> None:
        """Forget what was said."""
        self._turns = ()

    def understand(self, question: str) -> str:
        """Return a question that stands alone; the same where it does already."""
        turns = self._turns
        if not turns or self._rewriting == "off":
            return question
        by_rules = rewrite_by_rules(question, turns[-1])
        if by_rules == question or not self._asks_model():
            return by_rules
        kept = trim_turns(
            turns, budget=self._history_tokens, count_tokens=self._project.count_tokens
        )
        try:
            by_model = rewrite_by_model(question, kept, by_rules=by_rules, complete=self._complete)
        except PromptError:  # a context window that holds no history
            return by_rules
        return by_model or by_rules

    def ask(
        self,
        question: str,
        *,
        options: AskOptions | None = None,
        on_text: TextListener | None = None,
    ) -> Answer:
        """Return the checked answer; its `question` is what this one was understood as."""
        meant = self.understand(question)
        answer = self._project.ask(meant, within=self._within, options=options, on_text=on_text)
        self._remember(question, answer)
        return answer

    def stream(self, question: str, *, options: AskOptions | None = None) -> Generator[ChatEvent]:
        """Yield what the question was understood as, then as `Project.stream`.

        A turn that is not heard to its end is not remembered.
        """

        def work(tell: Callable[[Understood | CompletionPiece | AnswerSentence], bool]) -> Answer:
            meant = self.understand(question)
            tell(Understood(meant))
            return self._project.ask(
                meant,
                within=self._within,
                options=options,
                on_text=lambda text: tell(CompletionPiece(text)),
                on_sentence=tell,
            )

        for event in stream_answer(work):
            if isinstance(event, Answer):
                self._remember(question, event)
            yield event

    def _remember(self, question: str, answer: Answer) -> None:
        with self._remembering:
            self._turns = (*self._turns, Turn(question, answer.question, answer))

    def _asks_model(self) -> bool:
        if self._rewriting != "auto":
            return self._rewriting == "model"
        path = Path(self._project.model.path)
        return path.is_file() and path.stat().st_size >= ABLE_BYTES

    def _complete(self, messages: Sequence[Message]) -> str:
        return self._project.complete(messages, sampling=SAMPLING).text
