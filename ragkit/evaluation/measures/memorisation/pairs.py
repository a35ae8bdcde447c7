"""What the log-probabilities of sentences and their twins tell of a model's memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ragkit.evaluation.measures.numbers import mean_metric, with_estimate
from ragkit.evaluation.records import Chart, Metric, Outcome, Scalar, Table
from ragkit.evaluation.statistics import (
    auroc,
    bootstrap_statistic,
    paired_difference,
)
from ragkit.evaluation.statistics.bootstrap import Floats

CHANCE = 0.5
_WORD_FOR = {"mean": "mean of all tokens", "lowest_fifth": "least likely fifth of the tokens"}


class Pair(NamedTuple):
    """The log-probabilities a token of a sentence and of its twin, by how they are summed up."""

    outcome: Outcome
    original: Mapping[str, float]
    swapped: Mapping[str, float]
    original_informed: Mapping[str, float]
    swapped_informed: Mapping[str, float]

    def side(self, name: str, *, informed: bool) -> Mapping[str, float]:
        """Return the numbers of "original" or "swapped", unread or after reading the original."""
        if name == "original":
            return self.original_informed if informed else self.original
        return self.swapped_informed if informed else self.swapped

    def delta(self, name: str, *, informed: bool = False) -> float:
        """Return by how much the original is the likelier one."""
        sides = (self.side(side, informed=informed)[name] for side in ("original", "swapped"))
        original, swapped = sides
        return original - swapped


def pairs_of(outcomes: Sequence[Outcome]) -> list[Pair]:
    """Return the pairs that could be measured."""
    names = Pair._fields[1:]
    return [
        Pair(one, *(one.extra[name] for name in names))
        for one in outcomes
        if not one.error and all(name in one.extra for name in names)
    ]


def preference(metric: Metric, deltas: Sequence[float], bases: Sequence[str]) -> Metric:
    """Return how often a delta is above 0, one of 0 counting half."""
    values: list[float | None] = [CHANCE if delta == 0 else float(delta > 0) for delta in deltas]
    held = replace(metric, baseline=CHANCE, baseline_name="chance", tier="T2", view="model")
    return mean_metric(held, values, bases)


def pair_metrics(pairs: Sequence[Pair], *, undefined: int) -> tuple[Metric, ...]:
    """Return how much likelier originals are than their twins, and the control.

    Args:
        pairs: Those whose sentence is of these documents only.
        undefined: Pairs that could not be measured.
    """
    bases = [pair.outcome.base_id for pair in pairs]
    first = preference(
        Metric("prefers_original", "finds the original likelier than its twin", None),
        [pair.delta("mean") for pair in pairs],
        bases,
    )
    control = preference(
        Metric(
            "prefers_original_informed",
            "control: the same after reading the original",
            None,
            note="Near 1 where the model reads; near chance, this model cannot be measured so.",
        ),
        [pair.delta("mean", informed=True) for pair in pairs],
        bases,
    )
    metrics = [
        replace(first, group="headline", better="lower", undefined=undefined),
        replace(control, group="likelihood", better="higher", undefined=undefined),
    ]
    for name, title in _WORD_FOR.items():
        metrics.append(_of_model(_delta(pairs, name, title), undefined))
    metrics.append(_of_model(_separation(pairs), undefined))
    return tuple(metrics)


def _delta(pairs: Sequence[Pair], name: str, title: str) -> Metric:
    """Return by how much originals are likelier than their own twins."""
    metric = Metric(
        f"delta_{name}",
        f"original minus twin, log-probability a token, {title}",
        None,
        baseline=0.0,
        baseline_name="no difference",
        better="lower",
    )
    difference = paired_difference(
        [pair.swapped[name] for pair in pairs],
        [pair.original[name] for pair in pairs],
        [pair.outcome.base_id for pair in pairs],
    )
    if difference is None:
        return metric
    return replace(
        metric,
        value=difference.mean,
        low=difference.low,
        high=difference.high,
        n=difference.n,
        detectable=difference.detectable,
        note=f"randomisation: p = {difference.p:.3f}",
    )


def _of_model(metric: Metric, undefined: int) -> Metric:
    return replace(metric, undefined=undefined, group="likelihood", tier="T2", view="model")


def _separation(pairs: Sequence[Pair]) -> Metric:
    """Return how well log-probability tells originals from twins, whichever pair they are of."""
    rows = [
        (side["mean"], right)
        for pair in pairs
        for side, right in ((pair.original, 1.0), (pair.swapped, 0.0))
    ]
    bases = [pair.outcome.base_id for pair in pairs for _ in range(2)]
    metric = Metric(
        "auroc_original",
        "originals told from all twins by log-probability (AUROC)",
        None,
        baseline=CHANCE,
        baseline_name="chance",
        better="lower",
    )
    estimate = bootstrap_statistic(rows, bases, _auroc_of) if rows else None
    return replace(with_estimate(metric, estimate), n=len(pairs))


def _auroc_of(rows: Floats) -> float | None:
    return auroc(rows[:, 0].tolist(), rows[:, 1].tolist())


def delta_chart(pairs: Sequence[Pair], types: Mapping[str, str]) -> Chart:
    """Return by how much originals are likelier, by what was swapped.

    Args:
        pairs: All that were measured.
        types: What each sample asks for, by its id.
    """
    rows: list[tuple[Scalar, ...]] = []
    for kind in sorted({types[pair.outcome.sample_id] for pair in pairs}):
        chosen = [pair for pair in pairs if types[pair.outcome.sample_id] == kind]
        bases = [pair.outcome.base_id for pair in chosen]
        for label, informed in (("unread", False), ("after reading it", True)):
            swapped, original = (
                [pair.side(name, informed=informed)["mean"] for pair in chosen]
                for name in ("swapped", "original")
            )
            step = paired_difference(swapped, original, bases)
            if step:
                rows.append((kind or "any", label, step.mean, step.low, step.high))
    return Chart(
        name="twins",
        kind="dots",
        title="By how much originals are likelier than their twins, by what was swapped",
        data=Table(("group", "label", "value", "low", "high"), tuple(rows)),
        note="Around 0 where the model has not learned the sentence.",
        options={"x_title": "log-probability a token, original minus twin"},
    )
