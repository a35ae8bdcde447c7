"""Does it make things up, and does it say so when the documents do not say?"""

from ragkit.evaluation.measures.hallucination.measure import HallucinationMeasure

__all__ = ["HallucinationMeasure"]
