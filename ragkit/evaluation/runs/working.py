"""Does the tasks of a run, as many at a time as the model serves, and keeps what comes of them.

What comes of a task depends neither on the order nor on what is done beside it.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Event, Lock
from typing import Any

from ragkit.errors import ModelError
from ragkit.evaluation.bench import Bench, perform
from ragkit.evaluation.records import Scored, Task
from ragkit.evaluation.runs.folder import ITEMS_FILE, REPEATS_FILE, ItemWriter, RunFolder
from ragkit.evaluation.runs.noise import choose_repeated
from ragkit.evaluation.runs.ordering import group_tasks
from ragkit.evaluation.scoring import score_outcome
from ragkit.protocols import Progress, ProgressListener, ignore_progress

MOST_FAILURES = 5
"""Times in a row that a model may fail before a run is given up: its server is gone, say."""


class Worker:
    """Does tasks and keeps what comes of them.

    Args:
        bench: What they are done with.
        folder: Where outcomes are kept; those that are there are not made again, but for failed
            ones.
        parallel: Tasks that are done at a time; the model must serve as many threads.
        on_progress: Told how far it is.
    """

    def __init__(
        self,
        bench: Bench,
        folder: RunFolder,
        *,
        parallel: int = 1,
        on_progress: ProgressListener = ignore_progress,
    ) -> None:
        self._bench = bench
        self._folder = folder
        self._parallel = parallel
        self._on_progress = on_progress
        self._failures = 0
        self._tasks = 0
        self._begun = time.perf_counter()
        kept = [item for item in folder.read_items() if not item.outcome.error]
        self.done: dict[str, Scored] = {item.outcome.key: item for item in kept}

    def do_all(self, tasks: Sequence[Task]) -> tuple[Scored, ...]:
        """Return what comes of all tasks, in their order; those done before are not done again."""
        self._folder.write_items(self.done.values())  # without those that failed
        missing = [task for task in tasks if task.key not in self.done]
        kept = len(self.done)

        def keep(task: Task, scored: Scored) -> None:
            self.done[task.key] = scored
            self._tell("asking", len(self.done), len(tasks), task)

        self._tell("asking", kept, len(tasks))
        self._do_each(group_tasks(missing, self._bench), ITEMS_FILE, keep)
        return tuple(self.done[task.key] for task in tasks)

    def repeat(self, tasks: Sequence[Task]) -> tuple[Scored, ...]:
        """Return what comes of some tasks done twice more, the second time in reverse."""
        chosen = choose_repeated(tasks)
        again: list[Scored] = []

        def keep(task: Task, scored: Scored) -> None:
            again.append(scored)
            self._tell("asking again", len(again), 2 * len(chosen), task)

        self._folder.write_items((), REPEATS_FILE)
        twice = [(task,) for task in (*chosen, *reversed(chosen))]
        self._do_each(twice, REPEATS_FILE, keep)
        return tuple(again)

    def _do_each(
        self, groups: Sequence[Sequence[Task]], file: str, keep: Callable[[Task, Scored], None]
    ) -> None:
        """Do tasks, each written before it is kept, by as many threads as the model serves.

        A group is done by one thread, so that a prompt finds what was read of the one before.
        """
        ended = Event()
        waiting = iter(groups)
        lock = Lock()

        def work() -> None:
            while True:
                with lock:
                    group = next(waiting, None)
                for task in group or ():
                    if ended.is_set():
                        return
                    outcome = perform(task, self._bench)
                    with lock:
                        scored = score_outcome(task.sample, outcome)
                        writer.append(scored)
                        keep(task, scored)
                        self._look_at(scored)
                if group is None:
                    return

        with ItemWriter(self._folder.path / file) as writer:
            workers = min(self._parallel, len(groups))
            if workers <= 1:
                work()
                return
            with ThreadPoolExecutor(workers) as pool:
                try:
                    for future in as_completed([pool.submit(work) for _ in range(workers)]):
                        future.result()
                finally:
                    ended.set()

    def effort(self) -> dict[str, Any]:
        """Return what this part of the run took."""
        return {
            "seconds": round(time.perf_counter() - self._begun, 1),
            "tasks": self._tasks,
            "parallel": self._parallel,
            "prompt_tokens": self._bench.tally.prompt_tokens,
            "evaluated_prompt_tokens": self._bench.tally.evaluated_tokens,
        }

    def _look_at(self, scored: Scored) -> None:
        """Give up where the model fails again and again; what came of it is asked anew later."""
        self._tasks += 1
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
        self._on_progress(Progress(phase, done, total, detail))
