"""Ctrl-C and a request to end (SIGTERM, as at the shutdown of a machine), heard by one's own code.

The command line takes them for the end; a training remembers the first for when its step is done.
"""

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

_ENDING = (signal.SIGINT, signal.SIGTERM)

Handler = Callable[[int, FrameType | None], Any]


@contextmanager
def hearing(handler: Handler) -> Iterator[Mapping[int, Any]]:
    """Let a handler hear of both within, and give those that did before, by their signals.

    Only the main thread hears of signals; in another one nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield {}
        return
    before: dict[int, Any] = {number: signal.signal(number, handler) for number in _ENDING}
    try:
        yield before
    finally:
        for number, former in before.items():
            signal.signal(number, former)


class Stop:
    """Remembers that a signal came; a second one goes to who heard it before."""

    def __init__(self) -> None:
        self.came = False
        self.before: Mapping[int, Any] = {}

    def hear(self, number: int, frame: FrameType | None) -> None:
        """Take a signal."""
        before = self.before.get(number)
        if self.came and callable(before):
            before(number, frame)
        self.came = True


@contextmanager
def remembering() -> Iterator[Stop]:
    """Remember a signal to end for when what is under way is done."""
    stop = Stop()
    with hearing(stop.hear) as stop.before:
        yield stop
