"""Messages and sampling to the body of a request, and what a prompt may cost in tokens.

It sends nothing.
"""

from collections.abc import Sequence
from typing import Any

from ragkit.prompting.rendering import disarm
from ragkit.records import Message, Sampling

REFUSABLE = (
    ("logprobs", "top_logprobs"),
    ("stream_options", "top_k", "seed", "repeat_penalty"),
)
"""Fields that some servers refuse, in groups, the first to be left out first."""
_MOST_STOPS = 4
"""OpenAI's own limit; the others are watched for here."""


def request_body(
    model: str, messages: Sequence[Message], sampling: Sampling, limit: int
) -> dict[str, Any]:
    """Return the body of a request for a streamed completion of at most `limit` tokens."""
    body = {
        "model": model,
        "messages": [
            {"role": message.role, "content": disarm(message.content)} for message in messages
        ],
        "max_tokens": limit,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p if sampling.temperature > 0 else 1.0,
        "stream": True,
        "stream_options": {"include_usage": True},
        "logprobs": True,
        "top_logprobs": 0,  # without it, llama-cpp-python gives none
        "seed": sampling.seed,
        "repeat_penalty": 1.0,  # llama-cpp-python's 1.1 keeps a model from quoting a passage
    }
    if sampling.temperature > 0:
        body["top_k"] = sampling.top_k
    if sampling.stop:
        body["stop"] = list(sampling.stop[:_MOST_STOPS])
    if sampling.grammar:
        body["grammar"] = sampling.grammar
    return body


def estimate_tokens(text: str) -> int:
    """Return how many tokens a text may have: one for 3 bytes of ASCII, two for 3 other bytes.

    >>> estimate_tokens("Leaves are green.")
    6

    Source: of it SmolLM2's tokenizer of 49,152 tokens counts .74 to .90 on this project's code and
    Markdown, .93 on Chinese, .65 on Russian; larger vocabularies count less.
    """
    size = len(text.encode("utf-8", errors="replace"))
    ascii_size = sum(character.isascii() for character in text)
    return -(-(ascii_size + 2 * (size - ascii_size)) // 3)
