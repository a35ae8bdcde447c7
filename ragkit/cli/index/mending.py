"""`ragkit index verify` and `repair`: whether an index is what was written, and making it so."""

from typing import Any

import click

from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, common_options
from ragkit.cli.render.checks import print_states
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.forms import print_form
from ragkit.errors import EXIT_ERROR
from ragkit.index import repair_index, verify_index


@click.command("verify")
@click.option("--quick", is_flag=True, help="Compare checksums only; do not read documents.")
@common_options
def verify_command(*, common: Common, quick: bool, **flags: Any) -> int:
    """Check that an index is what was written.

    Exits 1 if anything is damaged.
    """
    workspace = open_workspace(common, flags, Remarks(quiet=common.quiet))
    workspace.check_index()
    found = verify_index(workspace.index_folder, quick=quick)
    if common.as_json:
        form = {
            "damaged": found.is_damaged,
            "checks": [check._asdict() for check in found.checks],
            "damaged_documents": list(found.damaged_documents),
        }
        print_form(form)
    else:
        print_states(answer_console(), found.checks)
    return EXIT_ERROR if found.is_damaged else 0


@click.command("repair")
@common_options
def repair_command(*, common: Common, **flags: Any) -> int:
    """Mend what is damaged in an index.

    What cannot be mended is named, and read again by the next ingest.
    """
    remarks = Remarks(quiet=common.quiet)
    workspace = open_workspace(common, flags, remarks)
    workspace.check_index()
    repair = repair_index(workspace.index_folder)
    if common.as_json:
        form = {
            "done": list(repair.done),
            "lost_documents": list(repair.lost_documents),
            "kept_aside": str(repair.aside) if repair.aside else None,
        }
        print_form(form)
        return 0
    for line in repair.done or ("nothing was damaged",):
        click.echo(line)
    for name in repair.lost_documents:
        remarks.warn(f"lost: {name}")
    if repair.aside:
        remarks.note(f"the damaged catalog is kept as {repair.aside}; delete it when all is well")
    if repair.lost_documents:
        remarks.warn("read them again with: ragkit ingest")
    return 0
