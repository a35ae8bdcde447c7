"""The entry: finds the verb without importing the others, and turns errors into lines and exits."""

import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import click

from ragkit import __version__
from ragkit.cli.signals import hearing
from ragkit.errors import EXIT_INTERRUPTED, EXIT_USAGE, RagkitError
from ragkit.files import disk_error

VERBS = {
    "ingest": "Make the index equal to the folder of documents.",
    "search": "Show the passages that fit a query best; asks no model.",
    "ask": "Answer a question from the documents, with citations, or say that they do not.",
    "chat": "Answer questions one after another; follow-ups are understood.",
    "prompt": "List the strategies; show the exact prompt that a model would get.",
    "index": "Tell what an index holds; verify, repair, export or remove it.",
    "models": "List the models that can be named; pull, verify and remove them.",
    "eval": "Measure how far answers can be trusted: suites, runs, reports, gates.",
    "train": "Train an adapter for a model on questions, to answer in ragkit's way.",
    "doctor": "Check versions, models, the index and the machine; say what to do.",
}
"""Each verb has a module of its name here that holds `command`; its first line stands here too, so
that `ragkit --help` imports none of them."""


class LazyGroup(click.Group):
    """Knows its commands by name, and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of use."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a verb, or None where there is none."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"ragkit.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; an unknown one lists the known."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            raise click.UsageError(f"no command {args[0]!r}; there are: {', '.join(VERBS)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="ragkit %(version)s")
def cli() -> None:
    """Answers from your own course documents, offline, with receipts.

    Inside a folder with documents in corpus/:  ragkit ingest,  then  ragkit ask "...".
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what an old encoding cannot write becomes "?"
            stream.reconfigure(errors="replace")
    sys.excepthook = _show_traceback
    interruption = _Interruption()
    with hearing(interruption.hear):
        sys.exit(_run(list(sys.argv[1:] if arguments is None else arguments), interruption))


def _show_traceback(
    _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
) -> None:
    """Write the traceback of a bug; the names and texts in it must not steer the terminal."""
    import traceback

    from ragkit.cli.render.text import clean

    sys.stderr.write(clean("".join(traceback.format_exception(error))))


class _Interruption:
    """Remembers Ctrl-C: a library that is just being imported turns it into an error of its own."""

    def __init__(self) -> None:
        self.came = False

    def hear(self, _number: int, _frame: FrameType | None) -> None:
        """Take a signal to end for Ctrl-C."""
        self.came = True
        raise KeyboardInterrupt


def _run(arguments: list[str], interruption: _Interruption) -> int:
    try:
        return _run_command(arguments)
    except (KeyboardInterrupt, click.Abort):
        return _report_interruption()
    except Exception as error:
        if interruption.came:
            return _report_interruption()
        if "--debug" in arguments or not isinstance(error, RagkitError | OSError):
            raise
        return _report_error(error)


def _run_command(arguments: list[str]) -> int:
    try:
        return _exit_code(cli.main(arguments, prog_name="ragkit", standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        return 0
    except click.ClickException as error:
        return _report_usage(error)
    except (BrokenPipeError, SystemExit):  # click and rich make the one into the other
        # The reader of a pipe (head, say) has gone; nothing more can be written to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _report_interruption() -> int:
    click.echo("interrupted; nothing that was saved is lost", err=True)
    return EXIT_INTERRUPTED


def _exit_code(result: Any) -> int:
    return result if isinstance(result, int) else 0


def _report_error(error: RagkitError | OSError) -> int:
    if isinstance(error, OSError):  # the machine refused something that nobody foresaw
        place = error.filename if isinstance(error.filename, str | bytes) else "the output"
        error = disk_error(Path(os.fsdecode(place)), error)
    usage = error.exit_code == EXIT_USAGE
    step = (
        "ragkit COMMAND --help lists the options" if usage else "see what is wrong: ragkit doctor"
    )
    _report(error.message, error.hint or step)
    return error.exit_code


def _report_usage(error: click.ClickException) -> int:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "ragkit"
    hint = f"see: {path} --help"
    if "unexpected extra argument" in error.format_message() and path.endswith(("ask", "search")):
        hint = f'put it in quotes: {path} "What is ...?"'
    elif path == "ragkit" and "No such option" in error.format_message():
        hint = "options come after the command, as in: ragkit ask --json ...; see: ragkit --help"
    _report(error.format_message(), hint)
    return EXIT_USAGE


def _report(message: str, hint: str) -> None:
    from ragkit.cli.render.text import one_line

    click.secho(f"error: {one_line(message)}", fg="red", err=True)
    if hint:
        click.echo(f"  next: {one_line(hint)}", err=True)
