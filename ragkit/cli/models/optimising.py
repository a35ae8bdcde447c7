"""`ragkit models optimise`: the form of a model that this machine runs quickest."""

from dataclasses import asdict
from typing import Any

import click

from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, check_text, common_options
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.tables import print_table
from ragkit.cli.render.text import size_text
from ragkit.models import Optimised, Trial, optimise_llm


@click.command("optimise")
@click.argument("name", required=False, callback=check_text)
@common_options
def optimise_command(name: str | None, *, common: Common, **flags: Any) -> int:
    """Measure a model as it came and as Q8_0, and use the quicker one here; the chosen by default.

    Takes some seconds for a small model. Nothing that is in its file is lost.
    """
    remarks = Remarks(quiet=common.quiet)
    settings = open_workspace(common, flags, remarks).settings
    done = optimise_llm(
        name or settings.model,
        cache_dir=settings.cache_path,
        threads=settings.threads,
        on_notice=remarks.note,
    )
    if common.as_json:
        print_form(_form(done))
    else:
        _tell(done)
    return 0


def _form(done: Optimised) -> dict[str, Any]:
    verdict = done.verdict
    trials = verdict.trials if verdict else ()
    return {
        "name": done.name,
        "file_type": done.file_type,
        "chosen": verdict.chosen if verdict else "as it came",
        "trials": [{**asdict(one), "answer_s": round(one.answer_s(), 3)} for one in trials],
        "path": str(done.path),
    }


def _tell(done: Optimised) -> None:
    if done.verdict is None:
        form = done.file_type or "of a form that it does not name"
        click.echo(f"{done.name} is {form}; it is used as it came")
        return
    rows = [_row(trial, done) for trial in done.verdict.trials]
    print_table(answer_console(), rows)
    form = f"as {done.file_type}, as it came" if done.verdict.chosen != "q8_0" else "as Q8_0"
    click.echo(f"{done.name} is used {form}, on this machine")


def _row(trial: Trial, done: Optimised) -> dict[str, object]:
    return {
        "form": "Q8_0" if trial.form == "q8_0" else f"{done.file_type}, as it came",
        "size": size_text(trial.size_bytes),
        "prompt tokens/s": trial.prompt_tokens_per_s,
        "generated tokens/s": trial.generated_tokens_per_s,
        "seconds an answer": round(trial.answer_s(), 2),
    }
