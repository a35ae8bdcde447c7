"""What is asked: every sample once, some closed-book, some with their sources renumbered."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ragkit.errors import UsageError
from ragkit.evaluation.errors import InapplicableError
from ragkit.evaluation.measures.planning import BASE, samples_of_size, within_budget
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import Case, Sample, Task, Variant

RENUMBERED_SAMPLES = 30
"""Questions that are asked with their sources in reverse order, too."""
SAMPLED_QUESTIONS = 60
"""Questions that are answered several times, to see how far the answers mean the same."""
_KNOWN = ("answerable", "counterfactual")
"""Kinds whose questions say something closed-book."""
_LEAST_SOURCES = 2


def _renumber(case: Case) -> Case:
    """Return the case with its passages, and so the numbers of its sources, the other way round.

    Raises:
        InapplicableError: There is but one passage.
    """
    hits = case.hits if case.hits is not None else case.pool[: case.top_n]
    if len(hits) < _LEAST_SOURCES:
        raise InapplicableError(f"{case.sample.id} has one passage: its number cannot change")
    return replace(case, hits=tuple(reversed(hits)), in_order=True)


RENUMBERED = Variant("sources/renumbered", "sources", "sources the other way round", _renumber)
"""Citations must follow the content of the sources, not their numbers."""


def plan_tasks(samples: Sequence[Sample], options: PlanOptions) -> tuple[Task, ...]:
    """Return what to ask: those that share a base stay together where a budget leaves some out.

    Raises:
        UsageError: There are no samples of that size.
    """
    chosen = samples_of_size(samples, options.size)
    if not chosen:
        raise UsageError(
            f"the suite has no samples of size {options.size}",
            hint="take more of it: --size full",
        )
    bundles: dict[str, list[Task]] = {}
    for task in _tasks(chosen, options):
        bundles.setdefault(task.sample.base_id, []).append(task)
    return within_budget(tuple(bundles.values()), options.budget, seed=options.seed)


def _tasks(samples: Sequence[Sample], options: PlanOptions) -> Iterator[Task]:
    open_book = [sample for sample in samples if sample.kind != "closed-book"]
    for sample in open_book:
        yield Task(sample, BASE)
    answerable = [sample for sample in open_book if sample.kind == "answerable"]
    for sample in _draw(answerable, RENUMBERED_SAMPLES, f"renumbered {options.seed}"):
        yield Task(sample, RENUMBERED)
    for sample in closed_book_samples(samples):
        yield Task(sample, BASE, "closed-book")
    uncertain = [s for s in open_book if s.kind in ("answerable", "unanswerable-near")]
    for sample in _draw(uncertain, SAMPLED_QUESTIONS, f"sampled {options.seed}"):
        yield Task(sample, BASE, "samples")


def closed_book_samples(samples: Sequence[Sample]) -> tuple[Sample, ...]:
    """Return what is asked closed-book: samples of that kind, and questions that have none such.

    Where no accepted answer is known, nothing tells memory from invention.

    >>> one = Sample("a", "a", "answerable", "Why?", answers=("So.",))
    >>> [sample.id for sample in closed_book_samples([one, Sample("b", "b", "leak", "Who?")])]
    ['a']
    """
    given = [sample for sample in samples if sample.kind == "closed-book"]
    covered = {sample.of for sample in given}
    own = [sample for sample in samples if sample.kind in _KNOWN and sample.id not in covered]
    return (*given, *(sample for sample in own if sample.answers))


def _draw(samples: Sequence[Sample], count: int, seed: str) -> list[Sample]:
    """Return so many samples, drawn by seed, in their order."""
    places = range(len(samples))
    drawn = random.Random(seed).sample(places, min(count, len(samples)))  # noqa: S311 - repeatable
    return [samples[place] for place in sorted(drawn)]
