"""Seconds an item with and without what a run does to be quick, side by side in one run.

    python evals/tools/time_runs.py [--suite brittleness] [--samples 4] [--model NAME]

Four ways to do the same tasks: each prompt read from its first token; one engine that keeps what it
read of the prompt before, in the order of the plan; the same in the order of a run; and two
engines. The ways take turns after every two samples, and CPU seconds are told beside seconds, so
that what else the machine does cancels out. It also checks that all four say the same.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ragkit.evaluation.bench import Bench, perform
from ragkit.evaluation.measures import MEASURES
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import Suite, Task
from ragkit.evaluation.runs import RunFolder, group_tasks
from ragkit.evaluation.runs.opening import open_bench
from ragkit.evaluation.runs.working import Worker
from ragkit.evaluation.suites import load_suite
from ragkit.llms import LlmOptions
from ragkit.models import open_llm
from ragkit.protocols import LLM
from ragkit.records import Completion, Message, Sampling
from ragkit.workspace import Workspace

ENGINES = 2
SAMPLES_A_TURN = 2
VARIANTS = 5
"""Of each sample, the first so many that are asked."""
_FORGET = (Message("user", "Forget."),)


class ForgetfulLLM:
    """A model that reads every prompt from its first token."""

    def __init__(self, llm: LLM) -> None:
        self._llm = llm
        self.forgetting_s = 0.0

    def __getattr__(self, name: str) -> Any:
        """Be the model in all else."""
        return getattr(self._llm, name)

    def generate(self, messages: Sequence[Message], **named: Any) -> Completion:
        """Read another prompt, then this one."""
        start = time.process_time()
        self._llm.generate(_FORGET, sampling=Sampling(max_new_tokens=1))
        self.forgetting_s += time.process_time() - start
        return self._llm.generate(messages, **named)


@dataclass
class Way:
    """One way to do the tasks, and what it took so far."""

    name: str
    bench: Bench
    do: Callable[[Bench, Sequence[Task]], list[str]]
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    said: list[str] = field(default_factory=list)


def one_by_one(bench: Bench, tasks: Sequence[Task]) -> list[str]:
    """Do tasks in their order; return what the model said, sorted by task."""
    return _said(perform(task, bench) for task in tasks)


def in_order(bench: Bench, tasks: Sequence[Task]) -> list[str]:
    """Do tasks in the order of a run."""
    return one_by_one(bench, [task for group in group_tasks(tasks, bench) for task in group])


def side_by_side(bench: Bench, tasks: Sequence[Task]) -> list[str]:
    """Do tasks as a run does them."""
    with tempfile.TemporaryDirectory() as folder:
        worker = Worker(bench, RunFolder(Path(folder)), parallel=ENGINES)
        return _said(one.outcome for one in worker.do_all(tasks))


def _said(outcomes: Any) -> list[str]:
    return sorted(f"{one.key}: {one.completion} {one.logprobs}" for one in outcomes)


def main() -> None:
    """Print a row for each way."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--suite", default="brittleness")
    parser.add_argument("--samples", type=int, default=4)
    parser.add_argument("--model", default="smollm2-135m-instruct")
    given = parser.parse_args()
    workspace = Workspace.open(Path(), {"model": given.model})
    suite = load_suite(given.suite, evals_dir=workspace.evals_dir)
    turns = _choose(suite, given.suite, given.samples)
    with open_bench(workspace, suite) as opened:
        ways = _ways(opened, workspace)
        for tasks in turns:
            for way in ways:
                _take_turn(way, tasks)
    _print(ways, sum(map(len, turns)))


def _choose(suite: Suite, measure: str, count: int) -> list[list[Task]]:
    """Return tasks of the first samples, those of some samples a turn, in the order of the plan."""
    plan = MEASURES[measure].plan(suite.samples, PlanOptions())
    asked = [task for task in plan if task.call == "ask"]
    names = list(dict.fromkeys(task.sample.id for task in asked))[:count]
    first = {name: [t.key for t in asked if t.sample.id == name][:VARIANTS] for name in names}
    turns = []
    for at in range(0, len(names), SAMPLES_A_TURN):
        keys = {key for name in names[at : at + SAMPLES_A_TURN] for key in first[name]}
        turns.append([task for task in asked if task.key in keys])
    return turns


def _ways(opened: Bench, workspace: Workspace) -> list[Way]:
    cache_dir, name = workspace.settings.cache_path, workspace.settings.model
    engine = open_llm(name, cache_dir=cache_dir, options=LlmOptions(engines=1))
    pool = open_llm(name, cache_dir=cache_dir, options=LlmOptions(engines=ENGINES))

    def bench(llm: Any) -> Bench:
        return Bench(
            opened.suite,
            index=opened.index,
            encoder=opened.encoder,
            load_llm=lambda: llm,
            options=opened.options,
        )

    return [
        Way("each prompt from its start", bench(ForgetfulLLM(engine)), one_by_one),
        Way("prefix kept, order of the plan", bench(engine), one_by_one),
        Way("prefix kept, order of a run", bench(engine), in_order),
        Way("two engines, order of a run", bench(pool), side_by_side),
    ]


def _take_turn(way: Way, tasks: Sequence[Task]) -> None:
    forgetful = way.bench.llm.model
    forgotten = getattr(forgetful, "forgetting_s", 0.0)
    start, cpu = time.perf_counter(), time.process_time()
    way.said += way.do(way.bench, tasks)
    way.seconds += time.perf_counter() - start
    way.cpu_seconds += time.process_time() - cpu
    way.cpu_seconds -= getattr(forgetful, "forgetting_s", 0.0) - forgotten


def _print(ways: Sequence[Way], count: int) -> None:
    print(f"{count} tasks each, {ways[0].bench.tally.prompt_tokens} prompt tokens")
    print("| way | CPU s an item | s an item | prompt tokens read | says the same |")
    print("|---|---|---|---|---|")
    for way in ways:
        print(
            f"| {way.name} | {way.cpu_seconds / count:.2f} | {way.seconds / count:.2f} |"
            f" {way.bench.tally.evaluated_tokens} | {way.said == ways[0].said} |"
        )


if __name__ == "__main__":
    main()
