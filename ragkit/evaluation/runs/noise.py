"""The noise floor: how often the same task, done again, comes to another verdict.

Whatever moves less than that is no finding. A model that is repeatable has a floor of zero, which
is measured, not taken for granted.
"""

from collections.abc import Sequence

from ragkit.evaluation.records import Metric, Scored, Task
from ragkit.evaluation.statistics import wilson

REPEATED_TASKS = 20
"""Done once more in the same order and once in reverse; fewer in a small run."""
_REPEATED_SHARE = 8
"""At most one of so many is done again, so that the check is a quarter of the work at most."""
_LEAST_REPEATED = 3


def choose_repeated(tasks: Sequence[Task]) -> tuple[Task, ...]:
    """Return tasks to do again, evenly over those that ask the model a question.

    >>> from ragkit.evaluation.records import Sample, Variant
    >>> base = Variant("base", "base", "")
    >>> tasks = [Task(Sample(x, x, "answerable", "?"), base) for x in "abcdef"]
    >>> [task.sample.id for task in choose_repeated(tasks)]
    ['a', 'c', 'e']
    >>> len(choose_repeated(tasks * 8)), len(choose_repeated(tasks * 80))
    (6, 20)
    """
    asking = [task for task in tasks if task.call in ("ask", "closed-book", "oracle", "reason")]
    wanted = max(_LEAST_REPEATED, len(asking) // _REPEATED_SHARE)
    count = min(REPEATED_TASKS, wanted, len(asking))
    return tuple(asking[at * len(asking) // count] for at in range(count))


def measure_noise(first: Sequence[Scored], again: Sequence[Scored]) -> Metric | None:
    """Return the share of repetitions with another verdict; None where nothing was repeated.

    Args:
        first: Outcomes of a run.
        again: Those of some of its tasks, done again, each as often as it was.
    """
    known = {scored.outcome.key: scored for scored in first}
    pairs = [(known[scored.outcome.key], scored) for scored in again if scored.outcome.key in known]
    flips = sum(_verdicts(before) != _verdicts(after) for before, after in pairs)
    changed = sum(a.outcome.completion != b.outcome.completion for a, b in pairs)
    share = wilson(flips, len(pairs))
    if share is None:
        return None
    return Metric(
        name="noise_flip_rate",
        title="Verdicts that change when the same is asked again",
        value=flips / len(pairs),
        low=share.low,
        high=share.high,
        n=len(pairs),
        group="noise",
        better="lower",
        note=f"{changed} of {len(pairs)} completions differ; each task again in the same order "
        "and in reverse",
    )


def _verdicts(scored: Scored) -> tuple[str, ...]:
    named = sorted(scored.scores.items())
    return (*(f"{view} {score.verdict}" for view, score in named), f"error {scored.outcome.error}")
