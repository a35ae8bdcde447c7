"""Messages as plain text, for those that apply no template of a model."""

from collections.abc import Sequence

from ragkit.records import Message


def render_turns(messages: Sequence[Message]) -> str:
    r"""Return the messages as "role: content", ending where the assistant speaks.

    >>> render_turns([Message("user", "Why?")])
    'user: Why?\n\nassistant:'
    """
    turns = [f"{message.role}: {message.content}" for message in messages]
    if not messages or messages[-1].role != "assistant":
        turns.append("assistant:")
    return "\n\n".join(turns)
