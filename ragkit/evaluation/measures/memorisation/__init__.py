"""Has a model learned the documents, so that its answers may come from memory?"""

from ragkit.evaluation.measures.memorisation.measure import MemorisationMeasure

__all__ = ["MemorisationMeasure"]
