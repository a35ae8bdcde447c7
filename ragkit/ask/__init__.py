"""A question to a checked answer with its receipts, or to an abstention with its reason.

`assistant` gathers evidence and asks the model; `review` checks what it says, sentence by sentence;
`composition` decides what of it may be shown.
"""

from ragkit.ask.assistant import Assistant
from ragkit.ask.composition import compose, has_said_enough
from ragkit.ask.given import Given
from ragkit.ask.options import AskOptions
from ragkit.ask.review import GENERATED_SENTENCES, Review, finished_text

__all__ = [
    "GENERATED_SENTENCES",
    "AskOptions",
    "Assistant",
    "Given",
    "Review",
    "compose",
    "finished_text",
    "has_said_enough",
]
