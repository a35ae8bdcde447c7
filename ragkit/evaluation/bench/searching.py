"""The call "search": what each way of searching finds for a question; no model is asked.

The way is named by the variant: those of `SEARCHES`. Nothing here says what is relevant.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ragkit.evaluation.bench.bench import Bench, within_of
from ragkit.evaluation.bench.outcomes import begin_outcome, passage_of_hit
from ragkit.evaluation.gold import count_tokens, holds_any
from ragkit.evaluation.records import Outcome, Passage, Sample, Task, Variant
from ragkit.protocols import ScoredKey
from ragkit.records import DocumentFilter, Evidence, Hit, Ranks

DEPTH = 100
"""Passages that are looked at; what stands further down counts as not found."""
AXIS = "search"
_TEXTS = 10
"""Passages whose text is kept, besides those that hold a gold quote."""


def search(task: Task, bench: Bench) -> Outcome:
    """Return the passages found for a question, best first, as far as `DEPTH`.

    `extra` holds "tokens" (of each passage, see `count_tokens`), "top_n" (how many `ragkit ask`
    looks at), and "top_cosine" (the greatest; None where the ranking knows none). Of the hybrid
    search, which is the one that answers rest on, there are the evidence and its sufficiency, too.

    Raises:
        RagkitError: The question is empty.
    """
    sample = task.sample
    find = SEARCHES[task.variant.level if task.variant.axis == AXIS else HYBRID]
    hits = find(sample.question, within_of(sample), bench)
    outcome = replace(
        begin_outcome(task, question=sample.question),
        passages=tuple(_keep(hit, rank, sample) for rank, hit in enumerate(hits, start=1)),
        extra={
            "tokens": [count_tokens(hit.chunk.text) for hit in hits],
            "top_n": bench.options.top_n,
            "top_cosine": max((hit.cosine for hit in hits if hit.cosine is not None), default=None),
        },
    )
    return _with_evidence(outcome, sample, bench) if find is _search_both else outcome


def search_variant(name: str) -> Variant:
    """Return the variant that searches in one of the ways."""
    return Variant(f"{AXIS}/{name}", AXIS, name)


def _search_both(question: str, within: DocumentFilter, bench: Bench) -> tuple[Hit, ...]:
    return bench.search(question, top_n=DEPTH, within=within)


def _search_words(question: str, within: DocumentFilter, bench: Bench) -> tuple[Hit, ...]:
    with bench.index.snapshot():
        found = bench.index.search_lexical(question, top_n=DEPTH, within=within)
        return _hits_of(found, bench)


def _search_meaning(question: str, within: DocumentFilter, bench: Bench) -> tuple[Hit, ...]:
    embedding = bench.encoder.encode_queries([question])
    with bench.index.snapshot():
        found = bench.index.search_dense(embedding, top_n=DEPTH, within=within)
        return tuple(replace(hit, cosine=hit.score) for hit in _hits_of(found, bench))


def _hits_of(found: Sequence[ScoredKey], bench: Bench) -> tuple[Hit, ...]:
    chunks = bench.index.chunks([key for key, _ in found])
    return tuple(
        Hit(chunk, score, rank, Ranks())
        for rank, (chunk, (_, score)) in enumerate(zip(chunks, found, strict=True), start=1)
    )


HYBRID = "hybrid"
SEARCHES: Mapping[str, Callable[[str, DocumentFilter, Bench], tuple[Hit, ...]]] = {
    HYBRID: _search_both,
    "lexical": _search_words,
    "dense": _search_meaning,
}
"""The ways to search: both fused, as `ragkit search` does; by words alone; by meaning alone."""


def _keep(hit: Hit, rank: int, sample: Sample) -> Passage:
    """Return what is kept of a hit: its text only where somebody may want to read it."""
    passage = passage_of_hit(hit, rank)
    told = rank <= _TEXTS or holds_any(passage, sample.gold)
    return passage if told else replace(passage, text="")


def _with_evidence(outcome: Outcome, sample: Sample, bench: Bench) -> Outcome:
    gathered: Evidence = bench.assistant().gather(sample.question, bench.options_for(sample))
    told = {
        (source.hit.chunk.document, source.hit.chunk.start): tuple(
            one.sentence.text for one in source.sentences
        )
        for source in gathered.sources
    }
    passages = tuple(
        replace(passage, evidence=told.get((passage.document, passage.start), ()))
        for passage in outcome.passages
    )
    return replace(outcome, passages=passages, sufficiency=gathered.sufficiency.score)
