"""What a reader reads, and what it finds there."""

from typing import NamedTuple


class Passage(NamedTuple):
    """What a reader reads, and what that stands under."""

    text: str
    heading: str = ""


class SpanAnswer(NamedTuple):
    """A stretch of a passage in characters, and the log-odds of it as the answer over none."""

    start: int
    end: int
    score: float
