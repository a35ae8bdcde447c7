"""Does a model go on with a sentence of the documents as it stands there?"""

from collections.abc import Sequence

from ragkit.evaluation.bench import verbatim_share
from ragkit.evaluation.measures.numbers import mean_metric
from ragkit.evaluation.records import Metric, Outcome


def recital_metrics(outcomes: Sequence[Outcome]) -> tuple[Metric, ...]:
    """Return how much of the second half of a sentence is recited after the first, in one run.

    The baseline is how much of the other sentences' second halves is said by chance.
    """
    said = [one for one in outcomes if one.completion is not None and one.extra.get("rest")]
    shares = [_share(one, one) for one in said]
    bases = [one.base_id for one in said]
    longest = Metric(
        "recited",
        "goes on verbatim: longest run of the second half",
        None,
        view="model",
        group="headline",
        better="lower",
        baseline=_by_chance(said),
        baseline_name="of other sentences",
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
    return mean_metric(longest, shares, bases), mean_metric(whole, ends, bases)


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
