"""`ragkit ask`: one question, or a file of them, to checked answers."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import click

from ragkit.ask import AskOptions, Assistant
from ragkit.cli.options import Common, answer_options, common_options, encoder_options
from ragkit.cli.render.answers import print_answer
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.prompts import print_prompt
from ragkit.cli.render.stream import CompletionDisplay
from ragkit.cli.workspace import Workspace
from ragkit.errors import EXIT_ABSTAINED, EXIT_ERROR, RagkitError, UsageError
from ragkit.forms import FORMAT_VERSION, answer_form
from ragkit.records import Answer


@click.command()
@click.argument("question", required=False)
@click.option(
    "--batch",
    type=click.Path(path_type=Path, allow_dash=True, dir_okay=False),
    help="File of questions, one a line or JSONL with `question`; prints a JSON object a line.",
)
@click.option("--raw", is_flag=True, help="Show what the model said, too, unchecked.")
@click.option("--show-prompt", is_flag=True, help="Show the exact prompt, too.")
@answer_options
@encoder_options
@common_options
def command(
    question: str | None,
    *,
    common: Common,
    batch: Path | None,
    raw: bool,
    show_prompt: bool,
    **flags: Any,
) -> int:
    """Answer a question from the documents, with citations, or say that they do not.

    Exits 0 with an answer and 3 where the documents do not hold one.
    """
    if (question is None) == (batch is None):
        raise UsageError("give a question, or --batch FILE", hint='ragkit ask "What is ...?"')
    remarks = Remarks(quiet=common.quiet)
    workspace = Workspace.open(common, flags, remarks)
    workspace.check_index()
    options = replace(workspace.ask_options, always_generate=raw)
    encoder = workspace.load_encoder()
    with workspace.open_index(encoder) as index:
        assistant = workspace.assistant(index, encoder)
        if batch is not None:
            return _ask_batch(batch, assistant, options)
        answer = _ask_one(question or "", assistant, options, remarks)
        if show_prompt and answer.prompt:
            print_prompt(answer_console(), answer.prompt, assistant.llm)
    if common.as_json:
        click.echo(json.dumps(answer_form(answer), ensure_ascii=False))
    else:
        print_answer(answer_console(), answer, raw=raw)
    return EXIT_ABSTAINED if answer.abstained else 0


def _ask_one(question: str, assistant: Assistant, options: AskOptions, remarks: Remarks) -> Answer:
    with CompletionDisplay(remarks) as display:
        return assistant.ask(question, options, on_text=display.add)


class _Item(NamedTuple):
    """A question of a batch, and the id that its line gave it."""

    question: str
    identity: Any


def _ask_batch(batch: Path, assistant: Assistant, options: AskOptions) -> int:
    """Print a JSON object a line; a question that fails gets one with `error` and is not fatal."""
    failed = False
    for item in _read_items(batch):
        try:
            form = answer_form(assistant.ask(item.question, options))
        except RagkitError as error:
            failed = True
            form = {
                "format_version": FORMAT_VERSION,
                "question": item.question,
                "error": error.message,
                "hint": error.hint,
            }
        if item.identity is not None:
            form["id"] = item.identity
        click.echo(json.dumps(form, ensure_ascii=False))
    return EXIT_ERROR if failed else 0


def _read_items(batch: Path) -> Iterator[_Item]:
    try:
        with click.open_file(str(batch), encoding="utf-8-sig") as lines:
            numbered = [(number, line.strip()) for number, line in enumerate(lines, start=1)]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {batch}: {error}", hint="give a UTF-8 text file") from error
    for number, line in numbered:
        if line.startswith("{"):
            yield _parse_item(line, place=f"{batch}:{number}")
        elif line:
            yield _Item(line, None)


def _parse_item(line: str, *, place: str) -> _Item:
    try:
        item = json.loads(line)
        return _Item(str(item["question"]), item.get("id"))
    except (ValueError, KeyError) as error:
        raise UsageError(
            f"{place} is not a JSON object with `question`", hint="mend that line"
        ) from error
