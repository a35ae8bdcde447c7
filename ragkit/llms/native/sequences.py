"""Several sequences that go on from one prompt, a token of each evaluated in one batch.

They share the cells of the prompt. No tokens are chosen here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ragkit.errors import ModelError

MOST_SEQUENCES = 8
"""Completions that may go on from one prompt at a time."""


class Branches:
    """Sequences in one context, the first being that of the prompt; the caller closes it.

    What each says depends on the others only by how many there are, which is why the same number of
    them is always begun together: a batch of another size is computed by other operations.

    Args:
        library: llama.cpp.
        context: Where the prompt was evaluated as sequence 0.
        memory: Of that context.
        count: How many there are, at most `MOST_SEQUENCES`.
        prompt_tokens: Where they part.
    """

    def __init__(
        self, library: Any, context: Any, memory: Any, *, count: int, prompt_tokens: int
    ) -> None:
        self._library, self._context, self._memory = library, context, memory
        self._count, self._prompt_tokens = count, prompt_tokens
        self._batch = library.llama_batch_init(count, 0, 1)
        for number in range(1, count):
            library.llama_memory_seq_cp(memory, 0, number, 0, -1)

    def evaluate(self, tokens: Mapping[int, int], *, position: int) -> dict[int, int]:
        """Evaluate the next token of each of some sequences; return where the logits of each are.

        Args:
            tokens: By the number of the sequence.
            position: How many tokens stand before them, the same for all.

        Raises:
            ModelError: llama.cpp could not.
        """
        batch = self._batch
        batch.n_tokens = len(tokens)
        for at, (number, token) in enumerate(tokens.items()):
            batch.token[at], batch.pos[at], batch.logits[at] = token, position, 1
            batch.n_seq_id[at], batch.seq_id[at][0] = 1, number
        status = self._library.llama_decode(self._context, batch)
        if status != 0:
            raise ModelError(f"llama.cpp could not evaluate {len(tokens)} tokens (code {status})")
        return {number: at for at, number in enumerate(tokens)}

    def close(self) -> None:
        """Forget all but the prompt."""
        for number in range(1, self._count):
            self._library.llama_memory_seq_rm(self._memory, number, -1, -1)
        self._library.llama_memory_seq_rm(self._memory, 0, self._prompt_tokens, -1)
        self._library.llama_batch_free(self._batch)


def common_length(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many items two sequences begin with in common.

    >>> common_length([7, 8, 9], [7, 8, 1, 9])
    2
    """
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
