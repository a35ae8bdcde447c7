"""Passages that a question is to be answered from, in place of those that are found for it.

It finds nothing; what is done with the passages is what is done with any that were found.
"""

from dataclasses import dataclass, replace

from ragkit.records import Evidence, Hit


@dataclass(frozen=True, slots=True)
class Given:
    """What to answer from."""

    hits: tuple[Hit, ...]
    """Best first."""
    in_order: bool = False
    """Number the sources in the order of `hits` rather than in that of their best sentences."""

    def arrange(self, evidence: Evidence) -> Evidence:
        """Return evidence of these hits with its sources in the order that is wished."""
        if not self.in_order:
            return evidence
        places = {hit.chunk.id: place for place, hit in enumerate(self.hits)}
        sources = sorted(evidence.sources, key=lambda source: places[source.hit.chunk.id])
        numbers = {source.id: number for number, source in enumerate(sources, start=1)}
        return replace(
            evidence,
            sources=tuple(
                replace(
                    source,
                    id=numbers[source.id],
                    sentences=tuple(
                        replace(sentence, source_id=numbers[source.id])
                        for sentence in source.sentences
                    ),
                )
                for source in sources
            ),
            sentences=tuple(
                replace(sentence, source_id=numbers[sentence.source_id])
                for sentence in evidence.sentences
            ),
        )
