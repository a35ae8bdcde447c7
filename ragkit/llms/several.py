"""Several completions of one prompt, drawn together where the back end can.

It chooses no samplings.
"""

from collections.abc import Callable, Sequence

from ragkit.llms.llama_cpp import LlamaCppLLM
from ragkit.llms.native import MOST_SEQUENCES
from ragkit.llms.pool import PooledLLM
from ragkit.protocols import LLM, TextListener
from ragkit.records import Completion, Message, Sampling


def generate_several(
    llm: LLM,
    messages: Sequence[Message],
    *,
    samplings: Sequence[Sampling],
    is_enough: Callable[[str], bool],
) -> tuple[Completion, ...]:
    """Return a completion for each of some ways to sample.

    >>> from ragkit.llms.scripted import ScriptedLLM
    >>> asked = [Message("user", "Question: Is it so?")]
    >>> samplings = [Sampling(seed=seed) for seed in range(2)]
    >>> said = generate_several(
    ...     ScriptedLLM("echo"), asked, samplings=samplings, is_enough=lambda text: "it" in text
    ... )
    >>> [completion.text for completion in said]
    ['Is it', 'Is it']

    Args:
        llm: Who is asked.
        messages: The prompt.
        samplings: How each is drawn; all of the same length at most.
        is_enough: Gets what one of them says so far; True ends it.

    Raises:
        PromptError: The prompt leaves no room for a completion in the context window.
    """
    listeners = [_listen_until(is_enough) for _ in samplings]
    if isinstance(llm, LlamaCppLLM | PooledLLM):
        said: list[Completion] = []
        for at in range(0, len(samplings), MOST_SEQUENCES):
            some = slice(at, at + MOST_SEQUENCES)
            said += llm.generate_several(
                messages, samplings=samplings[some], listeners=listeners[some]
            )
        return tuple(said)
    return tuple(
        llm.generate(messages, sampling=sampling, on_text=listener)
        for sampling, listener in zip(samplings, listeners, strict=True)
    )


def _listen_until(is_enough: Callable[[str], bool]) -> TextListener:
    pieces: list[str] = []

    def listen(piece: str) -> bool:
        pieces.append(piece)
        return is_enough("".join(pieces))

    return listen
