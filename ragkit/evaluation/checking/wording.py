"""Whether the parts of a sample fit each other: twin, premise, wordings, what it refers to."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ragkit.evaluation.checking.findings import Finding, error, warning
from ragkit.evaluation.checking.places import locate
from ragkit.evaluation.checking.shelf import Shelf
from ragkit.evaluation.records import Sample
from ragkit.evaluation.scoring import contains


def check_wording(sample: Sample, shelf: Shelf) -> Iterator[Finding]:
    """Yield what does not fit within a sample."""
    if sample.draft:
        told = "a draft that nobody has accepted: set draft to false, or delete the line"
        yield warning("draft", sample.id, told)
    if sample.premise and not contains(sample.question, sample.premise):
        told = f"the question does not hold its premise {sample.premise!r}"
        yield error("premise-not-in-question", sample.id, told)
    if sample.kind == "false-premise" and not sample.premise:
        yield warning("premise-unnamed", sample.id, "it does not say which words are the premise")
    yield from _check_kept(sample)
    yield from _check_twin(sample, shelf)


def _check_kept(sample: Sample) -> Iterator[Finding]:
    for wording in (sample.question, *sample.paraphrases, *sample.translations.values()):
        lost = [term for term in sample.keep if term.lower() not in wording.lower()]
        if lost:
            told = f"{wording!r} lacks what no wording may change: {', '.join(lost)}"
            yield error("kept-words-lost", sample.id, told)


def _check_twin(sample: Sample, shelf: Shelf) -> Iterator[Finding]:
    twin = sample.twin
    if twin is None:
        return
    before, after = twin.swap
    if twin.original.count(before) != 1 or twin.original.replace(before, after) != twin.swapped:
        told = f"its twin is not the original with {before!r} swapped once for {after!r}"
        yield error("twin-differs", sample.id, told)
    names = {place.document for place in sample.gold} & set(shelf.documents)
    documents = [shelf.documents[name] for name in names or shelf.documents]
    if not any(locate(document, twin.original) for document in documents):
        told = f"the original of its twin stands in no document: {twin.original!r}"
        yield error("twin-missing", sample.id, told)
    if any(locate(document, twin.swapped) for document in shelf.documents.values()):
        told = f"the swapped sentence stands in a document: {twin.swapped!r}"
        yield error("twin-found", sample.id, told)


def check_together(samples: Sequence[Sample]) -> Iterator[Finding]:
    """Yield what does not fit between samples: what they refer to, and what is asked twice."""
    ids = {sample.id for sample in samples}
    asked: dict[object, list[str]] = defaultdict(list)
    for sample in samples:
        if sample.of and sample.of not in ids and sample.kind != "closed-book":
            told = f"it is a variant of {sample.of!r}, which is not here"
            yield warning("of-missing", sample.id, told)
        question = " ".join(sample.question.lower().split())
        asked[sample.kind, question, sample.distractors, sample.within].append(sample.id)
    for first, *others in asked.values():
        for other in others:
            yield warning("asked-twice", other, f"{first!r} asks the same")
