"""Runs of a small suite with scripted models: what is written, resumed and read again."""

import json
from dataclasses import replace

import pytest

from ragkit.ask import AskOptions
from ragkit.errors import ModelError, StorageError, UsageError
from ragkit.evaluation.bench import Bench
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.runs import (
    RunFolder,
    RunInterruptedError,
    RunOptions,
    find_run,
    find_runs,
    form_of,
    load_run,
    rescore,
    run_suite,
)
from ragkit.index import LocalIndex
from ragkit.llms import ScriptedLLM
from ragkit.records import Sampling
from tests.evaluation.runs.counting import CountingMeasure
from tests.evaluation.small_suite import SUITE, FailingLLM, bench_over
from tests.small_index import ENCODER, write_course

PLAN = PlanOptions()
TASKS = 2 * len(SUITE.samples)


@pytest.fixture
def index(tmp_path):
    with LocalIndex(write_course(tmp_path / "index")) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path):
    return RunFolder(tmp_path / "runs" / "first")


def run(index, folder, rule="copy-first-source", *, plan=PLAN, ask=None, **options):
    return run_suite(
        CountingMeasure(),
        plan,
        bench=bench_over(index, rule, ask),
        folder=folder,
        options=RunOptions(**options),
    )


def without_time(items):
    return [replace(item, outcome=replace(item.outcome, seconds=0.0)) for item in items]


class Interrupting:
    """Hears of progress, and presses Ctrl-C after so many tasks."""

    def __init__(self, after):
        self.after = after

    def __call__(self, progress):
        if progress.phase == "asking" and progress.done == self.after:
            raise KeyboardInterrupt


def test_what_is_read_is_what_was_run(index, folder):
    done = run(index, folder)
    read = load_run(folder.path)
    assert without_time(sorted(read.scored, key=lambda one: one.outcome.key)) == without_time(
        sorted(done.scored, key=lambda one: one.outcome.key)
    )
    assert read.summary == done.summary
    assert read.samples == SUITE.samples
    assert read.options == PLAN
    assert [one.outcome.key for one in done.scored[:2]] == [
        "pooling.answerable|base|ask",
        "homework.answerable|base|ask",
    ]


def test_a_header_says_what_a_run_depends_on(index, folder):
    header = run(index, folder, ask=AskOptions(sampling=Sampling(seed=7))).header
    assert header["model"] == {
        "name": "scripted:copy-first-source",
        "sha256": "",
        "adapter": "",
        "context_window": 4096,
    }
    assert header["encoder"]["fingerprint"] == ENCODER.fingerprint
    assert header["corpus"]["documents"] == 3
    assert header["corpus"]["chunking"] == ["plain 1"]
    assert header["sampling"]["seed"] == 7
    assert header["ask"]["strategy"] == "zero-shot"
    written = json.loads((folder.path / "run.json").read_text())
    assert next(iter(written)) == "format_version"


def test_an_interrupted_run_goes_on_to_the_same_end(index, folder, tmp_path):
    whole = run(index, RunFolder(tmp_path / "whole"))
    with pytest.raises(RunInterruptedError) as stop:
        run(index, folder, on_progress=Interrupting(4))
    assert (stop.value.done, stop.value.total) == (4, TASKS)
    assert len(folder.read_items()) == 4
    assert not folder.is_finished
    with pytest.raises(UsageError, match="not come to its end"):
        load_run(folder.path)
    asked = []
    resumed = run(index, folder, resume=True, on_progress=lambda p: asked.append(p.phase))
    assert asked.count("asking") == TASKS - 4 + 1
    assert without_time(resumed.scored) == without_time(whole.scored)
    assert resumed.summary.metrics == whole.summary.metrics


@pytest.mark.parametrize("torn", [b'{"outcome": {"sample', b"\xc3"])
def test_a_torn_last_line_is_done_again(index, folder, torn):
    whole = run(index, folder)
    items = folder.path / "items.jsonl"
    lines = items.read_bytes().splitlines(keepends=True)
    items.write_bytes(b"".join(lines[:3]) + torn)
    (folder.path / "summary.json").unlink()
    resumed = run(index, folder, resume=True)
    assert without_time(resumed.scored) == without_time(whole.scored)
    assert len(items.read_bytes().splitlines()) == TASKS


def test_a_damaged_line_in_the_middle_is_named(index, folder):
    run(index, folder)
    items = folder.path / "items.jsonl"
    lines = items.read_bytes().splitlines(keepends=True)
    items.write_bytes(lines[0] + b"{}\n" + lines[2])
    with pytest.raises(StorageError, match=r"items\.jsonl:2 is damaged"):
        load_run(folder.path)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"rule": "abstain"}, "model.name: 'scripted:copy-first-source' then, 'scripted:abstain'"),
        ({"plan": PlanOptions(size="smoke")}, "plan.size: 'default' then, 'smoke' now"),
        ({"ask": AskOptions(top_n=2)}, "ask.top_n: 5 then, 2 now"),
    ],
)
def test_a_run_does_not_go_on_otherwise_than_it_began(index, folder, change, named):
    with pytest.raises(RunInterruptedError):
        run(index, folder, on_progress=Interrupting(2))
    with pytest.raises(UsageError, match="cannot go on") as refused:
        run(index, folder, resume=True, **change)
    assert named in refused.value.message
    assert len(folder.read_items()) == 2


def test_what_failed_is_done_again_when_a_run_goes_on(index, folder):
    narrow = AskOptions(sampling=Sampling(max_new_tokens=4090))
    failed = run(index, folder, ask=narrow, noise_check=False)
    assert len(failed.summary.errors) == TASKS - 2  # closed-book ones fit
    assert all(one.scores["shown"].verdict == "wrong" for one in failed.scored if one.outcome.error)
    before = (folder.path / "items.jsonl").read_text()
    asked = []
    run(index, folder, ask=narrow, resume=True, noise_check=False, on_progress=asked.append)
    assert len(asked) == TASKS - 2 + 1
    assert len((folder.path / "items.jsonl").read_text().splitlines()) == len(before.splitlines())


def test_a_run_is_given_up_when_the_model_is_gone(index, folder):
    bench = bench_over(index, kind=FailingLLM)
    with pytest.raises(ModelError, match="5 times in a row") as gone:
        run_suite(CountingMeasure(), PLAN, bench=bench, folder=folder, options=RunOptions())
    assert "--resume first" in gone.value.hint
    assert len(folder.read_items()) == 5


def test_rescoring_asks_no_model_and_finds_the_same(index, folder):
    done = run(index, folder)
    items = folder.path / "items.jsonl"
    spoilt = items.read_text().replace('"verdict": "correct"', '"verdict": "wrong"')
    items.write_text(spoilt.replace('"right": true', '"right": false'))
    again = rescore(folder.path, {"counting": CountingMeasure()})
    assert again.summary == done.summary
    assert load_run(folder.path).summary == done.summary
    with pytest.raises(UsageError, match="unknown measure 'counting'"):
        rescore(folder.path, {})


def test_a_repeatable_model_has_no_noise(index, folder):
    done = run(index, folder)
    assert done.summary.noise.value == 0.0
    assert done.summary.noise.n == 2 * 3  # a few of them, forth and back
    assert run(index, RunFolder(folder.path / "other"), noise_check=False).summary.noise is None


class MoodyLLM(ScriptedLLM):
    """Says another thing once it has been asked about everything."""

    calls = 0

    def generate(self, *arguments, **named):
        self.calls += 1
        other = ScriptedLLM("copy-first-source" if self.calls <= TASKS else "abstain")
        return other.generate(*arguments, **named)


def test_a_moody_model_has_noise(index, folder):
    bench = Bench(
        SUITE,
        index=index,
        encoder=ENCODER,
        load_llm=lambda: MoodyLLM("abstain"),
        options=AskOptions(),
    )
    done = run_suite(CountingMeasure(), PLAN, bench=bench, folder=folder, options=RunOptions())
    assert done.summary.noise.value > 0.2
    assert done.summary.noise.low > 0.0
    assert "4 of 6 completions differ" in done.summary.noise.note


def test_the_order_of_tasks_does_not_matter(index, folder, tmp_path):
    class Reversed(CountingMeasure):
        def plan(self, samples, options):
            return super().plan(samples, options)[::-1]

    forth = run(index, folder)
    back = run_suite(
        Reversed(),
        PLAN,
        bench=bench_over(index),
        folder=RunFolder(tmp_path / "back"),
        options=RunOptions(),
    )
    assert without_time(back.scored[::-1]) == without_time(forth.scored)


def test_runs_are_found_by_name_folder_and_time(index, tmp_path):
    runs_dir = tmp_path / "runs"
    for name in ("b", "a"):
        run(index, RunFolder(runs_dir / name), plan=PlanOptions(size="smoke"), noise_check=False)
    (runs_dir / "nothing").mkdir()
    assert [folder.name for folder in find_runs(runs_dir)] == ["a", "b"]
    assert find_run("latest", runs_dir=runs_dir).name == "a"
    assert find_run("previous", runs_dir=runs_dir).name == "b"
    assert find_run(str(runs_dir / "b"), runs_dir=tmp_path).name == "b"
    with pytest.raises(UsageError, match="unknown run 'c'; known: a, b, latest, previous"):
        find_run("c", runs_dir=runs_dir)
    with pytest.raises(UsageError, match="there is no run in"):
        find_run("latest", runs_dir=tmp_path / "none")


def test_a_later_form_is_refused(index, folder):
    run(index, folder, plan=PlanOptions(size="smoke"))
    path = folder.path / "run.json"
    path.write_text(path.read_text().replace('"format_version": 1', '"format_version": 2'))
    with pytest.raises(StorageError, match="later version"):
        load_run(folder.path)


def test_forms_hold_nothing_that_json_does_not_know():
    with pytest.raises(TypeError, match="set has no JSON form"):
        form_of({"a": {1, 2}})
