"""`ragkit models list`, `verify` and `path`: what there is, and whether it is whole."""

from typing import Any

import click

from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, check_text, common_options
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.models import Shown, print_models
from ragkit.cli.render.tables import print_table
from ragkit.errors import EXIT_ERROR
from ragkit.machine import main_memory
from ragkit.models import (
    find_encoder,
    find_entry,
    find_llm,
    find_pulled,
    fit,
    list_models,
    names_to_verify,
    verify_all_of,
)


@click.command("list")
@click.option("--kind", type=click.Choice(["encoder", "llm"]), help="Only these.")
@click.option("--here", is_flag=True, help="Only those on this machine.")
@common_options
def list_command(*, common: Common, kind: str | None, here: bool, **flags: Any) -> int:
    """List the models that can be named: which are here, in use, and fit this machine."""
    settings = open_workspace(common, flags, Remarks(quiet=common.quiet)).settings
    chosen = {settings.encoder.lower(), settings.model.lower()}
    memory = main_memory()
    shown = [
        Shown(row, row.name.lower() in chosen, fit(row.memory_bytes, **memory._asdict()))
        for row in list_models(
            cache_dir=settings.cache_path, context_window=settings.context_window
        )
        if kind in (None, row.kind) and (row.present or row.damaged or not here)
    ]
    if common.as_json:
        form = [
            {**row._asdict(), "languages": list(row.languages), "used": used, "fits": fits}
            for row, used, fits in shown
        ]
        print_form({"models": form, "memory": memory._asdict()})
    else:
        print_models(answer_console(), shown, memory=memory, context_window=settings.context_window)
    return 0


@click.command("verify")
@click.argument("names", nargs=-1, callback=check_text)
@common_options
def verify_command(names: tuple[str, ...], *, common: Common, **flags: Any) -> int:
    """Check that weights are the published ones, byte for byte; all that are here by default."""
    settings = open_workspace(common, flags, Remarks(quiet=common.quiet)).settings
    cache_dir = settings.cache_path
    wanted = names or names_to_verify(cache_dir)
    checks = [check for name in wanted for check in verify_all_of(name, cache_dir=cache_dir)]
    if common.as_json:
        form = [check._asdict() for check in checks]
        print_form({"models": form})
    else:
        rows = [{"name": check.name, "state": check.state, "file": check.path} for check in checks]
        print_table(answer_console(), rows)
    return 0 if all(check.state == "whole" for check in checks) else EXIT_ERROR


@click.command("path")
@click.argument("name", callback=check_text)
@common_options
def path_command(name: str, *, common: Common, **flags: Any) -> int:
    """Print where a model is: the file of an LLM, the folder of an encoder."""
    settings = open_workspace(common, flags, Remarks(quiet=common.quiet)).settings
    cache_dir = settings.cache_path
    known = find_entry(name) or find_pulled(name, cache_dir=cache_dir)
    find = find_encoder if known and known.kind == "encoder" else find_llm
    path = find(name, cache_dir=cache_dir)
    if common.as_json:
        print_form({"name": name, "path": str(path)})
    else:
        click.echo(str(path))
    return 0
