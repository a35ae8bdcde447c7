"""Steps of the optimiser, one after another, until a run is done, out of time or told to stop.

The adapter computes in the precision of its base; its masters, which AdamW moves, are float32.
Nothing in a step is left to chance, so that a run that goes on does what it would have done.
"""

import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple

from ragkit.training.attention import laid_out
from ragkit.training.base import Base
from ragkit.training.batches import Packed, Step, pack, pack_into_batches, plan_steps
from ragkit.training.checkpoints import TrainingFolder
from ragkit.training.families import find_families
from ragkit.training.records import Recipe, StepReport, TokenizedExample

CPU_BATCH_TOKENS = 3072
"""With SmolLM2-135M 7.4 GB of memory; more at once is no quicker on 2 cores."""
CUDA_BATCH_TOKENS = 32768
_LEAST_WARMUP_STEPS = 5
_HELD_OUT_TIMES = 20
"""How often the held-out loss is measured in a run, besides at its first and last step."""
_HELD_OUT_SHARE = 0.05
"""Of the time of a run: more is not spent on that in between."""


@dataclass(frozen=True, slots=True)
class LoopOptions:
    """How a run is carried out; only `batch_tokens` and `budget_s` change what comes of it."""

    batch_tokens: int = CPU_BATCH_TOKENS
    """Tokens computed at once."""
    budget_s: float | None = None
    """Seconds that the run may take, earlier parts of it included; the rate falls to its end
    within them. None for as long as it takes."""
    held_out_tokens: int = 32768
    """Tokens of held-out examples that a loss is measured on, about."""
    checkpoint_every_s: float = 300
    clock: Callable[[], float] = time.monotonic


class Outcome(NamedTuple):
    """How a run ended."""

    last: StepReport | None
    finished: bool
    """Whether it came to its end or used up its time, rather than was told to stop."""
    weights: dict[str, Any]
    """The masters by peft's names, float32 on the CPU."""


def train(  # noqa: PLR0913 - what is learnt, on what, how, and who hears of it
    examples: Sequence[TokenizedExample],
    held_out: Sequence[TokenizedExample],
    base: Base,
    recipe: Recipe,
    *,
    folder: TrainingFolder,
    options: LoopOptions | None = None,
    on_step: Callable[[StepReport], None] = lambda _report: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Train the adapter of a base, going on from the folder's newest checkpoint where there is one.

    Args:
        examples: What is learnt.
        held_out: On which a loss is measured now and then; may be empty.
        base: With an adapter; see `add_lora`.
        recipe: How to train.
        folder: Where checkpoints and losses are kept; it was begun.
        options: How to carry it out.
        on_step: Hears of each step.
        should_stop: Asked after each step; the state is saved before this returns.
    """
    options = options or LoopOptions()
    run = _Run(base, recipe, plan_steps(examples, recipe, batch_tokens=options.batch_tokens))
    run.restore(folder)
    started = saved = options.clock()
    before, stopped = run.seconds, False
    last = next(reversed(folder.read_reports()), None)

    compared = _batches_of(
        _choose(held_out, options.held_out_tokens, seed=recipe.seed), options.batch_tokens
    )
    while not (run.done or run.is_over(options.budget_s) or stopped):
        rate = run.rate(options.budget_s)
        loss = run.take_step(examples, rate)
        run.seconds = before + options.clock() - started
        stopped = should_stop()
        ends = run.done or run.is_over(options.budget_s)
        other = None
        if compared and run.is_time_to_compare(options.budget_s, ends=ends):
            other = run.loss_on(compared)
            told, run.seconds = run.seconds, before + options.clock() - started
            run.compared_s += run.seconds - told
        last = run.report(loss, other, rate)
        folder.report(last)
        on_step(last)
        if ends or stopped or options.clock() - saved >= options.checkpoint_every_s:
            folder.save(run.step, run.state())
            saved = options.clock()
    return Outcome(last, run.done or run.is_over(options.budget_s), run.weights())


def rate_at(progress: float, recipe: Recipe) -> float:
    """Return the learning rate where a share of the run is done.

    It rises linearly over the recipe's warm-up, then falls along half a cosine to a hundredth.

    >>> [round(rate_at(share, Recipe(rate=1.0, warmup=0.1)), 3) for share in (0, 0.05, 0.1, 1)]
    [0.0, 0.5, 1.0, 0.01]
    """
    if progress < recipe.warmup:
        return recipe.rate * progress / recipe.warmup
    way = min(1.0, (progress - recipe.warmup) / max(1e-9, 1 - recipe.warmup))
    return recipe.rate * (0.01 + 0.99 * (1 + math.cos(math.pi * way)) / 2)


class _Run:
    """The state of a run: the masters, their optimiser, and how far it is."""

    def __init__(self, base: Base, recipe: Recipe, steps: Sequence[Step]) -> None:
        import torch

        self._base, self._recipe, self._steps = base, recipe, steps
        self._weights = base.adapter
        self._masters = {
            name: weight.detach().float().clone() for name, weight in self._weights.items()
        }
        self._optimiser = torch.optim.AdamW(
            list(self._masters.values()),
            lr=recipe.rate,
            betas=(0.9, 0.999),
            weight_decay=recipe.weight_decay,
        )
        self.step = self.seen_examples = self.seen_tokens = 0
        self.seconds = 0.0
        self._compared = 0
        self.compared_s = 0.0

    @property
    def done(self) -> bool:
        return self.step >= len(self._steps)

    def is_over(self, budget_s: float | None) -> bool:
        return budget_s is not None and self.seconds >= budget_s

    def progress(self, budget_s: float | None) -> float:
        """Return the share of the run that is done: of its steps, or of its time if more."""
        share = self.step / max(1, len(self._steps))
        return max(share, self.seconds / budget_s) if budget_s else share

    def rate(self, budget_s: float | None) -> float:
        """Return the rate of the next step; the first few never take a full one."""
        step_share = 1 / max(1, len(self._steps))
        rate = rate_at(max(self.progress(budget_s), step_share), self._recipe)
        return rate * min(1.0, (self.step + 1) / _LEAST_WARMUP_STEPS)

    def is_time_to_compare(self, budget_s: float | None, *, ends: bool) -> bool:
        part = int(self.progress(budget_s) * _HELD_OUT_TIMES)
        due = part > self._compared and self.compared_s <= _HELD_OUT_SHARE * self.seconds
        if not (ends or self.step == 1 or due):
            return False
        self._compared = part
        return True

    def take_step(self, examples: Sequence[TokenizedExample], rate: float) -> float:
        """Move the masters once, and return the mean loss of a completion token."""
        import torch

        batches = [pack(batch, examples) for batch in self._steps[self.step]]
        targets = sum(len(batch.targets) for batch in batches)
        loss = 0.0
        for batch in batches:
            part = summed_loss(self._base, batch) / targets
            part.backward()
            loss += part.item()
            self._collect_gradients()
        torch.nn.utils.clip_grad_norm_(self._masters.values(), self._recipe.clip)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._optimiser.step()
        self._optimiser.zero_grad()
        self._hand_out()
        self.step += 1
        self.seen_examples += sum(len(span.own) for batch in batches for span in batch.spans)
        self.seen_tokens += sum(len(batch.tokens) for batch in batches)
        return loss

    def loss_on(self, batches: Sequence[Packed]) -> float:
        """Return the mean loss of the completion tokens of batches, learning nothing."""
        import torch

        with torch.no_grad():
            total: float = sum(summed_loss(self._base, batch).item() for batch in batches)
        return total / sum(len(batch.targets) for batch in batches)

    def report(self, loss: float, held_out: float | None, rate: float) -> StepReport:
        return StepReport(
            step=self.step,
            steps=len(self._steps),
            loss=loss,
            held_out_loss=held_out,
            rate=rate,
            examples=self.seen_examples,
            tokens=self.seen_tokens,
            seconds=self.seconds,
        )

    def weights(self) -> dict[str, Any]:
        return {name: master.detach().cpu().clone() for name, master in self._masters.items()}

    def state(self) -> dict[str, Any]:
        """Return all that a run needs to go on; nothing in it is random."""
        return {
            "step": self.step,
            "examples": self.seen_examples,
            "tokens": self.seen_tokens,
            "seconds": self.seconds,
            "compared": self._compared,
            "compared_s": self.compared_s,
            "masters": self.weights(),
            "optimiser": self._optimiser.state_dict(),
        }

    def restore(self, folder: TrainingFolder) -> None:
        """Go on from the newest checkpoint, if there is one."""
        state = folder.load()
        folder.forget_after(state["step"] if state else 0)
        if state is None:
            return
        self.step, self.seconds = state["step"], state["seconds"]
        self.seen_examples, self.seen_tokens = state["examples"], state["tokens"]
        self._compared, self.compared_s = state["compared"], state.get("compared_s", 0.0)
        for name, master in self._masters.items():
            master.copy_(state["masters"][name])
        self._optimiser.load_state_dict(state["optimiser"])
        self._hand_out()

    def _collect_gradients(self) -> None:
        """Add the gradients of a batch to the masters', in float32."""
        for name, weight in self._weights.items():
            master = self._masters[name]
            fresh = weight.grad.float()
            master.grad = fresh if master.grad is None else master.grad.add_(fresh)
            weight.grad = None

    def _hand_out(self) -> None:
        import torch

        with torch.no_grad():
            for name, weight in self._weights.items():
                weight.copy_(self._masters[name])


def summed_loss(base: Base, batch: Packed) -> Any:
    """Return the loss over the completion tokens of a batch, summed, in nats, as a torch scalar.

    The output layer is applied where a token of a completion follows, and nowhere else; as a
    matrix of two dimensions, for which torch has the quicker multiplication.
    """
    import torch

    causal = base.causal
    tokens, places, positions, targets = (
        torch.from_numpy(numbers).to(base.device)
        for numbers in (batch.tokens, batch.places, batch.positions, batch.targets)
    )
    with laid_out(batch.spans, base.device) as mask:
        read = causal.model(
            input_ids=tokens[None], position_ids=places[None], attention_mask=mask, use_cache=False
        )
    logits = causal.lm_head(read.last_hidden_state[0, positions]).float()
    return torch.nn.functional.cross_entropy(logits, targets, reduction="sum")


def _choose(
    examples: Sequence[TokenizedExample], most_tokens: int, *, seed: int
) -> tuple[TokenizedExample, ...]:
    """Return examples drawn by chance, of about so many tokens."""
    order = list(examples)
    random.Random(seed).shuffle(order)  # noqa: S311 - a choice, no secret
    sizes = accumulate(example.length for example in order)
    return tuple(one for one, size in zip(order, sizes, strict=True) if size <= most_tokens)


def _batches_of(examples: Sequence[TokenizedExample], batch_tokens: int) -> list[Packed]:
    families = find_families(examples, most_tokens=batch_tokens)
    lengths = [example.length for example in examples]
    return [pack(batch, examples) for batch in pack_into_batches(families, lengths, batch_tokens)]
