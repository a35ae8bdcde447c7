"""The documents against the model's memory: closed and open book, and facts against the world."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ragkit.evaluation.measures.hallucination.items import Item, mean_of, ratio_of, value_of
from ragkit.evaluation.records import Metric, View

NEAR_ZERO = 0.05
"""Closed-book accuracy up to which a model does not know the facts of invented documents."""


def measure_counterfactual(items: Sequence[Item], view: View) -> Iterator[Metric]:
    """Yield whether answers follow the document or the world where the two disagree.

    Source: the memorisation ratio p_orig / (p_orig + p_swapped) is that of Longpre et al. 2021,
    "Entity-Based Knowledge Conflicts in Question Answering", section 4.
    """
    against = [item for item in items if item.sample.kind == "counterfactual"]
    yield mean_of(
        Metric(
            "follows_document",
            "follows the document against the world",
            None,
            view=view,
            group="memory",
            better="higher",
        ),
        against,
        value_of("follows_document"),
    )
    yield ratio_of(
        Metric(
            "memorisation_ratio",
            "world's answers, of both",
            None,
            view=view,
            group="memory",
            better="lower",
        ),
        against,
        lambda item: _of(item, "follows_world"),
        lambda item: _of(item, "follows_world") + _of(item, "follows_document"),
    )


def _of(item: Item, name: str) -> float:
    return item.score.values.get(name) or 0.0


def measure_books(items: Sequence[Item], closed: Sequence[Item], view: View) -> Iterator[Metric]:
    """Yield what the passages add to what the model knows without any.

    Args:
        items: The answers from passages, in one view.
        closed: Those without any; only what the model said can be looked at.
        view: That of `items`.
    """
    asked = {item.sample.id: item for item in items}
    pairs = [
        (known, asked[of])
        for known in closed
        if (of := known.sample.of or known.sample.id) in asked
    ]
    if view == "model":
        yield _closed_book(closed)
    before = {opened.sample.id: float(known.score.right) for known, opened in pairs}
    opened = [item for _, item in pairs]

    def metric(name: str, title: str, note: str = "") -> Metric:
        return Metric(name, title, None, view=view, group="memory", better="higher", note=note)

    yield mean_of(
        metric("open_book", "right with passages"), opened, lambda item: float(item.score.right)
    )
    yield mean_of(
        metric("book_gap", "gained by passages", "open minus closed book, item by item"),
        opened,
        lambda item: item.score.right - before[item.sample.id],
    )
    yield ratio_of(
        metric("book_lift", "gained, of what could be", "(open - closed) / (1 - closed)"),
        opened,
        lambda item: item.score.right - before[item.sample.id],
        lambda item: 1.0 - before[item.sample.id],
    )
    yield mean_of(
        metric("open_where_unknown", "right with passages, where wrong without"),
        [item for item in opened if not before[item.sample.id]],
        lambda item: float(item.score.right),
    )


def _closed_book(closed: Sequence[Item]) -> Metric:
    found = mean_of(
        Metric(
            "closed_book",
            "right without any passage",
            None,
            view="model",
            group="memory",
            baseline=NEAR_ZERO,
            baseline_name="what chance gives in invented documents",
        ),
        closed,
        lambda item: float(item.score.right),
    )
    if found.value is None:
        return found
    near = found.value <= NEAR_ZERO
    note = "near zero: the documents are new to the model" if near else "the model knows some"
    return replace(found, note=note)
