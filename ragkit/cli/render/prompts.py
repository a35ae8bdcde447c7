"""Strategies and prompts on a screen: the exact text, what each part costs, what did not fit."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from ragkit.cli.render.console import print_indented
from ragkit.cli.render.place import place_text
from ragkit.cli.render.text import clean, one_line
from ragkit.errors import PromptError
from ragkit.prompting import ExampleSet, StrategyFile
from ragkit.protocols import LLM
from ragkit.records import Prompt

_PART_NAMES = {
    "template": "chat template",
    "system": "instructions",
    "question": "question",
    "sources": "sources",
}


def print_prompt(console: Console, prompt: Prompt, llm: LLM) -> None:
    """Print the text that the model gets, what each part of it costs, and what was left out."""
    console.print(Text(clean(llm.render_prompt(prompt.messages))), soft_wrap=True)
    console.print()
    estimated = ", estimated: the tokenizer is the server's" if llm.estimates_tokens else ""
    console.print(Text(f"Tokens{estimated}", style="place"))
    width = len(str(prompt.tokens))
    for tokens, name in _costs(prompt):
        _print_hanging(console, f" {tokens:>{width}}  ", Text(name))
    for source, tokens in zip(prompt.sources, prompt.source_tokens, strict=True):
        place = Text(f"[{source.id}] {place_text(source.hit.chunk)}", style="faint")
        _print_hanging(console, f" {tokens:>{width}}    ", place)
    _print_hanging(console, f" {prompt.tokens}  ", Text("in all", style="bold"))
    for part in prompt.left_out:
        place_words = place_text(part.source.hit.chunk)
        sentences = _counted(part.sentences, "sentence")
        words = f"[{part.source.id}] {place_words}: {sentences}, {part.reason}"
        _print_hanging(console, " left out  ", Text(words, style="warn"))
    console.print()
    console.print(_summary(prompt), style="faint")


def _costs(prompt: Prompt) -> Iterator[tuple[int, str]]:
    """Yield the tokens and the name of each part that the prompt has."""
    for part, tokens in prompt.ledger.items():
        name = _PART_NAMES.get(part, part)
        if part == "examples":
            name = _counted(len(prompt.examples), "worked example")
        if tokens:
            yield tokens, name


def _summary(prompt: Prompt) -> Text:
    percent = round(100 * prompt.tokens / prompt.context_window)
    share = f"{prompt.tokens} of {prompt.context_window} tokens of the context window ({percent}%)"
    return Text(f"{prompt.strategy}, version {prompt.version} · {share}")


def _print_hanging(console: Console, head: str, text: Text) -> None:
    """Print a text behind a head; its further lines begin below its first."""
    for line in text.wrap(console, max(20, console.width - len(head))):
        line.rstrip()
        console.print(Text.assemble(head, line))
        head = " " * len(head)


def print_strategies(
    console: Console,
    files: Sequence[StrategyFile],
    sets: Sequence[ExampleSet],
    *,
    chosen: str,
) -> None:
    """Print the strategies and the sets of worked examples, those that are broken too.

    Args:
        console: Where to.
        files: The strategies.
        sets: The worked examples that they take theirs from.
        chosen: The strategy that is used where none is named.
    """
    for file in files:
        if file.strategy is None:
            _print_broken(console, file.name, file.error)
            continue
        strategy = file.strategy
        traits = [
            f"version {strategy.version}",
            *([_counted(len(strategy.examples), "worked example")] if strategy.examples else []),
            *(["reasons"] if strategy.answer_marker else []),
            *([] if file.built_in else [str(file.path)]),
            *(["used by default"] if file.name == chosen else []),
        ]
        console.print(Text.assemble((one_line(file.name), "place"), "  ", (_join(traits), "faint")))
        print_indented(console, Text(one_line(strategy.description)), indent=2)
    console.print()
    for one in sets:
        if one.error:
            _print_broken(console, f"worked examples {one.name}", one.error)
            continue
        kinds = ", ".join(example.kind for example in one.examples if example.kind)
        words = f"{_counted(len(one.examples), 'worked example')} in the set {one.name}"
        head = words if one.built_in else f"{words} ({one.path})"
        console.print(Text(one_line(f"{head}: {kinds}" if kinds else head), style="faint"))


def _print_broken(console: Console, name: str, error: PromptError | None) -> None:
    message = one_line(error.message) if error else ""
    console.print(Text.assemble((f"✗ {one_line(name)}  ", "bad"), message), soft_wrap=True)
    if error and error.hint:
        console.print(Text(f"  next: {one_line(error.hint)}", style="warn"), soft_wrap=True)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _join(traits: Sequence[str]) -> str:
    return " · ".join(one_line(trait) for trait in traits)
