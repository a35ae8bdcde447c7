"""A question to a checked answer with its receipts, or to an abstention with its reason.

`assistant` gathers evidence and asks the model; `composition` decides what of it may be shown.
"""

from ragkit.ask.assistant import AskOptions, Assistant
from ragkit.ask.composition import compose

__all__ = ["AskOptions", "Assistant", "compose"]
