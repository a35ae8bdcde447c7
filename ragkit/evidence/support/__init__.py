"""Is a sentence backed by its sources? `checker` decides; the others each look at one thing.

`verbatim` finds quotations; `windows` says which sentences may back a claim together; `claims`
measures one by its words (`reading`, `wording`), numbers and dates (`quantities`), names and their
parts (`naming`), negations and opposites (`polarity`). `short` reads an answer of a few words
together with its question. Nothing here knows what is true.
"""

from ragkit.evidence.support.checker import SupportChecker
from ragkit.evidence.support.normal import normalise
from ragkit.evidence.support.verdicts import Verdict

__all__ = ["SupportChecker", "Verdict", "normalise"]
