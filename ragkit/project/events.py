"""An answer told while it is made: the model's words as they come, and what the checks find.

The work is done in a thread of its own that never waits for whoever listens, so a listener may stop
in the middle, take its time, or ask something else.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Thread
from typing import TypeVar

from ragkit.records import Answer, AnswerSentence

_LOOK_UP_S = 0.2
"""A thread that waits for longer at a time would not hear of Ctrl-C on Windows."""
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class CompletionPiece:
    """Some more words of the model, not checked yet, and not to be shown as fact."""

    text: str


Event = CompletionPiece | AnswerSentence | Answer
"""Pieces of the completion, each of its sentences once it is checked, and last the answer."""


def stream_answer(
    work: Callable[[Callable[[Told], bool]], Answer],
) -> Generator[Told | Answer]:
    """Yield what is told while a question is answered, and last the answer.

    Closing it makes the next telling return True, and waits for nothing.

    Args:
        work: Answers the question; it tells what happens, and hears whether that is enough.
    """
    told: SimpleQueue[Told | Answer | BaseException] = SimpleQueue()
    unwanted = Flag()

    def tell(event: Told) -> bool:
        told.put(event)
        return unwanted.is_set()

    def run() -> None:
        try:
            told.put(work(tell))
        except BaseException as error:  # noqa: BLE001 - raised where the answer was asked for
            told.put(error)

    Thread(target=run, name="ragkit-answer").start()
    try:
        while True:
            found = _next_of(told)
            if isinstance(found, BaseException):
                raise found
            yield found
            if isinstance(found, Answer):
                return
    finally:
        unwanted.set()


def _next_of(told: "SimpleQueue[Told]") -> Told:
    while True:
        try:
            return told.get(timeout=_LOOK_UP_S)
        except Empty:
            continue
