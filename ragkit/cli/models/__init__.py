"""`ragkit models`: which weights can be named, which are here, and getting or removing them."""

import click

from ragkit.cli.models.fetching import pull_command, remove_command
from ragkit.cli.models.optimising import optimise_command
from ragkit.cli.models.telling import list_command, path_command, verify_command


@click.group()
def command() -> None:
    """List the models that can be named; pull, verify and remove them."""


for _verb in (
    list_command,
    pull_command,
    optimise_command,
    verify_command,
    path_command,
    remove_command,
):
    command.add_command(_verb)
