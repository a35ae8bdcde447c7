"""Who hears a completion while it comes, and when it has said enough."""

from typing import NamedTuple

from ragkit.ask.composition import has_said_enough
from ragkit.ask.review import Review
from ragkit.protocols import SentenceListener, TextListener


class Listeners(NamedTuple):
    """Who is told of a completion while it comes."""

    on_text: TextListener | None = None
    on_sentence: SentenceListener | None = None


class CompletionListener:
    """Passes a completion on, and ends it where more could not change the answer.

    Args:
        listeners: Who is told.
        review: Checks its sentences as they come; None to check them later.
        answer_marker: What stands between reasoning and answer; empty where there is none.
    """

    def __init__(self, listeners: Listeners, review: Review | None, answer_marker: str) -> None:
        self._on_text = listeners.on_text
        self._review = review
        self._answer_marker = answer_marker
        self._text = ""

    def __call__(self, piece: str) -> bool:
        """Hear some more of it; True ends it."""
        self._text += piece
        wanted_no_more = bool(self._on_text(piece)) if self._on_text else False
        if self._review:
            self._review.follow(self._text)
        return wanted_no_more or has_said_enough(self._text, self._answer_marker)
