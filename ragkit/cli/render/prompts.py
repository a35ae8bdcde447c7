"""A prompt on a screen: the exact text, then what each part of it costs."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ragkit.cli.render.text import clean
from ragkit.protocols import LLM
from ragkit.records import Prompt


def print_prompt(console: Console, prompt: Prompt, llm: LLM) -> None:
    """Print the text that the model gets, and its token ledger."""
    console.print(Text(clean(llm.render_prompt(prompt.messages))), soft_wrap=True)
    console.print()
    table = Table(box=None, pad_edge=False)
    table.add_column("part")
    table.add_column("tokens", justify="right")
    for part, tokens in prompt.ledger.items():
        table.add_row(part, str(tokens))
    table.add_row("all", str(prompt.tokens), style="bold")
    console.print(table)
    share = f"{prompt.tokens} of {prompt.context_window} tokens"
    dropped = f"; {prompt.dropped_sources} sources did not fit" if prompt.dropped_sources else ""
    console.print(Text(f"{prompt.strategy} {prompt.version}: {share}{dropped}", style="faint"))
