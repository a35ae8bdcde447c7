"""`ragkit ask`: one question, or a file of them, to checked answers."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import click

from ragkit.ask import AskOptions, Assistant
from ragkit.cli.narrowing import filter_options
from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, answer_options, check_text, common_options, encoder_options
from ragkit.cli.render.answers import print_answer
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.explain import print_explanation
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.prompts import print_prompt
from ragkit.cli.render.stream import CompletionDisplay
from ragkit.errors import EXIT_ABSTAINED, EXIT_ERROR, RagkitError, UsageError
from ragkit.forms import answer_form
from ragkit.protocols import LLM
from ragkit.records import Answer, DocumentFilter
from ragkit.words import is_whole_text


@click.command()
@click.argument("question", required=False, callback=check_text)
@click.option(
    "--batch",
    type=click.Path(path_type=Path, allow_dash=True, dir_okay=False),
    help="File of questions, one a line or JSONL with `question`; prints a JSON object a line.",
)
@click.option("--raw", is_flag=True, help="Show what the model said, too, unchecked.")
@click.option("--show-prompt", is_flag=True, help="Show the exact prompt, too.")
@click.option("--explain", is_flag=True, help="Show what the answer was decided by, too.")
@filter_options
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
    within: DocumentFilter,
    **flags: Any,
) -> int:
    """Answer a question from the documents, with citations, or say that they do not.

    Exits 0 with an answer and 3 where the documents do not hold one.
    """
    if (question is None) == (batch is None):
        raise UsageError("give a question, or --batch FILE", hint='ragkit ask "What is ...?"')
    explain = bool(flags.pop("explain"))
    remarks = Remarks(quiet=common.quiet)
    workspace = open_workspace(common, flags, remarks)
    workspace.check_index()
    encoder = workspace.load_encoder()
    with workspace.open_index(encoder) as index:
        within = workspace.narrow(index, within)
        options = replace(workspace.ask_options, within=within, always_generate=raw)
        assistant = workspace.assistant(index, encoder)
        if batch is not None:
            return _ask_batch(batch, assistant, options)
        answer = _ask_one(question or "", assistant, options, remarks)
        llm = assistant.llm if show_prompt and answer.prompt else None
        if common.as_json:
            _print_form(answer, llm)
        else:
            if llm and answer.prompt:
                print_prompt(answer_console(), answer.prompt, llm)
            print_answer(answer_console(), answer, raw=raw)
            if explain:
                print_explanation(answer_console(), answer)
    return EXIT_ABSTAINED if answer.abstained else 0


def _print_form(answer: Answer, llm: LLM | None) -> None:
    """Print an answer for machines, with the text of its prompt where an LLM is given for that."""
    form = answer_form(answer)
    if llm and answer.prompt:
        form["prompt"]["text"] = llm.render_prompt(answer.prompt.messages)
    print_form(form)


def _ask_one(question: str, assistant: Assistant, options: AskOptions, remarks: Remarks) -> Answer:
    with CompletionDisplay(remarks) as display:
        return assistant.ask(question, options, on_text=display.add, on_sentence=display.judge)


class _Item(NamedTuple):
    """A question of a batch, and the id that its line gave it."""

    question: str
    identity: Any = None
    problem: str = ""
    """Why the line is no question."""


def _ask_batch(batch: Path, assistant: Assistant, options: AskOptions) -> int:
    """Print a JSON object a line; a question that fails gets one with `error` and is not fatal."""
    failed = False
    for item in _read_items(batch):
        try:
            if item.problem:
                raise UsageError(item.problem, hint="mend that line")
            form = answer_form(assistant.ask(item.question, options))
        except RagkitError as error:
            if isinstance(error, UsageError) and item.question.strip():
                raise  # the command is wrong, not the question
            failed = True
            form = {
                "question": item.question,
                "error": error.message,
                "hint": error.hint,
            }
        if item.identity is not None:
            form["id"] = item.identity
        print_form(form)
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
            yield _Item(line)


def _parse_item(line: str, *, place: str) -> _Item:
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _Item("", problem=f"{place} is not JSON: {error}")
    question = item.get("question")
    if not isinstance(question, str):
        return _Item("", item.get("id"), f"{place} has no `question` that is a text")
    if not is_whole_text(question):
        return _Item("", item.get("id"), f"{place} holds half a character")
    return _Item(question, item.get("id"))
