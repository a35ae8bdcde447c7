"""`ragkit index export` and `remove`: an index taken elsewhere, and one taken away."""

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, check_text, common_options
from ragkit.cli.render.console import Remarks
from ragkit.cli.render.forms import form_text, print_form
from ragkit.errors import UsageError
from ragkit.files import write_atomically
from ragkit.index import LocalIndex, export_index, remove_index


@click.command("export")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write, whole or not at all; stdout without it.",
)
@click.option("--embeddings", is_flag=True, help="Give the embedding of each chunk, too.")
@common_options
def export_command(*, common: Common, output: Path | None, embeddings: bool, **flags: Any) -> int:
    """Write documents and chunks as lines of JSON."""
    remarks = Remarks(quiet=common.quiet)
    workspace = open_workspace(common, flags, remarks)
    counts: Counter[str] = Counter()

    def write(write_line: Callable[[str], object]) -> None:
        with LocalIndex(workspace.index_folder) as index:
            for form in export_index(index, embeddings=embeddings):
                counts[form["kind"]] += 1
                write_line(f"{form_text(form)}\n")

    if output is None:
        write(lambda line: click.echo(line.encode(), nl=False))
    else:
        write_atomically(output, lambda part: _write_lines(part, write))
    told = {"documents": counts["document"], "chunks": counts["chunk"]}
    if output is not None and common.as_json:
        print_form({**told, "output": str(output)})
    else:
        remarks.note(f"{told['documents']} documents with {told['chunks']} chunks exported")
    return 0


def _write_lines(part: Path, write: Callable[[Callable[[str], object]], None]) -> None:
    with part.open("w", encoding="utf-8") as file:
        write(file.write)


@click.command("remove")
@click.argument("name", callback=check_text)
@click.option("--yes", is_flag=True, help="Do not ask.")
@common_options
def remove_command(name: str, *, common: Common, yes: bool, **flags: Any) -> int:
    """Delete an index, but no document.

    Whatever else lies in its folder is left there.
    """
    remarks = Remarks(quiet=common.quiet)
    workspace = open_workspace(common, {**flags, "index": name}, remarks)
    workspace.check_index()
    folder = workspace.index_folder
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(f"remove {folder}? nobody is there to ask", hint="say so with: --yes")
        question = f"Remove {folder}? It can be made again with: ragkit ingest"
        if not click.confirm(question, err=True):
            remarks.note("nothing was removed")
            return 0
    left = remove_index(folder)
    if left:
        remarks.warn(f"left in {folder}, since it is not ragkit's: {', '.join(left)}")
    if common.as_json:
        print_form({"removed": name, "left": list(left)})
    else:
        click.echo(f"removed {name}")
    return 0
