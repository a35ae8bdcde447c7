"""The units of the hits that answer best, numbered by source, and whether they are enough."""

from collections.abc import Sequence
from itertools import groupby

from ragkit.evidence.comparison import complete_comparison
from ragkit.evidence.matching import QuestionTerms, weigh_terms
from ragkit.evidence.ranking import Candidate, Ranked, rank_candidates
from ragkit.evidence.sufficiency import measure_sufficiency
from ragkit.evidence.units import units_of
from ragkit.protocols import Encoder, Index, Reader
from ragkit.records import Evidence, EvidenceSentence, Hit, Source

MOST_SENTENCES = 6
"""What is selected; sufficiency is measured on as many."""
_LEAST_LETTERS = 2


def select_evidence(
    question: str,
    hits: Sequence[Hit],
    *,
    index: Index,
    encoder: Encoder,
    reader: Reader | None = None,
    threshold: float = 0.5,
) -> Evidence:
    """Return the best sentences of the hits, their sources, and whether they are enough.

    Sources are numbered from 1 in the order of their best sentence.

    Args:
        question: As the user asked it.
        hits: Best first.
        index: Where the hits come from; tells how rare a word is.
        encoder: The one whose embeddings the index holds.
        reader: Looks for the answer in the hits; None to do without.
        threshold: Least sufficiency with which to answer, 0 to 1.
    """
    terms = weigh_terms(question, index)
    ranked = rank_candidates(question, candidates_of(hits, index), terms, encoder, reader)
    ranked = complete_comparison(question, ranked)
    return evidence_from(question, ranked[:MOST_SENTENCES], terms, threshold=threshold)


def evidence_from(
    question: str, best: Sequence[Ranked], terms: QuestionTerms, *, threshold: float = 0.5
) -> Evidence:
    """Return the evidence of units that are chosen already, best first."""
    sources = _number_sources(best)
    sentences = tuple(sentence for source in sources for sentence in source.sentences)
    evidence = tuple(sorted(sentences, key=lambda sentence: -sentence.score))
    sufficiency = measure_sufficiency(question, best, terms, threshold=threshold)
    return Evidence(sources, evidence, sufficiency)


def candidates_of(hits: Sequence[Hit], index: Index) -> list[Candidate]:
    """Return the units of the hits; one that two overlapping chunks share counts once."""
    found: dict[tuple[str, int], Candidate] = {}
    for hit in hits:
        chunk = hit.chunk
        blocks = index.blocks(chunk.document, start=chunk.start, end=chunk.end)
        for unit in units_of(chunk, blocks):
            if _says_something(unit.sentence.text):
                found.setdefault((chunk.document, unit.sentence.start), Candidate(hit, unit))
    return list(found.values())


def _says_something(text: str) -> bool:
    """Say whether a text could answer: a question or a lead-in to a list could not."""
    letters = sum(character.isalnum() for character in text)
    return letters >= _LEAST_LETTERS and not text.rstrip().endswith(("?", ":"))


def _number_sources(best: Sequence[Ranked]) -> tuple[Source, ...]:
    order: dict[str, int] = {}
    for one in best:
        order.setdefault(one.candidate.hit.chunk.id, len(order) + 1)
    by_source = sorted(best, key=lambda one: order[one.candidate.hit.chunk.id])
    sources = []
    for identity, group in groupby(by_source, key=lambda one: one.candidate.hit.chunk.id):
        members = sorted(group, key=lambda one: one.candidate.unit.sentence.start)
        sentences = tuple(_as_evidence(one, order[identity]) for one in members)
        sources.append(Source(order[identity], members[0].candidate.hit, sentences))
    return tuple(sources)


def _as_evidence(ranked: Ranked, source_id: int) -> EvidenceSentence:
    return EvidenceSentence(
        ranked.candidate.unit.sentence,
        source_id,
        ranked.score,
        ranked.features["cosine"],
        ranked.features["coverage"],
        ranked.features,
        ranked.answer_span,
    )
