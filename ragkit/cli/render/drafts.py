"""Drafts of samples: a list of those that were made, and one to be looked at."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from ragkit.cli.render.console import print_indented
from ragkit.cli.render.text import one_line, shorten
from ragkit.evaluation.records import Sample

_QUOTE_LENGTH = 400


def print_drafts(console: Console, drafts: Sequence[Sample], *, folder: Path, asked: int) -> None:
    """Print each draft in a line, by kind, and what to do with them."""
    for kind in Counter(draft.kind for draft in drafts):
        console.print(Text(kind, style="bold"))
        for draft in drafts:
            if draft.kind == kind:
                answer = ", ".join(map(one_line, draft.answers))
                told = Text.assemble(one_line(draft.question), (f"  {answer}", "good"))
                print_indented(console, told, indent=2)
    console.print()
    fewer = f" of the {asked} asked for: rules find no more" if len(drafts) < asked else ""
    console.print(f"{len(drafts)} drafts{fewer}, in {one_line(str(folder))}")
    name = one_line(str(folder))
    console.print("They are not run before you accept them. To go through them:", style="faint")
    console.print(f"  ragkit eval make {name} --review", soft_wrap=True)


def print_draft(console: Console, draft: Sample, *, number: int, total: int) -> None:
    """Print a draft with what it rests on."""
    console.print()
    console.print(Text(f"{number} of {total}  {draft.kind}", style="faint"))
    console.print(Text(one_line(draft.question), style="bold"))
    for name, values in (
        ("answer", draft.answers),
        ("false in it", (draft.premise,) if draft.premise else ()),
        ("right instead", draft.correction),
        ("stands nowhere", draft.absent),
    ):
        if values:
            told = Text.assemble((f"{name}: ", "faint"), one_line(" | ".join(values)))
            print_indented(console, told, indent=2)
    for place in draft.gold:
        page = f", page {place.page}" if place.page else ""
        console.print(Text(f"  {one_line(place.document)}{page}", style="place"))
        quote = shorten(one_line(" ".join(place.quote.split())), _QUOTE_LENGTH)
        print_indented(console, Text(quote, style="quote"), indent=4)
