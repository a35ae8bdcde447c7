"""Does the search find the places that answer, and where are answers lost on the way?"""

from ragkit.evaluation.measures.retrieval.measure import RetrievalMeasure

__all__ = ["RetrievalMeasure"]
