"""`ragkit index`: what an index holds, whether it is whole, and what can be done with it."""

import click

from ragkit.cli.index.mending import repair_command, verify_command
from ragkit.cli.index.moving import export_command, remove_command
from ragkit.cli.index.telling import info_command, list_command


@click.group()
def command() -> None:
    """Tell what an index holds; verify, repair, export or remove it."""


for _verb in (
    info_command,
    list_command,
    verify_command,
    repair_command,
    export_command,
    remove_command,
):
    command.add_command(_verb)
