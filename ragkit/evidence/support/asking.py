"""What a question lends to its answer: words that refer, and nothing that no source says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a question, as a claim may repeat them.

    "Why are the blocks of the brake made of rubber?" may be answered with "the blocks of the
    brake", whatever the source calls them at that place; that they are made of rubber has to be
    said by a source.
    """

    stems: frozenset[str] = frozenset()
    """Of all its words."""
    unsaid: frozenset[str] = frozenset()
    """Of its telling words that no source holds: what it takes for granted, or words of its own."""


NOTHING_ASKED = Asked()
