"""The judge "logits" (T2): how much surer a model is of "Yes" than of "No". No text is parsed.

A model that must write its verdict down writes something else now and then, a small one most of the
time; what it would say next is always there to be read.
"""

from collections.abc import Mapping, Sequence

from ragkit.evaluation.judges.excerpts import MOST_CHARACTERS, excerpt
from ragkit.evaluation.protocols import Claim
from ragkit.evaluation.records import Tier
from ragkit.protocols import LLM
from ragkit.records import Message

PROMPT_VERSION = 1
_YES, _NO = "Yes", "No"


class LogitJudge:
    """Scores a claim by log P(Yes) - log P(No) after a question about it and its passages.

    It is asked twice, with the options in both orders, and the mean is taken, because small models
    prefer the first or the last option whatever is asked; what stands before the options is read
    once. The difference of two log-probabilities of one position is that of their logits.

    Source: Kadavath et al. 2022, "Language Models (Mostly) Know What They Know", section 4 (the
    probability of "True"); of the order of options, Zheng et al. 2024, "Large Language Models Are
    Not Robust Multiple Choice Selectors".

    Args:
        llm: Who is asked; a back end that can tell the probability of given words.
    """

    name = "logits"
    tier: Tier = "T2"

    def __init__(self, llm: LLM) -> None:
        self._llm = llm

    @property
    def identity(self) -> Mapping[str, str]:
        """The model's weights and the prompt."""
        info = self._llm.info
        return {
            "model": info.name,
            "sha256": info.sha256,
            "adapter": info.adapter,
            "prompt": str(PROMPT_VERSION),
            "characters": str(MOST_CHARACTERS),
        }

    def score(self, claims: Sequence[Claim]) -> tuple[float, ...]:
        """Return a number for each claim, 0 where "Yes" and "No" are as likely.

        Raises:
            ModelError: The back end cannot tell.
        """
        return tuple(self._score(claim) for claim in claims)

    def _score(self, claim: Claim) -> float:
        total = 0.0
        for options in (f"{_YES} or {_NO}", f"{_NO} or {_YES}"):
            messages = ask_whether(claim, options)
            yes, no = self._llm.score_continuations(messages, [_YES, _NO])
            total += yes[0] - no[0]
        return total / 2


def ask_whether(claim: Claim, options: str) -> tuple[Message, ...]:
    """Return the question whether a claim is backed, the options last so that the rest is shared.

    >>> from ragkit.evaluation.judges.claims import LabelledClaim
    >>> claim = LabelledClaim("Moss is red.", ("Moss is green.",), False)
    >>> print(ask_whether(claim, "Yes or No")[0].content)
    Passage: Moss is green.
    <BLANKLINE>
    Claim: Moss is red.
    <BLANKLINE>
    Does the passage say that the claim is true? Answer with one word, Yes or No.
    """
    text = excerpt(claim.text, claim.passages)
    return (
        Message(
            "user",
            f"Passage: {text}\n\nClaim: {' '.join(claim.text.split())}\n\n"
            f"Does the passage say that the claim is true? Answer with one word, {options}.",
        ),
    )
