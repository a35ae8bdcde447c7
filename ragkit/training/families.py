"""Examples whose prompts begin alike, to be computed together: what they share is read once.

Questions about the same passages differ in their last line only, and a prompt is twenty times as
long as that line. Pure functions of the tokens; `ragkit.training.attention` keeps the members of a
family from seeing each other.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ragkit.training.records import TokenizedExample

_ALIKE = 0.75
"""Prompts belong together that share at least so much of the shorter one. Less, such as the
instructions alone, which all share, would part others that share their passages too."""
_MOST_MEMBERS = 16


class Family(NamedTuple):
    """Examples that are computed together, by their positions."""

    shared: int
    """Tokens with which all their prompts begin, fewer than the shortest prompt has."""
    members: tuple[int, ...]

    def size(self, lengths: Sequence[int]) -> int:
        """Return the tokens that are computed, of examples of these lengths."""
        return self.shared + sum(lengths[member] - self.shared for member in self.members)


def find_families(examples: Sequence[TokenizedExample], *, most_tokens: int) -> tuple[Family, ...]:
    """Return all examples in families, each in one.

    Args:
        examples: In any order; which belong together follows from their prompts alone.
        most_tokens: That a family of several may have.

    >>> prompts = [(1, 2, 3, 4, 5, 6), (9, 9, 9), (1, 2, 3, 4, 5, 7)]
    >>> find_families([TokenizedExample("", p, (0,)) for p in prompts], most_tokens=100)
    (Family(shared=5, members=(0, 2)), Family(shared=0, members=(1,)))
    """
    lengths = [example.length for example in examples]
    families: list[Family] = []
    growing: Family | None = None
    for position in sorted(range(len(examples)), key=lambda one: examples[one].prompt):
        joined = _join(growing, position, examples)
        if growing and joined:
            apart = growing.size(lengths) + lengths[position]
            if joined.size(lengths) < min(apart, most_tokens + 1):
                growing = joined
                continue
        if growing:
            families.append(growing)
        growing = Family(0, (position,))
    return (*families, growing) if growing else ()


def _join(
    family: Family | None, position: int, examples: Sequence[TokenizedExample]
) -> Family | None:
    """Return the family with another member, if that one begins as the others do."""
    if family is None or len(family.members) == _MOST_MEMBERS:
        return None
    first, prompt = examples[family.members[0]].prompt, examples[position].prompt
    shortest = min(len(prompt), *(len(examples[member].prompt) for member in family.members))
    shared = min(_alike(first, prompt), shortest - 1, family.shared or shortest)
    if shared < _ALIKE * shortest:
        return None
    return Family(shared, (*family.members, position))


def _alike(one: Sequence[int], other: Sequence[int]) -> int:
    """Return with how many equal tokens two prompts begin."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))
