"""Chance that depends on names alone: neither on what ran before nor on how Python hashes."""

import hashlib
import random


def generator_for(*names: str) -> random.Random:
    """Return a generator of random numbers that is the same for the same names, on any machine.

    >>> generator_for("sci-age", "typos").random() == generator_for("sci-age", "typos").random()
    True
    >>> generator_for("ab", "c").random() == generator_for("a", "bc").random()
    False

    Args:
        names: Such as the id of a sample and that of a variant.
    """
    digest = hashlib.sha256("\x1f".join(names).encode()).digest()
    return random.Random(digest)  # noqa: S311
