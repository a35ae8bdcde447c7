"""Do the words of the prompt matter? How far answers move when only the way of asking does."""

from ragkit.evaluation.measures.brittleness.measure import BrittlenessMeasure

__all__ = ["BrittlenessMeasure"]
