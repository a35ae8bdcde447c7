"""What comes of a task depends neither on the order nor on what is done beside it."""

from dataclasses import replace

import pytest

from ragkit.ask import AskOptions
from ragkit.errors import ModelError
from ragkit.evaluation.bench import Bench
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import Task, Variant
from ragkit.evaluation.runs import RunFolder, RunOptions, group_tasks, run_suite
from ragkit.evaluation.runs.working import Worker
from ragkit.index import LocalIndex
from ragkit.llms import LlmOptions
from ragkit.models import open_llm
from ragkit.records import Sampling
from tests.evaluation.runs.counting import AGAIN, BASE, CountingMeasure
from tests.evaluation.small_suite import HOMEWORK, NOISY, POOLING, SUITE, FailingLLM, bench_over
from tests.small_index import ENCODER, write_course

PLAN = PlanOptions()
TASKS = CountingMeasure().plan(SUITE.samples, PLAN)


@pytest.fixture
def index(tmp_path):
    with LocalIndex(write_course(tmp_path / "index")) as opened:
        yield opened


def without_time(items):
    return [replace(item, outcome=replace(item.outcome, seconds=0.0)) for item in items]


def test_threads_come_to_what_one_comes_to(index, tmp_path):
    alone = Worker(bench_over(index), RunFolder(tmp_path / "alone"))
    beside = Worker(bench_over(index), RunFolder(tmp_path / "beside"), parallel=4)
    for worker in (alone, beside):
        worker._folder.path.mkdir()
    assert without_time(beside.do_all(TASKS)) == without_time(alone.do_all(TASKS))
    lines = (tmp_path / "beside" / "items.jsonl").read_text().splitlines()
    assert len(lines) == len(set(lines)) == len(TASKS)


def test_tasks_whose_prompts_begin_alike_follow_each_other(index):
    def shout(case):
        return replace(case, strategy=replace(case.strategy, system="ANSWER!"))

    loud = Variant("loud", "instruction", "loud", shout)
    tasks = [
        Task(sample, variant) for variant in (BASE, loud, AGAIN) for sample in (POOLING, NOISY)
    ]
    groups = group_tasks(tasks, bench_over(index))
    assert [[task.key for task in group] for group in groups] == [
        ["pooling.answerable|base|ask", "pooling.answerable|control/1|ask"],
        ["pooling.noisy-2|base|ask", "pooling.noisy-2|control/1|ask"],
        ["pooling.answerable|loud|ask"],
        ["pooling.noisy-2|loud|ask"],
    ]


def test_an_error_in_one_thread_ends_all(index, tmp_path):
    bench = bench_over(index, kind=FailingLLM)
    with pytest.raises(ModelError, match="5 times in a row"):
        Worker(bench, RunFolder(tmp_path), parallel=3).do_all(TASKS)
    assert not bench.turn.locked()


@pytest.mark.model
def test_the_bundled_model_says_the_same_in_any_order_and_company(index, tmp_path, cache_dir):
    class Reversed(CountingMeasure):
        def plan(self, samples, options):
            return super().plan(samples, options)[::-1]

    def run(name, measure, engines):
        llm_options = LlmOptions(engines=engines, context_window=1024)
        bench = Bench(
            replace(SUITE, samples=(POOLING, HOMEWORK)),
            index=index,
            encoder=ENCODER,
            load_llm=lambda: open_llm(
                "smollm2-135m-instruct", cache_dir=cache_dir, options=llm_options
            ),
            options=AskOptions(sampling=Sampling(max_new_tokens=8)),
        )
        folder, options = RunFolder(tmp_path / name), RunOptions(noise_check=False)
        done = run_suite(measure, PLAN, bench=bench, folder=folder, options=options)
        bench.llm.close()
        return done

    alone = run("alone", CountingMeasure(), 1)
    beside = run("beside", Reversed(), 2)
    assert beside.header["effort"]["parallel"] == 2
    assert all(one.outcome.completion for one in alone.scored)
    assert without_time(beside.scored[::-1]) == without_time(alone.scored)
    effort = alone.header["effort"]
    assert effort["evaluated_prompt_tokens"] < effort["prompt_tokens"]
