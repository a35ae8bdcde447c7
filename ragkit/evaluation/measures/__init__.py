"""What can be measured: each measure plans what to ask, and sums up what came of it."""

from ragkit.evaluation.measures.brittleness import BrittlenessMeasure
from ragkit.evaluation.measures.hallucination import HallucinationMeasure
from ragkit.evaluation.measures.memorisation import MemorisationMeasure
from ragkit.evaluation.measures.reasoning import ReasoningMeasure
from ragkit.evaluation.measures.retrieval import RetrievalMeasure
from ragkit.evaluation.protocols import Measure

MEASURES: dict[str, Measure] = {
    "brittleness": BrittlenessMeasure(),
    "hallucination": HallucinationMeasure(),
    "memorisation": MemorisationMeasure(),
    "reasoning": ReasoningMeasure(),
    "retrieval": RetrievalMeasure(),
}
"""By the name that a suite and `--measure` call it."""
