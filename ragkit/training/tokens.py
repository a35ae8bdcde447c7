"""Examples in the tokens of the model's own file: exactly what llama.cpp will read.

It does not make examples; see `ragkit.training.examples`.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from ragkit.training.records import Example, TokenizedExample


class TurnTokenizer(Protocol):
    """What can be said of a model's vocabulary; `LlamaCppLLM` is one."""

    def tokenize_turn(self, prompt: str, completion: str) -> tuple[list[int], list[int]]:
        """Return the tokens of a prompt, and of a completion with the one that ends it."""


class Tokenized(NamedTuple):
    """Examples that fit, and how many did not."""

    examples: tuple[TokenizedExample, ...]
    too_long: int


def tokenize_examples(
    examples: Sequence[Example], tokenizer: TurnTokenizer, *, max_tokens: int
) -> Tokenized:
    """Return the examples of at most so many tokens, in their order."""
    fitting = []
    for example in examples:
        prompt, completion = tokenizer.tokenize_turn(example.prompt, example.completion)
        one = TokenizedExample(example.id, tuple(prompt), tuple(completion))
        if one.length <= max_tokens:
            fitting.append(one)
    return Tokenized(tuple(fitting), len(examples) - len(fitting))
