"""Which examples are seen together, in which order, with little padding: pure functions of a seed.

A run is a row of steps of the optimiser, each a few batches of examples of like length. The whole
row follows from the lengths and the recipe, so that a run that goes on needs no more than the
number of its last step.
"""

import math
import random
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ragkit.training.records import Recipe, TokenizedExample

Batch = tuple[int, ...]
"""Positions of examples that are computed at once."""
Step = tuple[Batch, ...]
"""What one step of the optimiser sees."""

LENGTH_STEP = 16
"""A batch is as wide as its longest example, rounded up to a multiple of this."""
_WINDOW_STEPS = 16
"""Examples are sorted by length among those of so many steps: enough for batches of like length,
few enough for steps that do not differ in kind."""


class Padded(NamedTuple):
    """A batch as arrays, padded to the right.

    There is no mask: attention looks to the left only, so that no token of an example ever sees
    the padding to its right, and the padding itself is not in the loss. That is exact.
    """

    tokens: NDArray[np.int64]
    """(rows, width)."""
    positions: NDArray[np.int64]
    """Places in the flattened tokens after which a token of a completion stands, ascending."""
    targets: NDArray[np.int64]
    """That token, for each place."""


def plan_steps(
    examples: Sequence[TokenizedExample], recipe: Recipe, *, batch_tokens: int
) -> tuple[Step, ...]:
    """Return what each step of a run sees.

    Every example is seen once an epoch; in the last part of an epoch, a random part of them is.

    Args:
        examples: What there is to see; only lengths matter.
        recipe: Gives seed, epochs and tokens of a step.
        batch_tokens: The most tokens of a batch, padding included, and no more than those of a
            step; a longer example stands alone.
    """
    batch_tokens = min(batch_tokens, recipe.tokens_per_step)
    lengths = [example.length for example in examples]
    steps: list[Step] = []
    growing: list[Batch] = []
    size = 0
    for batch in _batches_of_run(lengths, recipe, batch_tokens):
        new = sum(lengths[position] for position in batch)
        if growing and size + new / 2 > recipe.tokens_per_step:
            steps.append(tuple(growing))
            growing, size = [], 0
        growing.append(batch)
        size += new
    if growing:
        steps.append(tuple(growing))
    return tuple(steps)


def pad(examples: Sequence[TokenizedExample]) -> Padded:
    """Return examples as one batch.

    >>> batch = pad([TokenizedExample("a", (5, 6), (7, 8))])
    >>> batch.tokens[0, :5].tolist(), batch.positions.tolist(), batch.targets.tolist()
    ([5, 6, 7, 8, 0], [1, 2], [7, 8])
    """
    width = round_up(max(example.length for example in examples))
    tokens = np.zeros((len(examples), width), dtype=np.int64)
    positions: list[int] = []
    targets: list[int] = []
    for row, example in enumerate(examples):
        tokens[row, : example.length] = (*example.prompt, *example.completion)
        first = row * width + len(example.prompt) - 1
        positions.extend(range(first, first + len(example.completion)))
        targets.extend(example.completion)
    return Padded(tokens, np.array(positions, dtype=np.int64), np.array(targets, dtype=np.int64))


def sort_into_batches(
    lengths: Sequence[int], positions: Sequence[int], *, batch_tokens: int
) -> list[Batch]:
    """Return the positions in batches of like length, short ones first.

    >>> sort_into_batches([16, 64, 16, 60], [0, 1, 2, 3], batch_tokens=128)
    [(0, 2), (3, 1)]
    """
    batches: list[Batch] = []
    growing: list[int] = []
    for position in sorted(positions, key=lambda one: lengths[one]):
        width = round_up(lengths[position])
        if growing and (
            width * (len(growing) + 1) > batch_tokens or width > 2 * round_up(lengths[growing[0]])
        ):
            batches.append(tuple(growing))
            growing = []
        growing.append(position)
    if growing:
        batches.append(tuple(growing))
    return batches


def round_up(length: int) -> int:
    """Return the width of a batch whose longest example has this length.

    >>> round_up(100)
    112
    """
    return math.ceil(length / LENGTH_STEP) * LENGTH_STEP


def _batches_of_run(lengths: Sequence[int], recipe: Recipe, batch_tokens: int) -> Iterator[Batch]:
    """Yield the batches of all epochs; each window of an epoch is sorted, then shuffled."""
    for epoch in range(math.ceil(recipe.epochs)):
        chance = random.Random(f"{recipe.seed}/{epoch}")  # noqa: S311 - an order, no secret
        order = list(range(len(lengths)))
        chance.shuffle(order)
        share = min(1.0, recipe.epochs - epoch)
        order = order[: math.ceil(len(order) * share)]
        for window in _windows(order, lengths, recipe.tokens_per_step * _WINDOW_STEPS):
            batches = sort_into_batches(lengths, window, batch_tokens=batch_tokens)
            chance.shuffle(batches)
            yield from batches


def _windows(order: Sequence[int], lengths: Sequence[int], size: int) -> Iterator[list[int]]:
    """Yield stretches of the order of about as many tokens each."""
    total = sum(lengths[position] for position in order)
    count = max(1, round(total / size))
    rest = iter(order)
    for number in range(count):
        first, last = number * len(order) // count, (number + 1) * len(order) // count
        yield list(islice(rest, last - first))
