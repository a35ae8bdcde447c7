"""Runs a measure over a suite: each task once, each outcome on the disk before the next one.

It prints nothing and opens nothing; a bench and a folder are given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ragkit.errors import ModelError, UsageError
from ragkit.evaluation.bench import Bench, perform
from ragkit.evaluation.protocols import Measure, PlanOptions
from ragkit.evaluation.records import Sample, Scored, Task
from ragkit.evaluation.runs.folder import ITEMS_FILE, REPEATS_FILE, ItemWriter, RunFolder
from ragkit.evaluation.runs.header import describe_run, differences
from ragkit.evaluation.runs.loading import LoadedRun, complete_summary
from ragkit.evaluation.runs.noise import choose_repeated
from ragkit.evaluation.runs.ordering import order_tasks
from ragkit.evaluation.scoring import score_outcome
from ragkit.protocols import Progress, ProgressListener, ignore_progress

MOST_FAILURES = 5
"""Times in a row that a model may fail before a run is given up: its server is gone, say."""


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
    threads: int = 0
    """CPU threads of the model; 0 for one per physical core."""
    given: Mapping[str, Any] = field(default_factory=dict)
    """What was asked for beside the plan, to go on with; JSON values."""
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
    header = describe_run(
        bench,
        measure.name,
        plan,
        asks_model=any(task.call != "search" for task in tasks),
        threads=options.threads,
    )
    samples = _samples_of(tasks)
    if options.resume:
        header = _check_same(folder, header)
    else:
        header["given"] = dict(options.given)
        header["started"] = datetime.now(UTC).isoformat(timespec="milliseconds")
        folder.begin(header, plan, samples)
    worker = _Worker(bench, folder, options)
    try:
        scored = worker.do_all(tasks)
        again = worker.repeat(tasks) if options.noise_check else ()
    except KeyboardInterrupt as stop:
        done = len(folder.read_items())
        raise RunInterruptedError(folder, done=done, total=len(tasks)) from stop
    summary = measure.summarise(samples, scored, plan)
    header["effort"] = worker.effort()
    summary = complete_summary(summary, scored, again, header)
    folder.write_summary(summary)
    folder.write_junit(header, scored)
    return LoadedRun(folder.path, header, plan, samples, scored, summary)


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


class _Worker:
    """Does tasks one after another and keeps what comes of them."""

    def __init__(self, bench: Bench, folder: RunFolder, options: RunOptions) -> None:
        self._bench = bench
        self._folder = folder
        self._options = options
        self._failures = 0
        self._seconds = 0.0
        self._prompt_tokens = 0
        self._evaluated_tokens = 0
        kept = [item for item in folder.read_items() if not item.outcome.error]
        self.done: dict[str, Scored] = {item.outcome.key: item for item in kept}

    def do_all(self, tasks: Sequence[Task]) -> tuple[Scored, ...]:
        """Return what comes of all tasks, in their order; those done before are not done again."""
        self._folder.write_items(self.done.values())  # without those that failed
        missing = [task for task in tasks if task.key not in self.done]
        with ItemWriter(self._folder.path / ITEMS_FILE) as writer:
            for task in order_tasks(missing, self._bench):
                self._tell("asking", len(self.done), len(tasks), task)
                self.done[task.key] = self._do(task, writer)
            self._tell("asking", len(self.done), len(tasks))
        return tuple(self.done[task.key] for task in tasks)

    def repeat(self, tasks: Sequence[Task]) -> tuple[Scored, ...]:
        """Return what comes of some tasks done twice more, the second time in reverse."""
        chosen = choose_repeated(tasks)
        self._folder.write_items((), REPEATS_FILE)
        with ItemWriter(self._folder.path / REPEATS_FILE) as writer:
            again: list[Scored] = []
            for task in (*chosen, *reversed(chosen)):
                self._tell("asking again", len(again), 2 * len(chosen), task)
                again.append(self._do(task, writer))
        return tuple(again)

    def effort(self) -> dict[str, Any]:
        """Return what this part of the run took."""
        return {
            "seconds": round(self._seconds, 1),
            "prompt_tokens": self._prompt_tokens,
            "evaluated_prompt_tokens": self._evaluated_tokens,
        }

    def _do(self, task: Task, writer: ItemWriter) -> Scored:
        outcome = perform(task, self._bench)
        scored = score_outcome(task.sample, outcome)
        writer.append(scored)
        self._seconds += outcome.seconds
        if outcome.completion is not None:
            self._prompt_tokens += outcome.prompt_tokens
            llm = self._bench.llm
            evaluated = getattr(llm, "evaluated_prompt_tokens", outcome.prompt_tokens)
            self._evaluated_tokens += evaluated
        self._count_failure(scored)
        return scored

    def _count_failure(self, scored: Scored) -> None:
        """Give up where the model fails again and again; what came of it is asked anew later."""
        outcome = scored.outcome
        failed = outcome.extra.get("error_kind") == ModelError.__name__
        self._failures = self._failures + 1 if failed else 0
        if self._failures == MOST_FAILURES:
            raise ModelError(
                f"the model failed {MOST_FAILURES} times in a row: {outcome.error}",
                hint=f"when it works again: ragkit eval run {self._bench.suite.name}"
                f" --resume {self._folder.path.name}",
            )

    def _tell(self, phase: str, done: int, total: int, task: Task | None = None) -> None:
        detail = task.sample.id if task else ""
        self._options.on_progress(Progress(phase, done, total, detail))
