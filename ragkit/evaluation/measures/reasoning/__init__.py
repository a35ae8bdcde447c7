"""Does thinking step by step help? The classic comparison, on questions without documents."""

from ragkit.evaluation.measures.reasoning.measure import ReasoningMeasure

__all__ = ["ReasoningMeasure"]
