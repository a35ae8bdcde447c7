"""`ragkit prompt`: the strategies, and the exact prompt that one of them makes."""

from dataclasses import replace
from typing import Any

import click

from ragkit.cli.narrowing import filter_options
from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, answer_options, check_text, common_options, encoder_options
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.prompts import print_prompt, print_strategies
from ragkit.errors import EXIT_ERROR
from ragkit.forms import left_out_form
from ragkit.prompting import ExampleSet, StrategyFile, read_example_sets, read_strategies
from ragkit.records import DocumentFilter


@click.group()
def command() -> None:
    """List the strategies; show the exact prompt that a model would get."""


@command.command("list")
@common_options
def list_command(*, common: Common, **flags: Any) -> int:
    """List the strategies, the project's own included; exits 1 if a file of yours is wrong."""
    workspace = open_workspace(common, flags, Remarks(quiet=common.quiet))
    files = read_strategies(workspace.prompts_dir)
    sets = read_example_sets(workspace.prompts_dir)
    if common.as_json:
        strategies = [_strategy_form(file) for file in files]
        print_form({"strategies": strategies, "example_sets": [_set_form(one) for one in sets]})
    else:
        print_strategies(answer_console(), files, sets, chosen=workspace.settings.strategy)
    errors = [*(file.error for file in files), *(one.error for one in sets)]
    return EXIT_ERROR if any(errors) else 0


def _strategy_form(file: StrategyFile) -> dict[str, Any]:
    strategy = file.strategy
    return {
        "name": file.name,
        "version": strategy.version if strategy else None,
        "examples": len(strategy.examples) if strategy else None,
        "reasons": bool(strategy.answer_marker) if strategy else None,
        "description": strategy.description if strategy else None,
        "built_in": file.built_in,
        "path": str(file.path),
        "error": file.error.message if file.error else None,
    }


def _set_form(one: ExampleSet) -> dict[str, Any]:
    return {
        "name": one.name,
        "kinds": [example.kind for example in one.examples],
        "built_in": one.built_in,
        "path": str(one.path),
        "error": one.error.message if one.error else None,
    }


@command.command("show")
@click.argument("question", callback=check_text)
@filter_options
@answer_options
@encoder_options
@common_options
def show_command(question: str, *, common: Common, within: DocumentFilter, **flags: Any) -> int:
    """Show the exact prompt for a question, and what each part of it costs in tokens."""
    remarks = Remarks(quiet=common.quiet)
    workspace = open_workspace(common, flags, remarks)
    workspace.check_index()
    encoder = workspace.load_encoder()
    with workspace.open_index(encoder) as index:
        options = replace(workspace.ask_options, within=workspace.narrow(index, within))
        assistant = workspace.assistant(index, encoder)
        evidence = assistant.gather(question, options)
        prompt = assistant.build_prompt(question, evidence.sources, options)
    sufficiency = evidence.sufficiency
    if not sufficiency.enough:
        scores = f"evidence {sufficiency.score:.2f}, needed {sufficiency.threshold:.2f}"
        remarks.note(f"ask would abstain and send this to no model, unless with --raw: {scores}")
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
        "estimated": assistant.llm.estimates_tokens,
        "context_window": prompt.context_window,
        "dropped_sources": prompt.dropped_sources,
        "left_out": left_out_form(prompt),
        "examples": list(prompt.examples),
        "sources": [
            {"id": source.id, "document": source.hit.chunk.document, "tokens": tokens}
            for source, tokens in zip(prompt.sources, prompt.source_tokens, strict=True)
        ],
    }
    print_form(form)
    return 0
