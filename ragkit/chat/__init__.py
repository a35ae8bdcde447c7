"""A conversation: follow-ups completed from what was said, by rules or by a checked model.

`lexicon`, `tokens` and `phrases` take a question apart, `followups` tells whether it needs more,
`rewriting` with `fragments` completes it by rules, `by_model` by a model; `history` is what was
said, and `conversation` asks.
"""

from ragkit.chat.conversation import ChatEvent, Conversation, Rewriting, Understood
from ragkit.chat.history import Turn, trim_turns
from ragkit.chat.rewriting import rewrite_by_rules

__all__ = [
    "ChatEvent",
    "Conversation",
    "Rewriting",
    "Turn",
    "Understood",
    "rewrite_by_rules",
    "trim_turns",
]
