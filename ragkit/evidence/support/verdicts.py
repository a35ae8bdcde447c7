"""What a check says of a sentence."""

from collections.abc import Mapping
from typing import NamedTuple

from ragkit.records import Support


class Verdict(NamedTuple):
    """How far a sentence is backed, and by which sources."""

    support: Support
    score: float
    source_ids: tuple[int, ...]
    """Best first; more than one only where different clauses rest on different sources."""
    features: Mapping[str, float]
    backing: str = ""
    """The words of the sources that back it; empty where none do."""

    @property
    def is_short(self) -> bool:
        """Whether it is about an answer of a few words, which says nothing without its place."""
        return "question_coverage" in self.features

    @property
    def source_id(self) -> int | None:
        """The source that backs it; None where none does."""
        return self.source_ids[0] if self.source_ids else None
