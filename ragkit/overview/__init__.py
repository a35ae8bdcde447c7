"""Questions about a whole, which no few passages answer: the corpus, a document, all dates.

`requests` recognises them, `references` finds the documents that a phrase means, and `listing`,
`summary` and `agenda` answer from what is known of the documents. What is not such a question is
left alone.
"""

from ragkit.overview.desk import answer_overview
from ragkit.overview.requests import recognise

__all__ = ["answer_overview", "recognise"]
