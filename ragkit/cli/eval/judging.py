"""`ragkit eval judge-check`: how far judges agree with people, before any number rests on them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, common_options, encoder_options
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.judges import print_cards
from ragkit.cli.render.running import RunDisplay
from ragkit.evaluation.judges import (
    FORMS,
    JUDGES,
    LabelledClaim,
    check_claims,
    choose_claims,
    judge_claims,
    make_card,
    open_judge,
    read_claims,
    save_cards,
)
from ragkit.evaluation.protocols import Judge
from ragkit.evaluation.records import JudgeCard
from ragkit.protocols import ProgressListener
from ragkit.workspace import Workspace

ALL = "all"


@click.command("judge-check")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@click.option(
    "--form", type=click.Choice(tuple(FORMS)), help="Form of the files; told by their keys."
)
@click.option(
    "--judge",
    "judges",
    metavar="NAME",
    multiple=True,
    help="encoder, logits, rules, or the folder of a detector; by default these three.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=400,
    metavar="N",
    help="The most claims of a file; 400 by default.",
)
@click.option("--model", metavar="NAME", help="Model that the judge logits asks.")
@encoder_options
@common_options
def judge_check_command(
    files: tuple[Path, ...],
    *,
    form: str | None,
    judges: tuple[str, ...],
    limit: int,
    common: Common,
    **flags: Any,
) -> int:
    """Measure how far judges agree with people, on claims that people have labelled.

    A FILE holds claims with their passages and labels, in our own form or a published one. The card
    of each judge is kept in evals/judges/; a run that uses the judge shows it.
    """
    remarks = Remarks(quiet=common.quiet)
    workspace = open_workspace(common, flags, remarks)
    sets: dict[str, tuple[LabelledClaim, ...]] = {}
    for path in files:
        name, claims = read_claims(path, form or "")
        key = name if name not in sets else f"{name} ({path.name})"
        sets[key] = choose_claims(claims, limit)
        check_claims(sets[key], key)
    opened = [_open(name, workspace) for name in judges or JUDGES]
    cards: list[JudgeCard] = []
    paths: list[Path] = []
    for judge in opened:
        with RunDisplay(remarks) as display:
            made = _check(judge, sets, display)
        cards += made
        paths.append(save_cards(judge, made, workspace.evals_dir))
    if common.as_json:
        print_form(
            {"cards": [asdict(card) for card in cards], "files": [str(path) for path in paths]}
        )
    else:
        print_cards(answer_console(), cards)
        remarks.note(f"kept in {workspace.evals_dir / 'judges'}")
    return 0


def _open(name: str, workspace: Workspace) -> Judge:
    return open_judge(
        name,
        load_encoder=lambda: workspace.load_encoder(anew=True, bulk=True),
        load_llm=workspace.load_llm,
    )


def _check(
    judge: Judge, sets: Mapping[str, Sequence[LabelledClaim]], on_progress: ProgressListener
) -> list[JudgeCard]:
    """Return the card of a judge over each set, and over all of them where there are several."""
    judged = {
        name: judge_claims(judge, claims, on_progress=on_progress) for name, claims in sets.items()
    }
    if len(judged) > 1:
        judged[ALL] = tuple(one for some in judged.values() for one in some)
    return [make_card(judge, some, name) for name, some in judged.items()]
