"""Runs a measure over a suite: what it plans is done, and summed up at the end.

It prints nothing and opens nothing; a bench and a folder are given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ragkit.errors import UsageError
from ragkit.evaluation.bench import Bench
from ragkit.evaluation.judges import CheckedJudge, judge_outcomes
from ragkit.evaluation.protocols import Measure, PlanOptions
from ragkit.evaluation.records import Sample, Scored, Task
from ragkit.evaluation.runs.folder import RunFolder
from ragkit.evaluation.runs.header import describe_run, differences
from ragkit.evaluation.runs.loading import LoadedRun, complete_summary
from ragkit.evaluation.runs.working import Worker
from ragkit.llms import OpenAIHttpLLM, PooledLLM
from ragkit.protocols import ProgressListener, ignore_progress


class RunInterruptedError(KeyboardInterrupt):
    """Ctrl-C, and how much of the run is on the disk by then.

    Args:
        folder: Of the run.
        done: Outcomes that are kept.
        total: All tasks.
    """

    def __init__(self, folder: RunFolder, *, done: int, total: int) -> None:
        super().__init__()
        self.folder = folder
        self.done = done
        self.total = total


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is done; none of it has a say in the outcomes."""

    resume: bool = False
    """Go on with the run that is in the folder."""
    noise_check: bool = True
    """Do some tasks again at the end."""
    parallel: int = 0
    """Tasks that a server is asked at a time; 0 for one. A model in this process has its number."""
    threads: int = 0
    """CPU threads of the model; 0 for one per physical core."""
    given: Mapping[str, Any] = field(default_factory=dict)
    """What was asked for beside the plan, to go on with; JSON values."""
    judges: tuple[CheckedJudge, ...] = ()
    """Who judges sentences beside the rules."""
    on_progress: ProgressListener = ignore_progress


def run_suite(
    measure: Measure, plan: PlanOptions, *, bench: Bench, folder: RunFolder, options: RunOptions
) -> LoadedRun:
    """Return what a measure comes to on a suite, with all that it is based on.

    Args:
        measure: What is measured.
        plan: On which part of the suite.
        bench: What answers; its suite is run.
        folder: Where the run is written.
        options: How it is done.

    Raises:
        UsageError: The measure has no use for the suite, or the run to go on with differs.
        RunInterruptedError: Ctrl-C; what was done is kept.
        StorageError: The disk is full.
    """
    tasks = measure.plan(bench.suite.samples, plan)
    asks_model = any(task.call != "search" for task in tasks)
    header = describe_run(bench, measure.name, plan, asks_model=asks_model, threads=options.threads)
    samples = _samples_of(tasks)
    if options.resume:
        header = _check_same(folder, header)
    else:
        header["given"] = dict(options.given)
        header["started"] = datetime.now(UTC).isoformat(timespec="milliseconds")
        folder.begin(header, plan, samples)
    parallel = _count_workers(bench, options.parallel) if asks_model else 1
    worker = Worker(bench, folder, parallel=parallel, on_progress=options.on_progress)
    try:
        scored = worker.do_all(tasks)
        again = worker.repeat(tasks) if options.noise_check else ()
    except KeyboardInterrupt as stop:
        done = len(folder.read_items())
        raise RunInterruptedError(folder, done=done, total=len(tasks)) from stop
    scored = _ask_judges(options, folder, scored)
    summary = measure.summarise(samples, scored, plan)
    header["effort"] = worker.effort()
    cards = tuple(card for checked in options.judges for card in checked.cards)
    summary = complete_summary(summary, scored, again, header, judges=cards)
    folder.write_summary(summary)
    folder.write_junit(header, scored)
    return LoadedRun(folder.path, header, plan, samples, scored, summary)


def _ask_judges(
    options: RunOptions, folder: RunFolder, scored: tuple[Scored, ...]
) -> tuple[Scored, ...]:
    """Return the outcomes with what judges say, and keep that; without judges nothing changes."""
    if not options.judges:
        return scored
    judged = judge_outcomes(options.judges, scored, on_progress=options.on_progress)
    folder.write_items(judged)
    return judged


def _count_workers(bench: Bench, wished: int) -> int:
    """Return how many tasks are done at a time: as many as the model serves."""
    model = bench.llm.model
    if isinstance(model, PooledLLM):
        return model.engines
    return max(1, wished) if isinstance(model, OpenAIHttpLLM) else 1


def _samples_of(tasks: Sequence[Task]) -> tuple[Sample, ...]:
    return tuple({task.sample.id: task.sample for task in tasks}.values())


def _check_same(folder: RunFolder, header: dict[str, Any]) -> dict[str, Any]:
    """Return the header of a run that is to go on.

    Raises:
        UsageError: It would go on otherwise than it began.
    """
    before, _ = folder.read_header()
    differing = differences(before, header)
    if differing:
        more = f" (and {len(differing) - 1} more)" if len(differing) > 1 else ""
        raise UsageError(
            f"run {folder.path.name} cannot go on, {differing[0]}{more}",
            hint="begin a new one: leave --resume out",
        )
    return before
