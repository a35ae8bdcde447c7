"""`ragkit chat`: questions one after another, each understood from those before it.

`reading` gets the lines, `session` answers them, `commands` does what begins with a slash,
`telling` and `transcript` show what was said.
"""

import sys
from typing import Any

import click

from ragkit.chat import Conversation
from ragkit.cli.chat.commands import Commands
from ragkit.cli.chat.reading import is_typed, read_lines
from ragkit.cli.chat.session import Session
from ragkit.cli.chat.signals import own_signals
from ragkit.cli.narrowing import filter_options
from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, answer_options, common_options, encoder_options
from ragkit.cli.render.console import Remarks
from ragkit.errors import EXIT_ERROR
from ragkit.project import Project
from ragkit.records import DocumentFilter


@click.command()
@click.option("--raw", is_flag=True, help="Show what the model said, too, unchecked.")
@click.option(
    "--rewrite",
    type=click.Choice(["auto", "rules", "model", "off"]),
    default="auto",
    show_default=True,
    help="Who completes follow-up questions.",
)
@filter_options
@answer_options
@encoder_options
@common_options
def command(
    *, common: Common, raw: bool, rewrite: Any, within: DocumentFilter, **flags: Any
) -> int:
    """Answer questions one after another; follow-ups are understood.

    Type a question, or /help. Ctrl-C stops an answer, Ctrl-D ends the chat.
    """
    remarks = Remarks(quiet=common.quiet)
    with Project(open_workspace(common, flags, remarks)) as course:
        within = course.narrow(within)
        conversation = Conversation(course, rewriting=rewrite, within=within)
        session = Session(course, conversation, remarks=remarks, as_json=common.as_json, raw=raw)
        commands = Commands(session)
        typed = is_typed()
        if typed:
            session.greet()
        with own_signals():
            failed = False
            history = course.settings.cache_path / "chat-history"
            for line in read_lines(history, words=commands.names, remarks=remarks):
                failed |= not _handle(line, session, commands)
                if commands.ended:
                    break
    return EXIT_ERROR if failed and not typed else 0


def _handle(line: str, session: Session, commands: Commands) -> bool:
    """Answer a line, or do what it says; return whether that went well."""
    session.echo(line)
    try:
        if line.startswith("/"):
            return commands.run(line)
        return session.answer(line)
    except KeyboardInterrupt:
        sys.stdout.flush()
        session.remarks.note("stopped")
        return True
