"""Training for real, on a tiny model: it learns, goes on where it stopped, keeps its time."""

import json
import shutil
from dataclasses import replace
from itertools import count

import pytest
import torch

from ragkit.errors import ModelError, UsageError
from ragkit.training.base import add_lora, load_base
from ragkit.training.batches import pack
from ragkit.training.checkpoints import TrainingFolder
from ragkit.training.compiling import compile_blocks
from ragkit.training.families import find_families
from ragkit.training.loop import LoopOptions, rate_at, summed_loss, train
from ragkit.training.records import Recipe, TokenizedExample
from tests.training.tiny_base import write_tiny_base

RECIPE = Recipe(rank=4, alpha=8.0, rate=0.02, epochs=3, tokens_per_step=96)


def example(number, length=10):
    start = 30 + number * 3
    prompt = tuple(range(start, start + length))
    return TokenizedExample(str(number), prompt, (100 + number % 5, 120, 257))


EXAMPLES = tuple(example(number, 8 + number) for number in range(12))
HELD_OUT = tuple(example(number, 9) for number in (20, 21))


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Sums by one thread are the same to the last bit each time."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return write_tiny_base(tmp_path_factory.mktemp("base") / "tiny.gguf")


@pytest.fixture
def begun(tmp_path):
    folder = TrainingFolder(tmp_path / "run")
    folder.begin({"recipe": "x"}, resume=False)
    return folder


def run(path, folder, *, recipe=RECIPE, examples=EXAMPLES, **more):
    base = add_lora(load_base(path, exact=True), recipe)
    return train(examples, HELD_OUT, base, recipe, folder=folder, **more)


class StopAfter:
    """Says after so many steps that it is enough."""

    def __init__(self, steps):
        self.left = steps

    def __call__(self):
        self.left -= 1
        return self.left <= 0


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_it_learns_what_it_is_shown(path, begun):
    outcome = run(path, begun, recipe=replace(RECIPE, epochs=12))
    reports = begun.read_reports()
    assert outcome.finished
    assert outcome.last == reports[-1]
    assert outcome.last.examples == 12 * 12
    assert outcome.last.tokens == 12 * sum(one.length for one in EXAMPLES)
    assert reports[-1].loss < 0.5 * reports[0].loss
    assert reports[0].held_out_loss is not None
    assert reports[-1].held_out_loss < reports[0].held_out_loss
    assert [report.step for report in reports] == [*range(1, reports[0].steps + 1)]


@pytest.mark.parametrize("stop", [1, 4])
def test_going_on_is_as_if_it_had_not_been_stopped(path, begun, tmp_path, stop):
    whole = run(path, begun)
    stopped = TrainingFolder(tmp_path / "stopped")
    stopped.begin({}, resume=False)
    first = run(path, stopped, should_stop=StopAfter(stop))
    assert not first.finished
    assert first.last.step == stop
    second = run(path, stopped)
    assert second.finished
    assert same(second.weights, whole.weights)
    told = [replace(report, seconds=0, held_out_loss=None) for report in stopped.read_reports()]
    other = [replace(report, seconds=0, held_out_loss=None) for report in begun.read_reports()]
    assert told == other


def test_what_was_told_after_the_last_checkpoint_is_told_anew(path, begun):
    run(path, begun, should_stop=StopAfter(2))
    report = begun.read_reports()[-1]
    begun.report(replace(report, step=3, loss=99.0))
    with begun.losses.open("a") as file:
        file.write('{"step": 4, "lo')
    run(path, begun)
    steps = [one.step for one in begun.read_reports()]
    assert steps == [*range(1, len(steps) + 1)]
    assert all(one.loss < 50 for one in begun.read_reports())


def test_a_run_is_done_when_its_time_is_up_and_its_rate_has_fallen(path, begun):
    ticks = count(0, 3)
    clock = lambda: float(next(ticks))  # noqa: E731
    recipe = replace(RECIPE, epochs=500)
    outcome = run(path, begun, recipe=recipe, options=LoopOptions(budget_s=90, clock=clock))
    reports = begun.read_reports()
    assert outcome.finished
    assert reports[-2].seconds < 90 <= reports[-1].seconds
    assert outcome.last.step < 30 < outcome.last.steps
    assert reports[-1].rate < 0.1 * max(report.rate for report in reports)


def test_what_is_trained_on_time_is_no_longer_trained(path, begun):
    first = run(path, begun)
    assert same(run(path, begun).weights, first.weights)


def test_two_checkpoints_are_kept_and_a_damaged_one_is_passed_over(path, begun):
    run(path, begun, options=LoopOptions(checkpoint_every_s=0))
    kept = sorted(begun.path.glob("checkpoint-*.pt"))
    assert len(kept) == 2
    last = begun.load()["step"]
    kept[-1].write_bytes(b"no archive")
    assert begun.load()["step"] == last - 1
    kept[0].write_bytes(b"")
    with pytest.raises(ModelError, match="no checkpoint"):
        begun.load()


def packed(*examples):
    return pack(find_families(examples, most_tokens=10_000), examples)


def test_only_the_completion_is_in_the_loss(path):
    base, one = load_base(path, exact=True), example(1, 4)
    with torch.no_grad():
        loss = summed_loss(base, packed(one)).item()
        tokens = torch.tensor([[*one.prompt, *one.completion]])
        scores = base.model(input_ids=tokens).logits[0].log_softmax(-1)
    wanted = -sum(
        scores[len(one.prompt) - 1 + place, token].item()
        for place, token in enumerate(one.completion)
    )
    assert loss == pytest.approx(wanted, abs=1e-4)


@pytest.mark.parametrize("architecture", ["llama", "qwen2", "qwen3"])
def test_examples_learnt_together_are_learnt_as_if_each_alone(tmp_path, architecture):
    """Loss and gradients are the same, with much of the prompts shared or nothing."""
    file = write_tiny_base(tmp_path / "base.gguf", architecture=architecture)
    base = add_lora(load_base(file, exact=True), RECIPE)
    with torch.no_grad():
        for weight in base.adapter.values():
            weight.add_(0.1)
    lead = tuple(range(10, 50))
    family = [
        TokenizedExample("x", (*lead, *range(n, 3 * n)), (*range(n), 257)) for n in range(1, 7)
    ]
    examples = [*family, example(1, 60), example(2, 4)]
    batch = packed(*examples)
    assert sorted(len(span.own) for span in batch.spans) == [1, 1, 6]
    losses, gradients = [], []
    for batches in ([batch], [packed(one) for one in examples]):
        parts = [summed_loss(base, one) for one in batches]
        sum(parts).backward()
        losses.append(sum(part.item() for part in parts))
        gradients.append([weight.grad.clone() for weight in base.adapter.values()])
        base.model.zero_grad()
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)
    for together, apart in zip(*gradients, strict=True):
        assert torch.allclose(together, apart, rtol=1e-3, atol=1e-4)


def test_batches_of_a_step_weigh_by_their_completions(path, begun, tmp_path):
    """A step in one batch and in several comes to the same."""
    recipe = replace(RECIPE, epochs=1, tokens_per_step=10_000)
    other = TrainingFolder(tmp_path / "other")
    other.begin({}, resume=False)
    at_once = run(path, begun, recipe=recipe, options=LoopOptions(batch_tokens=10_000))
    in_parts = run(path, other, recipe=recipe, options=LoopOptions(batch_tokens=64))
    assert at_once.last.steps == in_parts.last.steps == 1
    assert in_parts.last.loss == pytest.approx(at_once.last.loss, abs=1e-5)
    for name, weight in at_once.weights.items():
        assert torch.allclose(in_parts.weights[name], weight, atol=1e-4), name


def test_a_new_adapter_changes_nothing_and_follows_from_its_seed(path):
    plain = load_base(path, exact=True)
    batch = packed(*EXAMPLES)
    with torch.no_grad():
        before = summed_loss(plain, batch).item()
        adapted = add_lora(plain, RECIPE)
        assert summed_loss(adapted, batch).item() == before
    again = add_lora(load_base(path, exact=True), RECIPE)
    other = add_lora(load_base(path, exact=True), replace(RECIPE, seed=1))
    assert same(adapted.adapter, again.adapter)
    assert not same(adapted.adapter, other.adapter)
    assert len(adapted.adapter) == 2 * 7 * 2


def test_masters_move_where_the_adapter_is_too_coarse_to(path, begun):
    """Steps below what bfloat16 tells apart add up."""
    recipe = replace(RECIPE, rate=1e-5, epochs=2)
    base = add_lora(load_base(path, exact=True), recipe)
    base.model.bfloat16()
    before = {name: weight.detach().float().clone() for name, weight in base.adapter.items()}
    outcome = train(EXAMPLES, (), base, recipe, folder=begun)
    moved = [name for name, one in outcome.weights.items() if not torch.equal(one, before[name])]
    assert len(moved) == len(before)


def test_a_layer_that_is_not_there_is_refused(path):
    with pytest.raises(UsageError, match="unknown target 'qv'; known: down, gate, k, o, q, up, v"):
        add_lora(load_base(path), replace(RECIPE, targets=("qv",)))


def test_what_is_no_model_is_refused_in_a_line(tmp_path):
    with pytest.raises(ModelError, match="there is no model at"):
        load_base(tmp_path / "none.gguf")
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF and nothing more")
    with pytest.raises(ModelError, match=r"broken.gguf cannot be read for training"):
        load_base(broken)


def test_without_a_compiler_nothing_is_compiled(path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert not compile_blocks(add_lora(load_base(path), RECIPE))


@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf")
@pytest.mark.skipif(not any(map(shutil.which, ("c++", "g++", "clang++"))), reason="no compiler")
def test_what_is_compiled_comes_to_the_same(path):
    plain, compiled = (add_lora(load_base(path, exact=True), RECIPE) for _ in range(2))
    assert compile_blocks(compiled)
    lead = tuple(range(10, 50))
    shared = [TokenizedExample("x", (*lead, n, n + 1), (n, 257)) for n in range(5)]
    batch = packed(*shared, *EXAMPLES)
    losses = []
    for base in (plain, compiled):
        loss = summed_loss(base, batch)
        loss.backward()
        losses.append(loss.item())
    assert losses[1] == pytest.approx(losses[0], rel=1e-5)
    for name, weight in plain.adapter.items():
        assert torch.allclose(compiled.adapter[name].grad, weight.grad, rtol=1e-3, atol=1e-4), name


def test_the_rate_rises_and_falls():
    recipe = Recipe(rate=1.0, warmup=0.1)
    rates = [rate_at(share / 100, recipe) for share in range(101)]
    assert max(rates) == rates[10] == 1.0
    assert rates[:11] == sorted(rates[:11])
    assert rates[10:] == sorted(rates[10:], reverse=True)


def test_another_run_is_not_gone_on_with(tmp_path):
    folder = TrainingFolder(tmp_path / "run")
    with pytest.raises(UsageError, match="there is no run"):
        folder.begin({"rank": 4, "base": "a"}, resume=True)
    folder.begin({"rank": 4, "base": "a", "targets": ("q",)}, resume=False)
    folder.begin({"rank": 4, "base": "a", "targets": ("q",)}, resume=True)
    with pytest.raises(UsageError, match="there is a run"):
        folder.begin({"rank": 4}, resume=False)
    with pytest.raises(UsageError, match=r"base \(\"a\", now \"b\"\); rank \(4, now 8\)"):
        folder.begin({"rank": 8, "base": "b", "targets": ("q",)}, resume=True)
    assert json.loads((folder.path / "run.json").read_text())["format_version"] == 2
