"""From hits to evidence, and from a completion back to it.

Before a model is asked: which sentences answer (`selection`), and is that enough (`sufficiency`).
After it has spoken: which source each sentence cites (`citations`) and whether it backs it
(`support`). Everything here is deterministic and explains itself.
"""

from ragkit.evidence.abstention import is_abstention
from ragkit.evidence.citations import CitedSentence, count_invalid, parse_citations
from ragkit.evidence.selection import select_evidence
from ragkit.evidence.support import SupportChecker, Verdict, normalise
from ragkit.evidence.support.instructions import (
    find_instructions,
    holds_instruction,
    is_about_instructions,
)

__all__ = [
    "CitedSentence",
    "SupportChecker",
    "Verdict",
    "count_invalid",
    "find_instructions",
    "holds_instruction",
    "is_about_instructions",
    "is_abstention",
    "normalise",
    "parse_citations",
    "select_evidence",
]
