"""Can what was found tell questions that the documents answer from those that they do not?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ragkit.evaluation.measures.numbers import with_estimate
from ragkit.evaluation.records import Kind, Metric, Outcome, Sample
from ragkit.evaluation.statistics import auroc, bootstrap_statistic
from ragkit.evaluation.statistics.bootstrap import Floats

UNANSWERED: Mapping[Kind, str] = {
    "unanswerable-near": "near",
    "unanswerable-far": "far",
    "leak": "leak",
}
"""Kinds that documents do not answer, in a word."""
_SIGNALS = {"sufficiency": "sufficiency", "top_cosine": "best cosine"}


def separability(samples: Mapping[str, Sample], outcomes: Sequence[Outcome]) -> tuple[Metric, ...]:
    """Return how often an answerable question has the higher signal than one that is not (AUROC).

    Sufficiency is what `ragkit ask` abstains by; the cosine of the best passage is the baseline
    that it has to beat. Questions with a false premise are of neither side.
    """
    metrics = []
    for names, title in (
        (tuple(UNANSWERED), "answerable from unanswerable"),
        *(((kind,), f"answerable from {name}") for kind, name in UNANSWERED.items()),
    ):
        suffix = "" if len(names) > 1 else f"/{UNANSWERED[names[0]]}"
        chosen = [one for one in outcomes if _is_of(samples[one.sample_id], names)]
        if not any(one.kind in names for one in chosen):
            continue
        cosine = _measure(f"auroc_top_cosine{suffix}", title, chosen, samples, "top_cosine")
        cosine = replace(cosine, baseline=0.5, baseline_name="chance")
        told = _measure(f"auroc_sufficiency{suffix}", title, chosen, samples, "sufficiency")
        metrics += [
            replace(
                told,
                baseline=cosine.value,
                baseline_name="best cosine",
                group=told.group if suffix else "headline",
            ),
            cosine,
        ]
    return tuple(metrics)


def _is_of(sample: Sample, kinds: Sequence[Kind]) -> bool:
    return sample.wants_answer or sample.kind in kinds


def _measure(
    name: str,
    title: str,
    outcomes: Sequence[Outcome],
    samples: Mapping[str, Sample],
    signal: str,
) -> Metric:
    signals = [(_signal_of(one, signal), one) for one in outcomes]
    rows = [
        (value, float(samples[one.sample_id].wants_answer))
        for value, one in signals
        if value is not None
    ]
    bases = [one.base_id for value, one in signals if value is not None]
    metric = Metric(
        name=name,
        title=f"{title}, by {_SIGNALS[signal]} (AUROC)",
        value=None,
        undefined=len(signals) - len(rows),
        group="separability",
        better="higher",
        tier="T1",
    )
    told = with_estimate(metric, bootstrap_statistic(rows, bases, _auroc_of, resamples=2000))
    if told.value in (0.0, 1.0):  # drawn anew they never overlap either
        return replace(told, note="The two kinds do not overlap here; the interval is too narrow.")
    return told


def _signal_of(outcome: Outcome, signal: str) -> float | None:
    if outcome.error:
        return None
    value = outcome.sufficiency if signal == "sufficiency" else outcome.extra.get(signal)
    return None if value is None else float(value)


def _auroc_of(rows: Floats) -> float | None:
    return auroc(rows[:, 0].tolist(), rows[:, 1].tolist())
