"""What a reader makes of a passage: how surely each stretch of it answers the question."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ragkit.protocols import TokenSpan
from ragkit.records import SpanAnswer

Logits = npt.NDArray[np.float32]

LONGEST_ANSWER = 30
"""Tokens of an answer. Source: .97 of those that the shipped reader was fitted on are shorter."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of tokens that was read at once.

    The log-odds of a span over "no answer" are the logits of its two ends minus `nothing`.
    """

    spans: tuple[TokenSpan, ...]
    """Where each token stands in the passage, in characters."""
    starts: Logits
    """How surely an answer begins at each token, shape (tokens,)."""
    ends: Logits
    """How surely one ends there, shape (tokens,)."""
    nothing: float
    """How surely the window holds none."""


@dataclass(frozen=True, slots=True)
class SpanReading:
    """A passage as a reader saw it, in windows that overlap."""

    windows: tuple[Window, ...]

    def best_within(self, start: int, end: int) -> SpanAnswer | None:
        """Return the likeliest answer inside some characters; None where no token stands there.

        Args:
            start: First character of the passage that counts.
            end: One past the last.
        """
        found = [_best_of(window, start, end) for window in self.windows]
        return max(filter(None, found), key=lambda one: one.score, default=None)


def _best_of(window: Window, start: int, end: int) -> SpanAnswer | None:
    inside = [at for at, span in enumerate(window.spans) if span.start < end and span.end > start]
    if not inside:
        return None
    first, last = inside[0], inside[-1] + 1
    place, score = best_span(window.starts[first:last], window.ends[first:last])
    began, ended = window.spans[first + place[0]], window.spans[first + place[1]]
    return SpanAnswer(max(start, began.start), min(end, ended.end), score - window.nothing)


def best_span(starts: Logits, ends: Logits) -> tuple[tuple[int, int], float]:
    """Return the first and last token of the likeliest span, and its two logits together.

    Args:
        starts: Shape (tokens,), at least one.
        ends: The same shape.

    >>> best_span(np.float32([0, 3, 1]), np.float32([4, 0, 2]))
    ((1, 2), 5.0)

    Source: Devlin et al., BERT, 2019, section 4.3.
    """
    count = len(starts)
    ordered = np.triu(np.tri(count, k=LONGEST_ANSWER - 1, dtype=bool))
    together = np.where(ordered, starts[:, None] + ends[None, :], -np.inf)
    at = int(together.argmax())
    return (at // count, at % count), float(together.flat[at])
