"""How long a completion may be beside its prompt."""

from ragkit.errors import PromptError


def completion_limit(asked: int, *, prompt_tokens: int, context_window: int) -> int:
    """Return how many tokens to generate: as many as asked for, as far as they fit.

    >>> completion_limit(160, prompt_tokens=4000, context_window=4096)
    96

    Raises:
        PromptError: The prompt leaves no room in the context window.
    """
    room = context_window - prompt_tokens
    if room < 1:
        raise PromptError(
            f"the prompt is {prompt_tokens} tokens long and the context window {context_window}",
            hint="ask for fewer passages (--top-n) or a model with a larger window",
        )
    return min(asked, room)
