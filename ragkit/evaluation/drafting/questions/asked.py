"""A question and what it asks for."""

from typing import NamedTuple


class Asked(NamedTuple):
    """A question that a sentence answers."""

    question: str
    answer: str
    """As it stands in the sentence."""
    type: str
    presumed: str = ""
    """The same as a question for the reason, with {} in place of the answer; empty where there is
    none: it becomes a false premise once another answer stands there."""
