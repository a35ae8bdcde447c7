"""The judge "rules" (T0): ragkit's own check of sentences, to hold the others against.

It is what decides which sentences of an answer are shown.
"""

from collections.abc import Mapping, Sequence

from ragkit.evaluation.protocols import Claim
from ragkit.evaluation.records import Tier
from ragkit.evidence import SupportChecker
from ragkit.protocols import Encoder
from ragkit.records import Chunk, Hit, Source


class RulesJudge:
    """Scores a claim by the rules of support: from 1 on it is backed, below by how nearly.

    Args:
        encoder: Measures closeness of meaning, one of the rules.
    """

    name = "rules"
    tier: Tier = "T0"

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    @property
    def identity(self) -> Mapping[str, str]:
        """The encoder's fingerprint and ragkit's version, which the rules change with."""
        from ragkit import __version__

        return {"encoder": self._encoder.fingerprint, "ragkit": __version__}

    def score(self, claims: Sequence[Claim]) -> tuple[float, ...]:
        """Return a number for each claim."""
        return tuple(self._score(claim) for claim in claims)

    def _score(self, claim: Claim) -> float:
        sources = [source_of(text, at) for at, text in enumerate(claim.passages, start=1)]
        verdict = SupportChecker(sources, self._encoder).check(claim.text)
        return verdict.score + float(bool(verdict.source_ids))


def source_of(text: str, number: int) -> Source:
    """Return a text as a source of which no sentence is selected."""
    return Source(number, Hit(Chunk(f"c{number}", "text", text, 0, len(text)), 1.0, number), ())
