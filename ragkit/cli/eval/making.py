"""`ragkit eval make`: drafts of a suite over one's own documents, and the review of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click

from ragkit.cli.eval.checking import shelf_of
from ragkit.cli.eval.reviewing import review
from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, common_options, encoder_options
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.drafts import print_drafts
from ragkit.cli.render.forms import print_form
from ragkit.errors import UsageError
from ragkit.evaluation.drafting import SHARES, draft_samples, reword
from ragkit.evaluation.records import Sample, Suite
from ragkit.evaluation.runs.opening import open_bench
from ragkit.evaluation.suites import (
    BUILT_IN,
    describe_suite,
    form_of_sample,
    read_samples,
    samples_file,
    save_samples,
    start_suite,
)
from ragkit.workspace import Workspace


class _Asked(NamedTuple):
    """What is to be drafted."""

    wanted: int
    seed: int
    kinds: str | None
    word_by_model: bool


@click.command("make")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--n", "wanted", type=click.IntRange(1, 10_000), default=40, help="How many; 40 by default."
)
@click.option("--seed", type=int, default=0, metavar="N", help="Of the draw; 0 by default.")
@click.option("--kinds", metavar="A,B", help=f"Only these: {', '.join(SHARES)}.")
@click.option("--review", "only_review", is_flag=True, help="Accept, edit or reject the drafts.")
@click.option("--word-by-model", is_flag=True, help="Let the model word the questions.")
@click.option("--model", metavar="NAME", help="The model that words them.")
@encoder_options
@common_options
def make_command(folder: Path, *, common: Common, only_review: bool, **flags: Any) -> int:
    """Draft questions over your own documents, with the places that answer them.

    FOLDER is a suite, a new one or one to add to; a bare name stands for one in evals/. Drafts are
    not run until a person accepts them.
    """
    asked = _Asked(*(flags.pop(name) for name in _Asked._fields))
    workspace = open_workspace(common, flags, Remarks(quiet=common.quiet))
    folder = _folder_of(folder, workspace)
    path = samples_file(folder)
    known = read_samples(path) if path.exists() else ()
    if only_review:
        return review(path, known)
    drafts = _draft(workspace, folder, known, asked)
    start_suite(folder)
    save_samples(path, [*known, *drafts])
    if common.as_json:
        forms = [form_of_sample(draft) for draft in drafts]
        print_form({"folder": str(folder), "asked": asked.wanted, "drafts": forms})
    else:
        print_drafts(answer_console(), drafts, folder=folder, asked=asked.wanted)
    return 0


def _draft(
    workspace: Workspace, folder: Path, known: Sequence[Sample], asked: _Asked
) -> tuple[Sample, ...]:
    """Return new drafts over the documents that the suite is about."""
    kinds = asked.kinds.split(",") if asked.kinds else ()
    suite = describe_suite(folder) if folder.is_dir() else _new_suite(folder)
    with open_bench(workspace, suite) as bench:
        drafts = draft_samples(
            shelf_of(bench),
            n=asked.wanted,
            kinds=tuple(kind.strip() for kind in kinds),
            seed=asked.seed,
            known={sample.question for sample in known},
        )
        ids = {sample.id for sample in known}
        drafts = tuple(draft for draft in drafts if draft.id not in ids)
        return tuple(reword(d, bench.llm) for d in drafts) if asked.word_by_model else drafts


def _folder_of(folder: Path, workspace: Workspace) -> Path:
    """Return the folder of the suite; a bare name stands for one in evals/ of the project."""
    if folder.name == str(folder) and not folder.is_dir():
        folder = workspace.evals_dir / folder
    if folder.name in BUILT_IN:
        raise UsageError(
            f"a suite called {folder.name!r} comes with ragkit",
            hint="choose a name of your own: ragkit eval make mine",
        )
    return folder


def _new_suite(folder: Path) -> Suite:
    return Suite(folder.name, folder.name, "", 1, folder, (), ())
