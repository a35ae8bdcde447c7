"""Which samples a run of a size asks."""

from collections.abc import Iterable

from ragkit.errors import unknown_name
from ragkit.evaluation.records import Sample

SIZES = ("smoke", "default", "full")


def samples_of_size(samples: Iterable[Sample], size: str) -> tuple[Sample, ...]:
    """Return the samples of a size and of smaller ones.

    >>> samples = [Sample(size, size, "leak", "Why?", size=size) for size in SIZES]
    >>> [sample.id for sample in samples_of_size(samples, "default")]
    ['smoke', 'default']

    Raises:
        UsageError: There is no such size.
    """
    if size not in SIZES:
        raise unknown_name("size", size, SIZES)
    wanted = SIZES[: SIZES.index(size) + 1]
    return tuple(sample for sample in samples if sample.size in wanted)
