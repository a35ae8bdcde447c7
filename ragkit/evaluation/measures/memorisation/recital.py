"""Does a model go on with a sentence of the documents as it stands there?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ragkit.evaluation.bench import verbatim_share
from ragkit.evaluation.measures.numbers import mean_metric
from ragkit.evaluation.records import Metric, Outcome, Sample
from ragkit.evaluation.scoring import holds_answer


def recital_metrics(known: Mapping[str, Sample], outcomes: Sequence[Outcome]) -> tuple[Metric, ...]:
    """Return what of the second half of a sentence is said after the first.

    The longest run of its words stands beside that of other sentences, and is told, not judged by:
    any model finds some common words that follow. The value that was swapped stands beside its
    twin's, which fits as well: who gives the one and not the other has learned it.
    """
    said = [one for one in outcomes if one.completion is not None and one.extra.get("rest")]
    return _value_metric(known, said), *_run_metrics(said, missing=len(outcomes) - len(said))


def _value_metric(known: Mapping[str, Sample], said: Sequence[Outcome]) -> Metric:
    """Return how often the value of the sentence is given; the baseline is that of its twin."""
    values: list[float | None] = []
    others: list[float] = []
    for one in said:
        twin = known[one.sample_id].twin
        asked = twin is not None and holds_answer([twin.swap[0]], str(one.extra["rest"]))
        if twin is None or not asked:
            values.append(None)  # it stands in the first half
            continue
        values.append(float(holds_answer([twin.swap[0]], one.completion or "")))
        others.append(float(holds_answer([twin.swap[1]], one.completion or "")))
    metric = Metric(
        "recited_value",
        "goes on with the value of the sentence",
        None,
        view="model",
        group="headline",
        better="lower",
        baseline=sum(others) / len(others) if others else None,
        baseline_name="the twin's value",
        note="Of sentences whose value stands in the second half.",
    )
    return mean_metric(metric, values, [one.base_id for one in said])


def _run_metrics(said: Sequence[Outcome], *, missing: int) -> tuple[Metric, ...]:
    shares: list[float | None] = [_share(one, one) for one in said]
    bases = [one.base_id for one in said]
    longest = Metric(
        "recited",
        "goes on verbatim: longest run of the second half",
        None,
        view="model",
        group="recital",
        better="lower",
        baseline=_by_chance(said),
        baseline_name="other sentences",
        note="Common words follow a sentence's own first half more often: no sign alone.",
    )
    whole = Metric(
        "recited_whole",
        "goes on verbatim to the end",
        None,
        view="model",
        group="recital",
        better="lower",
    )
    ends = [None if share is None else float(share == 1) for share in shares]
    metrics = (mean_metric(longest, shares, bases), mean_metric(whole, ends, bases))
    return tuple(replace(one, undefined=one.undefined + missing) for one in metrics)


def _share(speaker: Outcome, owner: Outcome) -> float | None:
    """Return how much of one sentence's second half is said after the first half of another."""
    return verbatim_share(speaker.completion or "", str(owner.extra["rest"]))


def _by_chance(said: Sequence[Outcome]) -> float | None:
    shares = [
        share
        for one in said
        for other in said
        if other.base_id != one.base_id and (share := _share(one, other)) is not None
    ]
    return sum(shares) / len(shares) if shares else None
