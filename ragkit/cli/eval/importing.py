"""`ragkit eval import`: a published set of questions as a suite."""

from pathlib import Path
from typing import Any

import click

from ragkit.cli.options import Common, common_options
from ragkit.cli.render.console import answer_console
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.suites import print_import
from ragkit.errors import unknown_name
from ragkit.evaluation.adapters import FORMS, write_suite


@click.command("import")
@click.argument("form", metavar="FORM")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE...",
)
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder of the suite; a new one.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Draw so many questions.")
@click.option("--seed", type=int, default=0, metavar="N", help="Of the draw; 0 by default.")
@common_options
def import_command(
    form: str,
    files: tuple[Path, ...],
    *,
    folder: Path,
    limit: int | None,
    common: Common,
    **flags: Any,
) -> int:
    """Make a suite of a published set: squad, xquad, nq, falseqa, rgb or reasoning.

    Nothing is fetched: the files are read by path, JSON or JSONL, packed with gzip or not.
    """
    if form not in FORMS:
        raise unknown_name("form of sets", form, FORMS)
    conversion = FORMS[form].convert(files, limit=limit, seed=flags["seed"])
    imported = write_suite(conversion, folder, form=form)
    if common.as_json:
        print_form(
            {
                "folder": str(imported.folder),
                "samples": imported.samples,
                "documents": imported.documents,
                "without_gold": imported.without_gold,
                "left_out": list(imported.left_out),
            }
        )
    else:
        print_import(answer_console(), imported)
    return 0
