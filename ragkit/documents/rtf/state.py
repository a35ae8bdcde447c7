"""What holds within a pair of braces of RTF: where text goes and how it looks."""

from typing import NamedTuple

Sink = list[tuple[str, bool]]
"""Pieces of text, each with whether it is bold."""


class State(NamedTuple):
    """A copy is kept when a brace opens, and holds again when it closes."""

    sink: Sink | None
    """Where text goes; None where it is dropped."""
    below: Sink | None = None
    """Where it went before it was dropped."""
    name: str = ""
    """Of the group: "footnote", "stylesheet", ..."""
    starred: bool = False
    font: int = -1
    replaced: int = 1
    r"""Characters after a \u that stand for it in old readers."""
    is_bold: bool = False
    is_hidden: bool = False
    is_deleted: bool = False
    shift: str = ""
    style: int = 0
    outline: int = 9
    in_table: bool = False
    in_list: bool = False
