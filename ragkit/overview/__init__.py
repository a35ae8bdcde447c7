"""What no few passages show: a whole corpus, document or calendar, and what contradicts what.

`requests` recognises questions about a whole, `references` finds the documents that a phrase means,
and `listing`, `summary` and `agenda` answer from what is known of the documents. `premise` finds
what the documents say against a question, `disagreement` what they say against each other. Where
nothing of this holds, the question is left alone.
"""

from ragkit.overview.desk import answer_overview
from ragkit.overview.disagreement import find_disagreement, statements_of
from ragkit.overview.objections import object_to
from ragkit.overview.premise import find_correction
from ragkit.overview.requests import asks_for_summary, recognise

__all__ = [
    "answer_overview",
    "asks_for_summary",
    "find_correction",
    "find_disagreement",
    "object_to",
    "recognise",
    "statements_of",
]
