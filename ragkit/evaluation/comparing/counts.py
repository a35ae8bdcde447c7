"""What is counted in a run, exactly, rather than estimated: what must not happen even once."""

from collections.abc import Callable, Mapping, Sequence

from ragkit.evaluation.records import Scored


def count_outcomes(scored: Sequence[Scored]) -> int:
    """Return how many there are: a run of nothing keeps to every other rule."""
    return sum(not one.outcome.extra.get("inapplicable") for one in scored)


def count_errors(scored: Sequence[Scored]) -> int:
    """Return how many have no answer."""
    return sum(bool(one.outcome.error) for one in scored)


def count_unsupported(scored: Sequence[Scored]) -> int:
    """Return how many sentences were shown as fact that ragkit's own check does not back."""
    shown = (one.outcome.readings.get("shown") for one in scored)
    return sum(
        sentence.support == "unsupported"
        for reading in shown
        if reading and not reading.abstained
        for sentence in reading.sentences
    )


COUNTS: Mapping[str, Callable[[Sequence[Scored]], int]] = {
    "outcomes": count_outcomes,
    "errors": count_errors,
    "unsupported_shown": count_unsupported,
}
