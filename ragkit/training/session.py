"""A whole training: examples in, an adapter's file out, and a folder from which it can go on.

It does not make the examples.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ragkit.errors import UsageError
from ragkit.files import sha256_of
from ragkit.protocols import NoticeListener, ProgressListener, ignore_notice
from ragkit.training.base import Base, add_lora, load_base, set_adapter
from ragkit.training.checkpoints import TrainingFolder
from ragkit.training.compiling import compile_blocks
from ragkit.training.export import AdapterBase, load_adapter, save_adapter
from ragkit.training.holding_out import hold_out
from ragkit.training.loop import (
    CPU_BATCH_TOKENS,
    CUDA_BATCH_TOKENS,
    LoopOptions,
    Outcome,
    train,
)
from ragkit.training.proof import Proof, TrainedAdapter, prove
from ragkit.training.records import Example, Recipe, StepReport, TokenizedExample
from ragkit.training.tokens import TurnTokenizer, tokenize_examples

_PROVEN_ON = 4
"""Examples. Source: tests/training/test_proof.py: four find what is wrong with an adapter's file;
evals/tools/prove_adapter.py takes more."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learnt, in the tokens of the base."""

    examples: tuple[TokenizedExample, ...]
    held_out: tuple[TokenizedExample, ...]
    held_out_texts: tuple[Example, ...]
    too_long: int
    """Examples left out for their length."""
    sha256: str
    """Of all examples as they were given, in their order."""


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """How a training is carried out."""

    recipe: Recipe
    device: str = "cpu"
    """"cpu" or "cuda"."""
    threads: int = 1
    budget_s: float | None = None
    resume: bool = False
    batch_tokens: int = 0
    """Tokens computed at once; 0 for what suits the device."""
    compiled: bool = True
    """Whether blocks are compiled where that can be done."""
    start: Path | None = None
    """An adapter to go on from; None to begin with one that changes nothing."""


class Listeners:
    """Who hears of a training, and who may end it."""

    def __init__(
        self,
        *,
        on_step: Callable[[StepReport], None] = lambda _report: None,
        should_stop: Callable[[], bool] = lambda: False,
        on_notice: NoticeListener = ignore_notice,
    ) -> None:
        self.on_step, self.should_stop, self.on_notice = on_step, should_stop, on_notice


def prepare_lesson(
    examples: Sequence[Example], tokenizer: TurnTokenizer, recipe: Recipe, *, held_out: float
) -> Lesson:
    """Return the examples in tokens, a share of them held out.

    Raises:
        UsageError: None is left to learn from.
    """
    split = hold_out(examples, share=held_out, seed=recipe.seed)
    learnt = tokenize_examples(split.learnt, tokenizer, max_tokens=recipe.max_tokens)
    other = tokenize_examples(split.held_out, tokenizer, max_tokens=recipe.max_tokens)
    if not learnt.examples:
        raise UsageError(
            f"none of {len(examples)} examples has at most {recipe.max_tokens} tokens",
            hint="allow longer ones with --max-tokens, which takes more memory",
        )
    digest = hashlib.sha256()
    for example in examples:
        digest.update(json.dumps(asdict(example)).encode())
    return Lesson(
        learnt.examples,
        other.examples,
        split.held_out,
        learnt.too_long + other.too_long,
        digest.hexdigest(),
    )


def run_session(
    lesson: Lesson,
    base: AdapterBase,
    folder: TrainingFolder,
    options: SessionOptions,
    listeners: Listeners | None = None,
) -> Outcome:
    """Train on a lesson, going on with what the folder holds where that is asked for.

    Raises:
        UsageError: The folder holds another run, or none to go on with.
        ModelError: The base does not load.
    """
    import torch

    heard = listeners or Listeners()
    usual = CUDA_BATCH_TOKENS if options.device == "cuda" else CPU_BATCH_TOKENS
    batch_tokens = options.batch_tokens or usual
    header = {
        "base": base.sha256,
        "examples": lesson.sha256,
        "learnt": len(lesson.examples),
        "held_out": len(lesson.held_out),
        "batch_tokens": batch_tokens,
        "start": sha256_of(options.start) if options.start else "",
        **asdict(options.recipe),
    }
    folder.begin(header, resume=options.resume)
    torch.set_num_threads(options.threads)
    model = _open_model(base, options, heard)
    return train(
        lesson.examples,
        lesson.held_out,
        model,
        options.recipe,
        folder=folder,
        options=LoopOptions(batch_tokens=batch_tokens, budget_s=options.budget_s),
        on_step=heard.on_step,
        should_stop=heard.should_stop,
    )


def _open_model(base: AdapterBase, options: SessionOptions, heard: Listeners) -> Base:
    """Return the base with the adapter to train, compiled where that is wished and can be done."""
    model = add_lora(load_base(base.path, device=options.device), options.recipe)
    if options.start:
        set_adapter(model, load_adapter(options.start, base))
    if options.compiled:
        heard.on_notice("compiling for this machine …")
        if not compile_blocks(model):
            heard.on_notice("compiling did not work: training goes on without, slower")
    return model


def write_adapter(
    path: Path, outcome: Outcome, lesson: Lesson, base: AdapterBase, recipe: Recipe
) -> None:
    """Write what was learnt as an adapter's file, which says from what and how long."""
    notes = {"examples.sha256": lesson.sha256}
    if outcome.last:
        for name in ("step", "loss", "tokens", "seconds"):
            notes[name] = str(getattr(outcome.last, name))
    save_adapter(path, outcome.weights, base=base, recipe=recipe, name=path.stem, notes=notes)


def prove_adapter(
    path: Path,
    outcome: Outcome,
    lesson: Lesson,
    base: AdapterBase,
    options: SessionOptions,
    *,
    on_progress: ProgressListener,
) -> Proof:
    """Return how far llama.cpp says with an adapter's file what was learnt, on a few examples.

    They are of those held out, if there are any.
    """
    trained = TrainedAdapter(path, outcome.weights, base, options.recipe)
    examples = (lesson.held_out or lesson.examples)[:_PROVEN_ON]
    return prove(trained, examples, files=(), threads=options.threads, on_progress=on_progress)
