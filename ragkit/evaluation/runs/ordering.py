"""The order in which tasks are done quickest: prompts that begin alike follow each other.

A model keeps what it read of the last prompt, and reads the next one from where it differs. What
comes of a task does not depend on the order.
"""

from collections.abc import Hashable, Sequence

from ragkit.errors import RagkitError
from ragkit.evaluation.bench import Bench, prepare_case
from ragkit.evaluation.records import Call, Task

_ASKING: tuple[Call, ...] = ("ask", "oracle", "samples", "cross")
"""Calls whose prompts begin with the instructions of a strategy."""


def group_tasks(tasks: Sequence[Task], bench: Bench) -> tuple[tuple[Task, ...], ...]:
    """Return the tasks by how their prompts begin: instructions and worked examples, then sample.

    Those of a group begin alike in all of that, and are best done by one engine, in their order.
    """
    groups: dict[tuple[int, int], list[Task]] = {}
    beginnings: dict[Hashable, int] = {}
    samples: dict[str, int] = {}
    for task in tasks:
        beginning = beginnings.setdefault(_beginning_of(task, bench), len(beginnings))
        sample = samples.setdefault(task.sample.id, len(samples))
        groups.setdefault((beginning, sample), []).append(task)
    return tuple(tuple(groups[key]) for key in sorted(groups))


def _beginning_of(task: Task, bench: Bench) -> Hashable:
    """Return what the prompts of two tasks have in common when they begin alike."""
    if task.call not in _ASKING:
        return task.call
    try:
        case = prepare_case(task, bench)
    except RagkitError:  # it comes up again, and is told, when the task is done
        return "ask"
    examples = tuple((one.question, one.answer) for one in case.strategy.examples)
    return ("ask", case.chat_template, case.strategy.system, case.strategy.user, examples)
