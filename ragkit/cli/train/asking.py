"""What a user asks of `ragkit train`: its options, and what cannot be."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from ragkit.cli.options import stack
from ragkit.errors import UsageError
from ragkit.models import AUTO_ADAPTER, names_file
from ragkit.prompting import load_strategy
from ragkit.training.base import TARGETS, check_targets
from ragkit.training.checkpoints import TrainingFolder
from ragkit.training.records import Recipe

EXAMPLES_FILE = "examples.jsonl"
_DEFAULT = Recipe()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a user asked for, beside settings and recipe."""

    items: tuple[Path, ...]
    examples: Path | None
    out: Path
    run: Path | None
    strategies: str | None
    batch_tokens: int | None
    held_out: float
    minutes: float | None
    resume: bool
    device: str
    compiled: bool
    proven: bool
    start: str
    shaped: bool
    """Whether rank, alpha or layers are wished rather than left to what it goes on from."""

    @property
    def folder(self) -> Path:
        """Where the run is kept."""
        return self.run or self.out.with_suffix(".run")


_FILE = click.Path(path_type=Path, dir_okay=False)


training_options = stack(
    click.option("--items", type=_FILE, multiple=True, help="File of questions; may be repeated."),
    click.option(
        "--examples", type=_FILE, help="File of examples made before, in place of --items."
    ),
    click.option("--base", "model", metavar="NAME", help="Model to adapt; that of the settings."),
    click.option(
        "--out",
        type=click.Path(path_type=Path, dir_okay=False),
        required=True,
        help="Adapter to write (.gguf).",
    ),
    click.option(
        "--run",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder; by default OUT.run.",
    ),
    click.option(
        "--from",
        "start",
        metavar="NAME",
        default=AUTO_ADAPTER,
        help="Adapter to go on from: auto (the one that comes for the base), none, or a file.",
    ),
    click.option("--strategies", metavar="A,B", help="Ways to ask; by default a mixture of five."),
    click.option(
        "--rank",
        type=click.IntRange(1, 256),
        default=_DEFAULT.rank,
        show_default=True,
        help="Size of the adapter.",
    ),
    click.option(
        "--alpha",
        type=click.FloatRange(min=0, min_open=True),
        help="How strongly it works; by default twice the rank.",
    ),
    click.option("--targets", metavar="A,B", help="Layers to adapt, of " + ",".join(TARGETS) + "."),
    click.option(
        "--rate",
        type=click.FloatRange(0, 1, min_open=True),
        default=_DEFAULT.rate,
        show_default=True,
        help="Highest learning rate.",
    ),
    click.option(
        "--epochs",
        type=click.FloatRange(0, 1000, min_open=True),
        default=_DEFAULT.epochs,
        show_default=True,
        help="How often each example is seen.",
    ),
    click.option(
        "--tokens-per-step",
        type=click.IntRange(64, 1 << 20),
        default=_DEFAULT.tokens_per_step,
        show_default=True,
        help="Between two moves of the weights.",
    ),
    click.option(
        "--batch-tokens",
        type=click.IntRange(64, 1 << 20),
        help="Computed at once: fewer take less memory.",
    ),
    click.option(
        "--max-tokens",
        type=click.IntRange(16, 1 << 17),
        default=_DEFAULT.max_tokens,
        show_default=True,
        help="Leave longer examples out.",
    ),
    click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=_DEFAULT.seed,
        show_default=True,
        help="Of examples, their order and the adapter's beginning.",
    ),
    click.option(
        "--held-out",
        type=click.FloatRange(0, 0.5),
        default=0.05,
        show_default=True,
        help="Share of the examples not learnt, to measure on.",
    ),
    click.option("--minutes", type=click.FloatRange(0, min_open=True), help="Be done within them."),
    click.option("--resume", is_flag=True, help="Go on with a run that was stopped."),
    click.option(
        "--device", metavar="NAME", default="auto", help="cpu, cuda or auto (the default)."
    ),
    click.option("--threads", type=int, metavar="N", help="CPU threads; by default a core each."),
    click.option(
        "--no-compile",
        "compiled",
        is_flag=True,
        flag_value=False,
        default=True,
        help="Begin at once, slower.",
    ),
    click.option(
        "--no-proof",
        "proven",
        is_flag=True,
        flag_value=False,
        default=True,
        help="Do not compare with llama.cpp.",
    ),
)
"""All that `ragkit train` takes beside the common options."""


def take_recipe(rest: dict[str, Any]) -> Recipe:
    """Take the options that make a recipe from among all, and return it.

    Raises:
        UsageError: It names a layer that there is not.
    """
    names = ("rank", "rate", "epochs", "tokens_per_step", "max_tokens", "seed")
    recipe = Recipe(**{name: rest.pop(name) for name in names})
    alpha, targets = rest.pop("alpha"), rest.pop("targets")
    recipe = replace(recipe, alpha=alpha or 2.0 * recipe.rank)
    recipe = replace(recipe, targets=names_in(targets)) if targets else recipe
    check_targets(recipe.targets)
    return recipe


def wishes_shape(context: click.Context) -> bool:
    """Say whether the command line gives rank, alpha or layers."""
    sources = (context.get_parameter_source(name) for name in ("rank", "alpha", "targets"))
    return ParameterSource.COMMANDLINE in sources


def names_in(text: str) -> tuple[str, ...]:
    """Return names that are written with commas between them.

    >>> names_in("zero-shot, few-shot")
    ('zero-shot', 'few-shot')
    """
    return tuple(name.strip() for name in text.split(",") if name.strip())


def check(asked: Asked) -> None:
    """Refuse what cannot be, before anything slow.

    Raises:
        UsageError: It cannot.
    """
    if asked.out.suffix != ".gguf":
        raise UsageError(
            f"an adapter is a .gguf file, not {asked.out.name!r}",
            hint=f"--out {asked.out.with_suffix('.gguf')}",
        )
    if asked.out.exists():
        raise UsageError(
            f"there is a file {asked.out} already", hint="give another name with --out"
        )
    begun = asked.resume and (asked.folder / EXAMPLES_FILE).is_file()
    if bool(asked.items) == bool(asked.examples) and not (begun and not asked.items):
        raise UsageError(
            "give either --items or --examples",
            hint="train on the questions of a suite: --items evals/NAME/samples.jsonl",
        )
    for path in (*asked.items, *filter(None, [asked.examples])):
        if not path.is_file():
            raise UsageError(
                f"there is no file {path}", hint="draft questions: ragkit eval make evals/mine"
            )
    if asked.shaped and names_file(asked.start):
        raise UsageError(
            "an adapter that is gone on from has its own rank, alpha and layers",
            hint="leave --rank, --alpha and --targets out, or begin anew: --from none",
        )
    for name in names_in(asked.strategies or ""):
        load_strategy(name)
    if asked.resume:
        TrainingFolder(asked.folder).read_header()
    else:
        TrainingFolder(asked.folder).refuse_another()
