"""Which examples are seen together, in which order, without padding: pure functions of a seed.

A run is a row of steps of the optimiser, each a few batches of families of examples. The whole row
follows from the examples and the recipe, so that a run that goes on needs no more than the number
of its last step.
"""

import math
import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ragkit.training.families import Family, find_families
from ragkit.training.records import Recipe, TokenizedExample

Batch = tuple[Family, ...]
"""What is computed at once."""
Step = tuple[Batch, ...]
"""What one step of the optimiser sees."""


class Span(NamedTuple):
    """Where a family stands among the tokens of a batch: what it shares, then its members' own."""

    shared: int
    """Tokens; 0 for a single example, all of which is its own."""
    own: tuple[int, ...]
    """Tokens of each member after those that are shared."""


class Packed(NamedTuple):
    """A batch as one row of tokens, family after family."""

    tokens: NDArray[np.int64]
    """(tokens,)."""
    places: NDArray[np.int64]
    """(tokens,): where in its own example each of them stands."""
    spans: tuple[Span, ...]
    positions: NDArray[np.int64]
    """Places in the row after which a token of a completion stands, ascending."""
    targets: NDArray[np.int64]
    """That token, for each of them."""


def plan_steps(
    examples: Sequence[TokenizedExample], recipe: Recipe, *, batch_tokens: int
) -> tuple[Step, ...]:
    """Return what each step of a run sees.

    Every example is seen once an epoch; in the last part of an epoch, a random part of the families
    is.

    Args:
        examples: What there is to see.
        recipe: Gives seed, epochs and tokens of a step.
        batch_tokens: The most tokens of a batch, and no more than those of a step; a longer example
            stands alone.
    """
    batch_tokens = min(batch_tokens, recipe.tokens_per_step)
    lengths = [example.length for example in examples]
    families = find_families(examples, most_tokens=batch_tokens)
    steps: list[Step] = []
    growing: list[Batch] = []
    size = 0
    for epoch in range(math.ceil(recipe.epochs)):
        for batch in pack_into_batches(_drawn(families, recipe, epoch), lengths, batch_tokens):
            new = sum(family.size(lengths) for family in batch)
            if growing and size + new / 2 > recipe.tokens_per_step:
                steps.append(tuple(growing))
                growing, size = [], 0
            growing.append(batch)
            size += new
    if growing:
        steps.append(tuple(growing))
    return tuple(steps)


def pack_into_batches(
    families: Sequence[Family], lengths: Sequence[int], batch_tokens: int
) -> Iterator[Batch]:
    """Yield the families in batches of at most so many tokens, in their order.

    >>> families = [Family(0, (0,)), Family(0, (1,)), Family(0, (2,))]
    >>> [len(batch) for batch in pack_into_batches(families, [40, 50, 20], 100)]
    [2, 1]
    """
    growing: list[Family] = []
    size = 0
    for family in families:
        new = family.size(lengths)
        if growing and size + new > batch_tokens:
            yield tuple(growing)
            growing, size = [], 0
        growing.append(family)
        size += new
    if growing:
        yield tuple(growing)


def pack(batch: Batch, examples: Sequence[TokenizedExample]) -> Packed:
    """Return the tokens of a batch in a row.

    >>> pair = [TokenizedExample("", (5, 6, 1), (7,)), TokenizedExample("", (5, 6, 2), (8,))]
    >>> packed = pack((Family(2, (0, 1)),), pair)
    >>> packed.tokens.tolist(), packed.places.tolist()
    ([5, 6, 1, 7, 2, 8], [0, 1, 2, 3, 2, 3])
    >>> packed.spans, packed.positions.tolist(), packed.targets.tolist()
    ((Span(shared=2, own=(2, 2)),), [2, 4], [7, 8])
    """
    tokens: list[int] = []
    places: list[int] = []
    spans: list[Span] = []
    positions: list[int] = []
    targets: list[int] = []
    for family in batch:
        tokens += examples[family.members[0]].prompt[: family.shared]
        places += range(family.shared)
        for member in family.members:
            example = examples[member]
            last = len(tokens) + len(example.prompt) - family.shared - 1
            positions += range(last, last + len(example.completion))
            targets += example.completion
            tokens += (*example.prompt[family.shared :], *example.completion)
            places += range(family.shared, example.length)
        own = tuple(examples[member].length - family.shared for member in family.members)
        spans.append(Span(family.shared, own))
    return Packed(
        _as_array(tokens), _as_array(places), tuple(spans), _as_array(positions), _as_array(targets)
    )


def _as_array(numbers: Sequence[int]) -> NDArray[np.int64]:
    return np.array(numbers, dtype=np.int64)


def _drawn(families: Sequence[Family], recipe: Recipe, epoch: int) -> list[Family]:
    """Return the families that an epoch sees, in its order."""
    chance = random.Random(f"{recipe.seed}/{epoch}")  # noqa: S311 - an order, no secret
    order = list(families)
    chance.shuffle(order)
    share = min(1.0, recipe.epochs - epoch)
    return order[: math.ceil(len(order) * share)]
