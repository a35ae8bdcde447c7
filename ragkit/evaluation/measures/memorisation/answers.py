"""What a model answers without the document, and with one that says something else."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ragkit.evaluation.measures.numbers import mean_metric, with_estimate
from ragkit.evaluation.records import VIEWS, Metric, Outcome, Sample, Scored, View
from ragkit.evaluation.scoring import holds_answer
from ragkit.evaluation.statistics import ratio_bootstrap

_GROUP = "swapped context"


def closed_book_metrics(
    known: Mapping[str, Sample], scored: Sequence[Scored]
) -> tuple[Metric, ...]:
    """Return how often the answer is known without documents, and how often the world's is given.

    The baseline is how often what is said holds the answers of other questions of the same type:
    a model that says "1871" to everything hits some dates.
    """
    asked = [(known[one.outcome.sample_id], one) for one in scored]
    bases = [sample.base_id for sample, _ in asked]
    texts = [_text_of(one.outcome, "model") for _, one in asked]
    hits: list[float | None] = [
        float(bool((score := one.scores.get("model")) and score.right)) for _, one in asked
    ]
    by_chance = _hits_by_chance([sample for sample, _ in asked], texts)
    right = Metric(
        "closed_book_hits",
        "right without documents",
        None,
        view="model",
        group="headline",
        better="lower",
        baseline=by_chance,
        baseline_name="answers to other questions",
    )
    metrics = [mean_metric(right, hits, bases)]
    worldly = [place for place, (sample, _) in enumerate(asked) if sample.world]
    if worldly:
        metric = Metric(
            "closed_book_world",
            "says what the world says, where the documents say otherwise",
            None,
            view="model",
            group="closed book",
        )
        values: list[float | None] = [
            float(holds_answer(asked[place][0].world, texts[place])) for place in worldly
        ]
        metrics.append(mean_metric(metric, values, [bases[place] for place in worldly]))
    return tuple(metrics)


def _hits_by_chance(samples: Sequence[Sample], texts: Sequence[str]) -> float | None:
    """Return how often a text holds the answer to another question of the same type."""
    held = [
        float(holds_answer(other.answers, text))
        for sample, text in zip(samples, texts, strict=True)
        for other in samples
        if other.base_id != sample.base_id and other.type == sample.type
    ]
    return sum(held) / len(held) if held else None


def swapped_metrics(
    known: Mapping[str, Sample], read: Sequence[Outcome], swapped: Sequence[Outcome]
) -> tuple[Metric, ...]:
    """Return whose value is given: that of the passage, in which one was swapped, or the original.

    A reader follows the passage; a memory keeps the original. What is right from the passage as it
    is stands beside it, for a model that cannot read follows nothing.

    Args:
        known: Samples by id.
        read: Answers from the gold passage as it is.
        swapped: Answers from the gold passage with the swap put in.
    """
    return tuple(
        metric for view in VIEWS for metric in _swapped_in_view(known, read, swapped, view)
    )


def _swapped_in_view(
    known: Mapping[str, Sample],
    read: Sequence[Outcome],
    swapped: Sequence[Outcome],
    view: View,
) -> tuple[Metric, ...]:
    def count(outcomes: Sequence[Outcome], *, new: bool) -> list[float]:
        return [_gives(known[one.sample_id], one, view, new=new) for one in outcomes]

    def share(name: str, title: str, values: Sequence[float], of: Sequence[Outcome]) -> Metric:
        metric = Metric(name, title, None, view=view, group=_GROUP)
        return mean_metric(metric, list(values), [one.base_id for one in of])

    follows, keeps = count(swapped, new=True), count(swapped, new=False)
    can_read = share(
        "reads_original", "gives the passage's value, as it is", count(read, new=False), read
    )
    followed = share("follows_swapped", "gives the passage's value, swapped", follows, swapped)
    kept = share("keeps_original", "gives the original, which is not there", keeps, swapped)
    return (
        can_read,
        replace(
            followed, better="higher", baseline=can_read.value, baseline_name="the passage as it is"
        ),
        replace(kept, better="lower"),
        _ratio(keeps, follows, swapped, view),
    )


def _ratio(
    keeps: Sequence[float], follows: Sequence[float], swapped: Sequence[Outcome], view: View
) -> Metric:
    metric = Metric(
        "memorisation_ratio",
        "of either value given, the original",
        None,
        view=view,
        group=_GROUP,
        better="lower",
        note="keeps / (keeps + follows), with the swapped passage before it",
    )
    either = [kept + followed for kept, followed in zip(keeps, follows, strict=True)]
    bases = [one.base_id for one in swapped]
    return with_estimate(metric, ratio_bootstrap(keeps, either, bases))


def _gives(sample: Sample, outcome: Outcome, view: View, *, new: bool) -> float:
    """Return 1 where an answer gives one of the two values and not the other, else 0."""
    if sample.twin is None:
        return 0.0
    old_value, new_value = sample.twin.swap
    wanted, other = (new_value, old_value) if new else (old_value, new_value)
    text = _text_of(outcome, view)
    return float(holds_answer([wanted], text) and not holds_answer([other], text))


def _text_of(outcome: Outcome, view: View) -> str:
    reading = outcome.readings.get(view)
    return reading.text if reading and not reading.abstained else ""
