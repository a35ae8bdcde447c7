"""Which passages a case is answered from, and in which order: "control", "count", "order".

Retrieval is never repeated: a variant reorders or trims what was retrieved for the question as the
sample puts it. What holds the gold is told by its place in the documents.
"""

from dataclasses import replace

from ragkit.evaluation.errors import InapplicableError
from ragkit.evaluation.gold import holds_any
from ragkit.evaluation.records import Case, Change, Variant
from ragkit.evaluation.variants.seeding import generator_for

COUNTS = (1, 10, 3)
"""Passages to answer from. Source: Liu et al. 2023, "Lost in the Middle: How Language Models Use
Long Contexts", section 2, varies both number and place; five, the default of `ragkit ask`, is what
every other variant is given."""
SHUFFLES = 3
CONTROLS = 3


def hold(case: Case) -> Case:
    """Return the case with its passages fixed, so that no other wording of the question moves them.

    A case whose passages are given already, or for which nothing was retrieved, stays as it is.
    """
    if case.hits is not None or not case.pool:
        return case
    return replace(case, hits=case.pool[: case.top_n])


def control_variants() -> tuple[Variant, ...]:
    """Return variants that change nothing: how far their answers differ is noise."""
    return tuple(
        Variant(f"control/{number}", "control", f"the same again ({number})", hold)
        for number in range(1, CONTROLS + 1)
    )


def count_variants() -> tuple[Variant, ...]:
    """Return the variants of how many passages there are to answer from."""
    return tuple(
        Variant(f"count/{count}", "count", _counted(count), _take(count)) for count in COUNTS
    )


def _counted(count: int) -> str:
    return "1 passage" if count == 1 else f"{count} passages"


def _take(count: int) -> Change:
    def change(case: Case) -> Case:
        if case.pool and len(case.pool) < count:
            raise InapplicableError(
                f"{case.sample.id} has {len(case.pool)} passages, not {count}",
                hint="add documents to the corpus, or leave out the axis: --axes",
            )
        return replace(case, hits=case.pool[:count]) if case.pool else case

    return change


def order_variants() -> tuple[Variant, ...]:
    """Return the variants of the order in which the passages stand in the prompt."""
    named = (
        ("gold-last", "the gold last", _place_gold(1.0)),
        ("gold-first", "the gold first", _place_gold(0.0)),
        ("gold-middle", "the gold in the middle", _place_gold(0.5)),
        ("reversed", "the last found first", _reverse),
        ("as-found", "as they were found", _as_found),
    )
    shuffled = (
        (f"shuffle-{number}", f"shuffled ({number})", _shuffle(f"order/shuffle-{number}"))
        for number in range(1, SHUFFLES + 1)
    )
    return tuple(
        Variant(f"order/{name}", "order", level, change)
        for name, level, change in (*named, *shuffled)
    )


def _place_gold(place: float) -> Change:
    """Return the change that moves the gold; `place` is 0 for first and 1 for last."""

    def change(case: Case) -> Case:
        if not case.sample.gold:
            raise InapplicableError(
                f"{case.sample.id} has no gold to move", hint="leave out the axis: --axes"
            )
        held = hold(case)
        if not held.hits:
            return held
        gold = [hit for hit in held.hits if holds_any(hit.chunk, case.sample.gold)]
        if not gold:
            raise InapplicableError(
                f"none of the {len(held.hits)} passages of {case.sample.id} holds its gold",
                hint="give more passages: --top-n",
            )
        others = [hit for hit in held.hits if hit not in gold]
        at = round(place * len(others))
        return replace(held, hits=(*others[:at], *gold, *others[at:]), in_order=True)

    return change


def _reverse(case: Case) -> Case:
    held = hold(case)
    return replace(held, hits=tuple(reversed(held.hits)), in_order=True) if held.hits else held


def _as_found(case: Case) -> Case:
    held = hold(case)
    return replace(held, in_order=True) if held.hits else held


def _shuffle(identity: str) -> Change:
    def change(case: Case) -> Case:
        held = hold(case)
        hits = list(held.hits or ())
        generator_for(case.sample.id, identity).shuffle(hits)
        return replace(held, hits=tuple(hits), in_order=True) if hits else held

    return change
