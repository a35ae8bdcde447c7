"""`ragkit models pull` and `remove`: a model fetched to this machine, and one taken off it."""

import sys
from typing import Any

import click

from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, check_text, common_options
from ragkit.cli.render.console import Remarks
from ragkit.cli.render.fetching import FetchDisplay
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.text import size_text
from ragkit.errors import UsageError
from ragkit.models import (
    Hub,
    HubWeights,
    PulledModel,
    find_entry,
    find_pulled,
    known_names,
    opened_path,
    pull_model,
    remove_pulled,
    unknown_model,
)


@click.command("pull")
@click.argument("name", callback=check_text)
@click.option("--as", "save_as", default="", metavar="NAME", help="What to call it.")
@common_options
def pull_command(name: str, *, common: Common, save_as: str, **flags: Any) -> int:
    """Fetch a model: NAME of models list, hf:owner/repo[:QUANT or file], or a URL.

    What was interrupted goes on where it was. Every file is checked before it is used.
    """
    remarks = Remarks(quiet=common.quiet)
    settings = open_workspace(common, flags, remarks).settings
    cache_dir = settings.cache_path
    if find_entry(name) is None and "/" not in name and not find_pulled(name, cache_dir=cache_dir):
        raise unknown_model(name, known_names(cache_dir=cache_dir))
    with FetchDisplay(remarks) as display:
        model = pull_model(
            name,
            cache_dir=cache_dir,
            hub=Hub(offline=settings.offline),
            save_as=save_as,
            on_notice=remarks.note,
            on_progress=display,
        )
    if model is None:
        remarks.note(f"{name} is here already: it came with its package")
        return 0
    path = opened_path(model, cache_dir=cache_dir)
    if common.as_json:
        print_form({**_form(model), "path": str(path), "fetched_bytes": display.fetched})
    else:
        _tell(model, fetched=display.fetched, seconds=display.seconds)
    return 0


def _form(model: PulledModel) -> dict[str, Any]:
    return {
        "name": model.name,
        "kind": model.kind,
        "source": model.source,
        "revision": model.revision,
        "licence": model.licence,
        "size_bytes": model.size_bytes,
        "sha256": model.files[0].sha256,
        "files": [file.path for file in model.files],
    }


def _tell(model: PulledModel, *, fetched: int, seconds: float) -> None:
    option = "--model" if model.kind == "llm" else "--encoder"
    verb = "ask" if model.kind == "llm" else "ingest --rebuild"
    if fetched:
        rate = f"{size_text(fetched)} at {size_text(int(fetched / max(seconds, 1e-3)))}/s"
        click.echo(f"pulled {model.name}, {size_text(model.size_bytes)} ({rate})")
    else:
        click.echo(f"{model.name} is here already, {size_text(model.size_bytes)}")
    click.echo(f"licence: {model.licence or 'not stated by its source'}")
    click.echo(f"use it: ragkit {verb} {option} {model.name}" + (' "..."' if verb == "ask" else ""))


@click.command("remove")
@click.argument("name", callback=check_text)
@click.option("--yes", is_flag=True, help="Do not ask.")
@common_options
def remove_command(name: str, *, common: Common, yes: bool, **flags: Any) -> int:
    """Delete a model that was pulled."""
    remarks = Remarks(quiet=common.quiet)
    cache_dir = open_workspace(common, flags, remarks).settings.cache_path
    model = find_pulled(name, cache_dir=cache_dir)
    if model is None:
        raise _not_removable(name, known_names(cache_dir=cache_dir))
    size = size_text(model.size_bytes)
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(f"remove {name}? nobody is there to ask", hint="say so with: --yes")
        if not click.confirm(f"Remove {model.name}, {size}?", err=True):
            remarks.note("nothing was removed")
            return 0
    remove_pulled(model, cache_dir=cache_dir)
    if common.as_json:
        print_form({"removed": model.name, "freed_bytes": model.size_bytes})
    else:
        click.echo(f"removed {model.name}, {size}")
    return 0


def _not_removable(name: str, known: tuple[str, ...]) -> UsageError:
    entry = find_entry(name)
    if entry is None:
        return unknown_model(name, known)
    if isinstance(entry.source, HubWeights):
        return UsageError(f"{entry.name} is not on this machine", hint="ragkit models list --here")
    return UsageError(
        f"{entry.name} comes with the package {entry.source.package}",
        hint=f"pip uninstall {entry.source.package}",
    )
