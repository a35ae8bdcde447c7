"""The judge "encoder" (T1): the greatest cosine of a claim with some sentences of its passages.

A feature, never to be used alone: it does not see a negation or another number.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from ragkit.evaluation.judges.excerpts import windows
from ragkit.evaluation.protocols import Claim
from ragkit.evaluation.records import Tier
from ragkit.protocols import Encoder

LONGEST_WINDOW = 3
"""Sentences that one claim may rest on together."""


class EncoderJudge:
    """Scores a claim by its cosine with the closest one to three sentences that stand together.

    Args:
        encoder: Makes the embeddings.
    """

    name = "encoder"
    tier: Tier = "T1"

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    @property
    def identity(self) -> Mapping[str, str]:
        """The encoder's fingerprint."""
        return {"encoder": self._encoder.fingerprint, "windows": str(LONGEST_WINDOW)}

    def score(self, claims: Sequence[Claim]) -> tuple[float, ...]:
        """Return a cosine for each claim; -1 where there is no passage."""
        held = [tuple(windows(claim.passages, longest=LONGEST_WINDOW)) for claim in claims]
        texts = list(dict.fromkeys(text for some in held for text in some))
        rows = dict(zip(texts, self._encoder.encode_passages(texts), strict=True))
        said = self._encoder.encode_passages([claim.text for claim in claims])
        return tuple(
            max((float(np.dot(rows[text], row)) for text in some), default=-1.0)
            for some, row in zip(held, said, strict=True)
        )
