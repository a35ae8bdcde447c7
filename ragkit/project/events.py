"""An answer told while it is made: the model's words as they come, then what was checked of them.

The work is done in a thread of its own that never waits for whoever listens, so a listener may stop
in the middle, take its time, or ask something else.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Thread

from ragkit.protocols import TextListener
from ragkit.records import Answer, AnswerSentence

_LOOK_UP_S = 0.2
"""A thread that waits for longer at a time would not hear of Ctrl-C on Windows."""


@dataclass(frozen=True, slots=True)
class CompletionPiece:
    """Some more words of the model, not checked yet, and not to be shown as fact."""

    text: str


Event = CompletionPiece | AnswerSentence | Answer
"""Pieces of the completion, then each checked sentence, then the whole answer."""


def stream_answer(ask: Callable[[TextListener], Answer]) -> Generator[Event]:
    """Yield what happens while a question is answered; closing it ends the completion.

    Args:
        ask: Answers the question, and tells a listener the completion as it comes.
    """
    told: SimpleQueue[CompletionPiece | Answer | BaseException] = SimpleQueue()
    unwanted = Flag()

    def tell(text: str) -> bool:
        told.put(CompletionPiece(text))
        return unwanted.is_set()

    def work() -> None:
        try:
            told.put(ask(tell))
        except BaseException as error:  # noqa: BLE001 - raised where the answer was asked for
            told.put(error)

    Thread(target=work, name="ragkit-answer").start()
    try:
        while True:
            found = _next_of(told)
            if isinstance(found, BaseException):
                raise found
            if isinstance(found, Answer):
                yield from found.sentences
            yield found
            if isinstance(found, Answer):
                return
    finally:
        unwanted.set()


def _next_of(
    told: "SimpleQueue[CompletionPiece | Answer | BaseException]",
) -> CompletionPiece | Answer | BaseException:
    while True:
        try:
            return told.get(timeout=_LOOK_UP_S)
        except Empty:
            continue
