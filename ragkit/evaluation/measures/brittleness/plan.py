"""Which samples are put in which ways: one axis at a time, mixed ones, and the same again.

All variants of an axis are put to the same samples, so that they can be compared within samples;
each axis takes its own samples in turn, so that a small budget still reaches all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from ragkit.errors import UsageError
from ragkit.evaluation.measures.planning import samples_of_size
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import Sample, Task, Variant
from ragkit.evaluation.variants import BASE, applies, make_variants, usual_strategy
from ragkit.evaluation.variants.seeding import generator_for
from ragkit.prompting import Strategy

DEFAULT_BUDGET = 600
"""Tasks of a run of the default size, which should be done within 15 minutes on two cores. Source:
the bundled model takes 1.4 CPU seconds for a task (8 of them, prompts of 206 to 626 tokens), some
8 where it reasons first, as one in twelve does; together 10 of the minutes."""
SMOKE_BUDGET = 60
_LEVELS: Mapping[str, int] = {
    "control": 1,
    "paraphrase": 4,
    "typos": 3,
    "language": 2,
    "strategy": 4,
    "instruction": 4,
    "format": 4,
    "examples": 4,
    "order": 5,
    "count": 3,
    "template": 1,
    "mixed": 12,
}
"""Variants of each axis in a run of the default size: 36 with the base, one axis at a time, and the
12 mixed ones. A full run has all that there are."""
_CONTROL_WIDTH = 2
"""So many times the samples of an axis are put again: noise is what all are held against."""
_LEAST_SAMPLES = 12
"""With fewer samples an axis has variants taken away before it loses more of them."""
CROSS_PARTS = ("paraphrase", "instruction", "format")
"""Axes whose first variant is held against the others, answer by answer, for POSIX."""
CROSS = "cross/answers"
_CROSS_SHARE = 0.08
"""Of the budget, for POSIX."""


@dataclass(frozen=True, slots=True)
class Share:
    """What of an axis is put, and to which samples."""

    axis: str
    variants: tuple[Variant, ...]
    samples: tuple[Sample, ...]

    def tasks(self, strategy: Strategy) -> Iterator[Task]:
        """Yield each pair that goes together."""
        for variant in self.variants:
            for sample in self.samples:
                if applies(variant, sample, strategy):
                    yield Task(sample, variant)


def plan_tasks(samples: Sequence[Sample], options: PlanOptions) -> tuple[Task, ...]:
    """Return what to do, each task once.

    Raises:
        UsageError: There is no sample that is answered from passages, no such axis, or so small a
            budget that no axis can be told from noise.
    """
    usable = usable_samples(samples, options)
    strategy = usual_strategy(options)
    made = make_variants(usable, options)
    ordered = shuffle_evenly(usable, seed=options.seed)
    budget = budget_of(options)
    limits = _LEVELS if options.size != "full" else {}
    variants = {axis: found[: limits.get(axis, len(found))] for axis, found in made.items()}
    crossed = _cross_tasks(ordered, made, strategy, budget)
    spent = sum(len(task.variant.group) for task in crossed)
    shares = share_out(variants, ordered, strategy, None if budget is None else budget - spent)
    tasks = [task for share in shares for task in share.tasks(strategy)]
    asked = {task.sample.id for task in tasks} | {task.sample.id for task in crossed}
    base = [Task(sample, BASE) for sample in usable if sample.id in asked]
    return (*base, *tasks, *crossed)


def usable_samples(samples: Sequence[Sample], options: PlanOptions) -> tuple[Sample, ...]:
    """Return the samples of the size wanted that are answered from passages.

    Raises:
        UsageError: There are none.
    """
    answered = [sample for sample in samples if sample.kind != "closed-book"]
    usable = samples_of_size(answered, options.size)
    if not usable:
        raise UsageError(
            f"no sample of size {options.size} is answered from passages",
            hint="ask more of them: --size full",
        )
    return usable


def budget_of(options: PlanOptions) -> int | None:
    """Return the most tasks of a run; None for all that there are.

    >>> budget_of(PlanOptions()), budget_of(PlanOptions(size="full"))
    (600, None)
    """
    if options.budget is not None:
        return options.budget
    return {"smoke": SMOKE_BUDGET, "default": DEFAULT_BUDGET}.get(options.size)


def shuffle_evenly(samples: Sequence[Sample], *, seed: int) -> tuple[Sample, ...]:
    """Return samples in an order of chance in which those to abstain from are spread evenly."""
    answered = [sample for sample in samples if sample.wants_answer]
    others = [sample for sample in samples if not sample.wants_answer]
    for group in (answered, others):
        group.sort(key=lambda sample: sample.id)
        generator_for("brittleness", str(seed)).shuffle(group)
    step = max(1, round(len(answered) / len(others))) if others else len(answered) or 1
    chunks = [answered[at : at + step] for at in range(0, len(answered), step)]
    pairs = zip_longest(chunks, others)
    return tuple(
        sample
        for chunk, other in pairs
        for sample in (*(chunk or ()), *((other,) if other else ()))
    )


def share_out(
    variants: Mapping[str, Sequence[Variant]],
    samples: Sequence[Sample],
    strategy: Strategy,
    budget: int | None,
) -> tuple[Share, ...]:
    """Return for each axis which variants are put to which samples, within a budget of tasks.

    Where not all fit, variants are taken away, those of the axes with the most first, until each is
    put to twelve samples; if even one of each axis is too many, to as many as there are tasks for.
    """
    taken = {axis: tuple(found) for axis, found in variants.items()}
    able = {
        axis: [one for one in samples if any(applies(v, one, strategy) for v in found)]
        for axis, found in taken.items()
    }
    if budget is None:
        return tuple(Share(axis, found, tuple(able[axis])) for axis, found in taken.items())
    least = min(_LEAST_SAMPLES, len(samples))
    while _cost(taken, able, least, len(samples)) > budget:
        widest = max((axis for axis in taken), key=lambda axis: len(taken[axis]))
        if len(taken[widest]) == 1:
            break
        taken[widest] = taken[widest][:-1]
    width = max(
        (n for n in range(1, len(samples) + 1) if _cost(taken, able, n, len(samples)) <= budget),
        default=0,
    )
    if not width:
        needed = _cost(taken, able, 1, len(samples))
        raise UsageError(
            f"a budget of {budget} tasks does not reach {len(taken)} axes",
            hint=f"give at least --budget {needed}, or fewer axes: --axes",
        )
    return tuple(
        Share(axis, found, _window(able[axis], number * width, _width_of(axis, width)))
        for number, (axis, found) in enumerate(taken.items())
    )


def _cost(
    variants: Mapping[str, Sequence[Variant]],
    able: Mapping[str, Sequence[Sample]],
    width: int,
    total: int,
) -> int:
    """Return the tasks of so many samples for each axis, those of the base form among them."""
    reached = min(total, sum(_width_of(axis, width) for axis in variants))
    return reached + sum(
        len(found) * min(_width_of(axis, width), len(able[axis]))
        for axis, found in variants.items()
    )


def _width_of(axis: str, width: int) -> int:
    return width * _CONTROL_WIDTH if axis == "control" else width


def _window(samples: Sequence[Sample], start: int, width: int) -> tuple[Sample, ...]:
    if width >= len(samples):
        return tuple(samples)
    return tuple(samples[(start + step) % len(samples)] for step in range(width))


def _cross_tasks(
    samples: Sequence[Sample],
    variants: Mapping[str, Sequence[Variant]],
    strategy: Strategy,
    budget: int | None,
) -> tuple[Task, ...]:
    """Return the tasks that POSIX is computed from: a few samples, each put in a few ways."""
    parts = [variants[axis][0] for axis in CROSS_PARTS if axis in variants]
    if not parts:
        return ()
    group = (BASE, *parts)
    able = [one for one in samples if all(applies(part, one, strategy) for part in parts)]
    most = len(able) if budget is None else int(budget * _CROSS_SHARE) // len(group)
    level = ", ".join(one.id for one in group)
    joined = Variant(CROSS, "cross", level, group=group)
    return tuple(Task(sample, joined, "cross") for sample in able[:most])
