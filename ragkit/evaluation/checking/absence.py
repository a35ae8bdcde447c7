"""Whether what should be absent is: no document may hold what would answer."""

from collections.abc import Callable, Iterator

from ragkit.evaluation.checking.findings import Finding, error, warning
from ragkit.evaluation.checking.shelf import Shelf
from ragkit.evaluation.records import Sample
from ragkit.records import Evidence

Gather = Callable[[Sample], Evidence]
"""Finds the evidence for a sample, as `ragkit ask` would."""

LIKELY = 0.85
"""Sufficiency from which evidence is shown to a person.

Source: of the 50 unanswerable samples of the built-in suite retrieval, which no document answers, 8
reach it and 22 the 0.5 from which `ragkit ask` answers."""
_MOST_PLACES = 3
_ABSENT_KINDS = ("unanswerable-near", "unanswerable-far", "leak")


def check_absence(sample: Sample, shelf: Shelf, gather: Gather | None) -> Iterator[Finding]:
    """Yield what speaks against a sample that nothing should answer.

    By two rules: the words that would have to stand somewhere (`absent`) are looked for, and the
    best evidence is shown where it looks as if it answered. What the world says is looked for in
    sentences about the question only: "Paris" may well stand elsewhere.

    Args:
        sample: Of any kind.
        shelf: The documents.
        gather: Finds evidence; None to leave that rule out.
    """
    places = list(shelf.holding(sample.absent))[:_MOST_PLACES] if sample.absent else []
    for one in places:
        yield error("absent-found", sample.id, f"what should be absent stands in {one.place}")
    if sample.kind != "closed-book" and sample.world:
        for one in list(shelf.telling(sample.world, sample.question))[:_MOST_PLACES]:
            yield error("world-found", sample.id, f"what the world says stands in {one.place}")
    if sample.kind not in _ABSENT_KINDS:
        return
    if not sample.absent:
        told = "it names no words that would have to be absent"
        yield warning("absent-unnamed", sample.id, told)
    if gather is not None and not places:
        yield from _check_evidence(sample, gather(sample))


def _check_evidence(sample: Sample, evidence: Evidence) -> Iterator[Finding]:
    score = evidence.sufficiency.score
    if score >= LIKELY and evidence.sentences:
        best = evidence.sentences[0]
        document = next(s.hit.chunk.document for s in evidence.sources if s.id == best.source_id)
        text = " ".join(best.sentence.text.split())
        told = f"{document} may answer it (sufficiency {score:.2f}): {text!r}"
        yield warning("answerable", sample.id, told)
