"""How a question is answered: all that may differ from one question to the next."""

from dataclasses import dataclass, field

from ragkit.prompting import Strategy
from ragkit.protocols import ALL_DOCUMENTS, Reader
from ragkit.records import DocumentFilter, Sampling


@dataclass(frozen=True, slots=True)
class AskOptions:
    """How a question is answered."""

    strategy: str | Strategy = "zero-shot"
    """By name, or one that was made elsewhere."""
    examples: str = "fixed"
    """Which worked examples a strategy shows: "fixed", or "nearest" to the question."""
    top_n: int = 5
    """Passages to retrieve."""
    reader: Reader | None = None
    """Looks for the answer in these passages; None to do without."""
    min_sufficiency: float = 0.5
    """Abstain when the evidence scores less, 0 to 1."""
    sampling: Sampling = field(default_factory=Sampling)
    within: DocumentFilter = ALL_DOCUMENTS
    """Which documents to search."""
    strict: bool = False
    """Show no words of a model that said anything without backing."""
    word_summaries: bool = False
    """Let the model word the summary of a document, section by section; else it is quoted."""
    always_generate: bool = False
    """Ask the model even where the evidence does not suffice; the answer is still an abstention."""
