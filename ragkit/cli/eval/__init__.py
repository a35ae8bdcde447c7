"""`ragkit eval`: how far answers can be trusted, measured on suites of questions."""

import click

from ragkit.cli.eval.checking import check_command
from ragkit.cli.eval.comparing import compare_command, gate_command
from ragkit.cli.eval.importing import import_command
from ragkit.cli.eval.judging import judge_check_command
from ragkit.cli.eval.making import make_command
from ragkit.cli.eval.reporting import report_command
from ragkit.cli.eval.running import rescore_command, run_command
from ragkit.cli.eval.telling import list_command


@click.group()
def command() -> None:
    """Measure how far answers can be trusted: suites, runs, reports, gates."""


for _verb in (
    list_command,
    check_command,
    make_command,
    import_command,
    run_command,
    rescore_command,
    report_command,
    compare_command,
    gate_command,
    judge_check_command,
):
    command.add_command(_verb)
