"""Which examples are kept apart, so that a loss says something about what was not learnt.

Examples of one document stay together.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ragkit.training.records import Example


class Split(NamedTuple):
    """Examples to learn from, and those kept apart."""

    learnt: tuple[Example, ...]
    held_out: tuple[Example, ...]


def hold_out(examples: Sequence[Example], *, share: float, seed: int) -> Split:
    """Return the examples split by document, at most about a share of them held out.

    Documents are taken in an order that only their names and the seed decide, passing over those
    with more examples than are still wanted; of a few large documents none may be held out.

    >>> made = [Example(str(n), "answer", "zero-shot", f"d{n % 5}", "?", "!") for n in range(10)]
    >>> [len(part) for part in hold_out(made, share=0.2, seed=0)]
    [8, 2]
    """
    counts = Counter(example.document for example in examples)
    wanted, kept = share * len(examples), set()
    for document in sorted(counts, key=lambda name: _place(name, seed)):
        if counts[document] <= wanted:
            kept.add(document)
            wanted -= counts[document]
    return Split(
        tuple(one for one in examples if one.document not in kept),
        tuple(one for one in examples if one.document in kept),
    )


def _place(document: str, seed: int) -> str:
    return hashlib.sha256(f"{seed}/{document}".encode()).hexdigest()
