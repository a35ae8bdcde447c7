"""`ragkit train`: examples are made of questions, an adapter learns from them, and is written."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NamedTuple

import click

from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, common_options, encoder_options
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.running import RunDisplay
from ragkit.cli.render.training import TrainingDisplay, print_training
from ragkit.cli.signals import remembering
from ragkit.cli.train.asking import (
    EXAMPLES_FILE,
    Asked,
    check,
    names_in,
    take_recipe,
    training_options,
    wishes_shape,
)
from ragkit.errors import EXIT_INTERRUPTED, ModelError, UsageError
from ragkit.files import sha256_of
from ragkit.llms import LlamaCppLLM
from ragkit.machine import physical_cores
from ragkit.models import find_adapter, locate_llm
from ragkit.training.base import choose_device, require_extra
from ragkit.training.checkpoints import TrainingFolder
from ragkit.training.curve import CURVE_FILE, save_curve
from ragkit.training.example_files import read_examples, save_examples
from ragkit.training.examples import Mixture
from ragkit.training.export import AdapterBase, read_adapter_base, read_recipe
from ragkit.training.items import read_items
from ragkit.training.loop import Outcome
from ragkit.training.making import make_examples
from ragkit.training.proof import Proof, proof_form
from ragkit.training.records import Example, Recipe
from ragkit.training.session import (
    Lesson,
    Listeners,
    SessionOptions,
    prepare_lesson,
    prove_adapter,
    run_session,
    write_adapter,
)
from ragkit.workspace import Workspace


@click.command()
@training_options
@encoder_options
@common_options
def command(*, common: Common, **rest: Any) -> int:
    """Train an adapter for a model on questions, to answer in ragkit's way.

    Questions are the samples of a suite, as `ragkit eval make` drafts them from your documents, or
    in SQuAD form. A run that is stopped goes on with --resume.
    """
    remarks = Remarks(quiet=common.quiet)
    recipe = take_recipe(rest)
    rest["shaped"] = wishes_shape(click.get_current_context())
    asked = Asked(**{name: rest.pop(name) for name in Asked.__slots__})
    check(asked)
    require_extra()
    device = choose_device(asked.device)
    workspace = open_workspace(common, {**rest, "lora": "none"}, remarks)
    settings = workspace.settings
    base, lesson = _prepare(workspace, asked, recipe, remarks)
    start = _find_start(asked, base, settings.cache_path, remarks)
    if start:
        like = read_recipe(start)
        recipe = replace(recipe, rank=like.rank, alpha=like.alpha, targets=like.targets)
    options = SessionOptions(
        recipe=recipe,
        device=device,
        threads=settings.threads or physical_cores(),
        budget_s=asked.minutes * 60 if asked.minutes else None,
        resume=asked.resume,
        batch_tokens=asked.batch_tokens or 0,
        compiled=asked.compiled,
        start=start,
    )
    folder = TrainingFolder(asked.folder)
    outcome = _train(lesson, base, folder, options, remarks)
    if not outcome.finished:
        return _report_interruption(outcome, asked)
    write_adapter(asked.out, outcome, lesson, base, recipe)
    save_curve(asked.folder / CURVE_FILE, folder.read_reports())
    proof = None
    if asked.proven:
        with RunDisplay(remarks) as display:
            proof = prove_adapter(asked.out, outcome, lesson, base, options, on_progress=display)
        _refuse_failures(proof, asked)
    _tell(Told(outcome, lesson, asked, recipe, proof), as_json=common.as_json)
    return 0


def _find_start(asked: Asked, base: AdapterBase, cache_dir: Path, remarks: Remarks) -> Path | None:
    """Return the adapter to go on from; one of a wished shape begins anew.

    Raises:
        ModelError: There is no such file, or it is damaged.
    """
    if asked.shaped:
        return None
    found = find_adapter(asked.start, weights_sha256=base.sha256, cache_dir=cache_dir)
    if found is None:
        return None
    remarks.note(f"going on from the adapter {found.path.stem}; to begin anew: --from none")
    return found.path


def _prepare(
    workspace: Workspace, asked: Asked, recipe: Recipe, remarks: Remarks
) -> tuple[AdapterBase, Lesson]:
    """Return the base, and examples in its tokens, made of the questions where they are not yet.

    Raises:
        UsageError: The base is no file that can be trained on.
        ModelError: It is of an architecture that adapters are not written for.
    """
    settings = workspace.settings
    llm = workspace.load_llm()
    try:
        if not isinstance(llm, LlamaCppLLM):
            raise UsageError(
                f"an adapter is trained for a GGUF file, not for {settings.model}",
                hint="name one with --base; see: ragkit models list",
            )
        base = read_adapter_base(locate_llm(settings.model, cache_dir=settings.cache_path).path)
        examples = _examples(workspace, llm, asked, recipe, remarks)
        lesson = prepare_lesson(examples, llm, recipe, held_out=asked.held_out)
    finally:
        llm.close()
    told = f"{len(lesson.examples)} examples to learn, {len(lesson.held_out)} held out"
    long = f", {lesson.too_long} too long and left out" if lesson.too_long else ""
    remarks.note(told + long)
    return base, lesson


def _examples(
    workspace: Workspace, llm: LlamaCppLLM, asked: Asked, recipe: Recipe, remarks: Remarks
) -> tuple[Example, ...]:
    """Return the examples that are given or kept, or make and keep them."""
    kept = asked.folder / EXAMPLES_FILE
    if asked.examples or (asked.resume and kept.is_file()):
        return read_examples(asked.examples or kept)
    mixture = Mixture(seed=recipe.seed)
    if asked.strategies:
        mixture = replace(mixture, strategies=dict.fromkeys(names_in(asked.strategies), 1.0))
    items = read_items(asked.items)
    with RunDisplay(remarks) as display:
        made = tuple(make_examples(items, workspace, llm, mixture, on_progress=display))
    if not made:
        raise UsageError(
            f"no example could be made of {len(items)} questions",
            hint="their answers are to stand in their contexts, or in the indexed documents",
        )
    save_examples(kept, made)
    return made


def _train(
    lesson: Lesson,
    base: AdapterBase,
    folder: TrainingFolder,
    options: SessionOptions,
    remarks: Remarks,
) -> Outcome:
    with (
        remembering() as stop,
        TrainingDisplay(remarks, budget_s=options.budget_s) as display,
    ):
        listeners = Listeners(
            on_step=display, should_stop=lambda: stop.came, on_notice=remarks.note
        )
        return run_session(lesson, base, folder, options, listeners)


def _report_interruption(outcome: Outcome, asked: Asked) -> int:
    done = f"{outcome.last.step} of {outcome.last.steps} steps" if outcome.last else "nothing"
    click.echo(f"stopped: {done} are done and kept in {asked.folder}", err=True)
    click.echo("  next: the same command with --resume", err=True)
    return EXIT_INTERRUPTED


def _refuse_failures(proof: Proof, asked: Asked) -> None:
    """Refuse an adapter with which llama.cpp does not say what was learnt.

    Raises:
        ModelError: It does not.
    """
    if proof.failures:
        raise ModelError(
            f"with {asked.out} llama.cpp does not say what was learnt: {proof.failures[0]}",
            hint=f"do not use it; what was learnt is kept in {asked.folder}",
        )


class Told(NamedTuple):
    """What came of a training."""

    outcome: Outcome
    lesson: Lesson
    asked: Asked
    recipe: Recipe
    proof: Proof | None


def _tell(told: Told, *, as_json: bool) -> None:
    last, asked = told.outcome.last, told.asked
    if last is None:  # a run of no steps cannot be: there are examples
        return
    if not as_json:
        console = answer_console()
        print_training(console, last, adapter=asked.out, run=asked.folder, proof=told.proof)
        return
    print_form(
        {
            "adapter": {
                "path": str(asked.out),
                "size_bytes": asked.out.stat().st_size,
                "sha256": sha256_of(asked.out),
            },
            "run": str(asked.folder),
            "examples": {
                "learnt": len(told.lesson.examples),
                "held_out": len(told.lesson.held_out),
                "too_long": told.lesson.too_long,
            },
            "recipe": asdict(told.recipe),
            "last_step": asdict(last),
            "proof": proof_form(told.proof) if told.proof else None,
        }
    )
