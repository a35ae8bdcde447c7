"""The turns of a conversation, and those of them that fit a budget of tokens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ragkit.records import Answer

ANSWER_WORDS = 60
"""Words of an answer that a later question can mean."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question, what it was understood as, and its answer."""

    asked: str
    """As the user typed it."""
    question: str
    """As it was answered: the same, or with what it left unsaid."""
    answer: Answer

    @property
    def said(self) -> str:
        """The beginning of the answer; empty for an abstention."""
        return " ".join(self.answer.text.split()[:ANSWER_WORDS])


def trim_turns(
    turns: Sequence[Turn], *, budget: int, count_tokens: Callable[[str], int]
) -> tuple[Turn, ...]:
    """Return the newest turns that fit a budget together; the oldest are dropped first, each whole.

    Args:
        turns: Oldest first.
        budget: Tokens.
        count_tokens: Counts those of a text as the model does.
    """
    kept: list[Turn] = []
    for turn in reversed(turns):
        budget -= count_tokens(turn.question) + count_tokens(turn.said)
        if budget < 0:
            break
        kept.append(turn)
    return tuple(reversed(kept))
