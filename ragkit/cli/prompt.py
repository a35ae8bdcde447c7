"""`ragkit prompt`: the strategies, and the exact prompt that one of them makes."""

from dataclasses import replace
from typing import Any

import click

from ragkit.cli.narrowing import filter_options
from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, answer_options, check_text, common_options, encoder_options
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.prompts import print_prompt
from ragkit.cli.render.tables import print_table
from ragkit.prompting import list_strategies
from ragkit.records import DocumentFilter


@click.group()
def command() -> None:
    """List the strategies; show the exact prompt that a model would get."""


@command.command("list")
@common_options
def list_command(*, common: Common, **flags: Any) -> int:
    """List the strategies, the project's own included."""
    workspace = open_workspace(common, flags, Remarks(quiet=common.quiet))
    strategies = list_strategies(workspace.prompts_dir)
    rows = [
        {
            "name": strategy.name,
            "version": strategy.version,
            "examples": len(strategy.examples),
            "description": strategy.description.strip(),
        }
        for strategy in strategies
    ]
    if common.as_json:
        print_form({"strategies": rows})
    else:
        print_table(answer_console(), rows)
    return 0


@command.command("show")
@click.argument("question", callback=check_text)
@filter_options
@answer_options
@encoder_options
@common_options
def show_command(question: str, *, common: Common, within: DocumentFilter, **flags: Any) -> int:
    """Show the exact prompt for a question, and what each part of it costs in tokens."""
    workspace = open_workspace(common, flags, Remarks(quiet=common.quiet))
    workspace.check_index()
    encoder = workspace.load_encoder()
    with workspace.open_index(encoder) as index:
        options = replace(workspace.ask_options, within=workspace.narrow(index, within))
        assistant = workspace.assistant(index, encoder)
        evidence = assistant.gather(question, options)
        prompt = assistant.build_prompt(question, evidence.sources, options)
    if not common.as_json:
        print_prompt(answer_console(), prompt, assistant.llm)
        return 0
    form = {
        "text": assistant.llm.render_prompt(prompt.messages),
        "messages": [{"role": m.role, "content": m.content} for m in prompt.messages],
        "strategy": prompt.strategy,
        "version": prompt.version,
        "tokens": prompt.tokens,
        "ledger": dict(prompt.ledger),
        "context_window": prompt.context_window,
        "dropped_sources": prompt.dropped_sources,
    }
    print_form(form)
    return 0
