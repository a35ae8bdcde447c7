"""Passages on a screen."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from ragkit.cli.render.console import print_indented
from ragkit.cli.render.place import place_text
from ragkit.cli.render.text import one_line, shorten
from ragkit.records import Hit

_TEXT_LENGTH = 360


def print_hits(console: Console, hits: Sequence[Hit], *, explain: bool) -> None:
    """Print hits, best first; `explain` adds how each ranking placed them."""
    for hit in hits:
        head = Text.assemble(
            (f"{hit.rank:>2}", "mark"), "  ", (place_text(hit.chunk), "place"), overflow="fold"
        )
        head.append(f"  {hit.score:.3f}", style="faint")
        console.print(head)
        if explain:
            print_indented(console, Text(_explanation(hit), style="faint"), indent=4)
        text = shorten(one_line(hit.chunk.text), _TEXT_LENGTH)
        print_indented(console, Text(text), indent=4)


def _explanation(hit: Hit) -> str:
    dense, lexical = hit.ranks.dense, hit.ranks.lexical
    cosine = "" if hit.cosine is None else f" (cosine {hit.cosine:.3f})"
    parts = (
        f"dense rank {dense}{cosine}" if dense else "not among the dense",
        f"lexical rank {lexical}" if lexical else "not among the lexical",
        f"fused score {hit.score:.4f}",
    )
    return " · ".join(parts)
