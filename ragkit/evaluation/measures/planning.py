"""Which samples a run is about: those of its size, and a seeded few where there is a budget."""

import random
from collections.abc import Sequence

from ragkit.evaluation.records import BASE_AXIS, Sample, Task, Variant

BASE = Variant("base", BASE_AXIS, "as it is")
"""A sample as its suite puts it."""
_SIZES = ("smoke", "default", "full")


def samples_of_size(samples: Sequence[Sample], size: str) -> tuple[Sample, ...]:
    """Return the samples of a size and of smaller ones.

    >>> one = Sample("a", "a", "answerable", "Why?", size="full")
    >>> samples_of_size([one], "default"), samples_of_size([one], "full") == (one,)
    ((), True)
    """
    wanted = _SIZES[: _SIZES.index(size) + 1]
    return tuple(sample for sample in samples if sample.size in wanted)


def within_budget(
    bundles: Sequence[Sequence[Task]], budget: int | None, *, seed: int
) -> tuple[Task, ...]:
    """Return the tasks of as many bundles as fit a budget, drawn by seed, in their order.

    Args:
        bundles: Tasks that say something only together, such as those of one sample.
        budget: The most tasks; None for all. The first that is drawn is kept however large.
        seed: Of the draw.
    """
    if budget is None:
        return tuple(task for bundle in bundles for task in bundle)
    order = random.Random(seed).sample(range(len(bundles)), len(bundles))  # noqa: S311 - repeatable
    kept: set[int] = set()
    left = budget
    for place in order:
        if len(bundles[place]) <= left or not kept:
            kept.add(place)
            left -= len(bundles[place])
    return tuple(task for place in sorted(kept) for task in bundles[place])
