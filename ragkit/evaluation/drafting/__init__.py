"""Drafts of samples over someone's own documents, by rule, for a person to accept or throw away.

`facts` finds sentences that say one thing and the question that each answers (`questions`, by a
`grammar` of closed word lists), `swaps` makes things untrue, `absences` asks for what is not there,
`samples` puts them together, and `wording` lets a model say them in other words. English only.
"""

from ragkit.evaluation.drafting.samples import SHARES, draft_samples
from ragkit.evaluation.drafting.wording import reword

__all__ = ["SHARES", "draft_samples", "reword"]
