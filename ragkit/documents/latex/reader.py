r"""LaTeX source to blocks: one pass, with a stack of the environments that are open."""

import re

from ragkit.documents.draft import Draft, RawBlock
from ragkit.documents.latex.inline import FORMULA, Inline
from ragkit.documents.latex.lists import Lists
from ragkit.documents.latex.source import Verbatim
from ragkit.documents.latex.tables import table_rows
from ragkit.documents.latex.words import (
    DRAWINGS,
    ENVIRONMENT_ARGUMENTS,
    FORMULAS,
    FRAME_LEVEL,
    LEVELS,
    LISTS,
    STEPS,
    TABLES,
    THEOREMS,
    TITLED_BOXES,
)
from ragkit.records import BlockKind

_TOKEN = re.compile(
    FORMULA + r"|\\['`^\"~=.]\s*\{?\s*\\[ij]\b|\\[^A-Za-z]"
    r"|\\(?P<edge>begin|end)\s*\{(?P<env>[^{}\n]{1,40})\}"
    r"|\\(?P<command>[A-Za-z@]+)(?P<star>\*?)"
    r"|(?P<blank>\n[ \t]*\n\s*)",
    re.DOTALL,
)
_OVERLAY = re.compile(r"\s*<[^<>\n]{1,40}>")
_CLASS = re.compile(r"\\documentclass\s*(?:\[[^\]\[]{0,500}\])?\s*\{([^{}]{0,100})\}")
_LABEL = re.compile(r"\\label\s*\{[^{}]*\}")
_FIELDS = frozenset(("title", "subtitle", "author", "institute", "date"))
_FIELD = re.compile(r"\\(title|subtitle|author|institute|date)(?![A-Za-z])")
_FRAME_TITLES = {"frametitle": FRAME_LEVEL, "framesubtitle": FRAME_LEVEL + 1}


class LatexReader:
    """Reads one file.

    Args:
        source: Without comments and definitions.
        verbatim: What the marks in the source stand for.
        theorems: Environments that the author defined, and their names in print.
    """

    def __init__(
        self, source: str, verbatim: tuple[Verbatim, ...], theorems: dict[str, str]
    ) -> None:
        self._source = source
        self._inline = Inline(source, verbatim)
        self._theorems = THEOREMS | theorems
        self._blocks: list[RawBlock] = []
        self._parts: list[str] = []
        self._kind: BlockKind = "paragraph"
        self._lists = Lists()
        self._fields: dict[str, str] = {}
        self._is_slides = "beamer" in (found[1] if (found := _CLASS.search(source)) else "")
        self._page = 1
        self._frames = 0
        self._included: list[str] = []

    def read(self) -> Draft:
        """Return the draft."""
        begin = self._source.find("\\begin{document}")
        end = self._source.find("\\end{document}")
        if begin >= 0:
            self._read_fields(begin)
        self._walk(max(0, begin), len(self._source) if end < 0 else end)
        if not self._blocks and self._included:
            text = f"This document includes {', '.join(self._included)}."
            self._blocks.append(RawBlock("paragraph", text))
        last = max((block.page for block in self._blocks), default=0)
        labels = tuple(str(page) for page in range(1, max(last, self._frames) + 1))
        return Draft(
            blocks=tuple(self._blocks),
            title=self._fields.get("title", ""),
            page_labels=labels if self._is_slides else (),
        )

    def _read_fields(self, end: int) -> None:
        """Take title, authors and date from the preamble."""
        for found in re.finditer(
            r"\\(title|subtitle|author|institute|date)(?![A-Za-z])", self._source[:end]
        ):
            self._take_field(found[1], found.end())

    def _take_field(self, name: str, place: int) -> int:
        start, stop, place = self._inline.argument(self._inline.optional(place)[2])
        text = " ".join(self._inline.text(start, stop).split())
        self._fields[name] = text.replace(" , ", ", ")
        return place

    def _walk(self, place: int, end: int) -> None:
        begin = place
        while found := _TOKEN.search(self._source, place, end):
            place = found.end()
            if not (found["edge"] or found["command"] or found["blank"]):
                continue
            self._parts.append(self._inline.text(begin, found.start()))
            if found["edge"]:
                place = self._edge(found["edge"], found["env"].strip(), place, end)
            elif found["command"]:
                place = self._command(found["command"], place)
            else:
                self._flush()
            begin = place
        self._parts.append(self._inline.text(begin, end))
        self._flush()

    # --- environments

    def _edge(self, edge: str, name: str, place: int, end: int) -> int:
        if edge == "end":
            self._end(name)
            return place
        if name in FORMULAS or name in DRAWINGS:
            return self._formula(name, place, end)
        if name in TABLES:
            return self._table(name, place, end)
        place = _after(_OVERLAY, self._source, place)
        if name in LISTS:
            self._flush()
            self._lists.begin(LISTS[name])
        elif name == "frame":
            return self._begin_frame(place)
        elif name in TITLED_BOXES:
            self._flush()
            start, stop, place = self._inline.argument(place)
            self._heading(6, self._inline.text(start, stop))
        elif name == "abstract":
            self._flush()
            self._heading(LEVELS["section"], "Abstract")
        elif name in self._theorems:
            return self._theorem(name, place)
        else:
            self._flush()
            for _ in range(ENVIRONMENT_ARGUMENTS.get(name, 0)):
                _, _, place = self._inline.argument(place)
        return self._inline.optional(place)[2]

    def _end(self, name: str) -> None:
        self._flush()
        if name == "frame":
            self._page = self._frames + 1
        if name in LISTS:
            self._lists.end()
        if not self._lists.depth:
            self._kind = "paragraph"

    def _environment_end(self, name: str, place: int, end: int) -> tuple[int, int]:
        """Return where the text of an environment ends, and where the source goes on."""
        closing = f"\\end{{{name}}}"
        stop = self._source.find(closing, place, end)
        return (end, end) if stop < 0 else (stop, stop + len(closing))

    def _formula(self, name: str, place: int, end: int) -> int:
        stop, after = self._environment_end(name, place, end)
        if name in FORMULAS:
            formula = _LABEL.sub("", self._source[place:stop])
            self._parts.append(f" ${' '.join(formula.split())}$ ")
        return after

    def _table(self, name: str, place: int, end: int) -> int:
        self._flush()
        stop, after = self._environment_end(name, place, end)
        place = self._inline.optional(place)[2]
        for _ in range(TABLES[name]):
            _, _, place = self._inline.argument(place)
        for row in table_rows(self._source, self._inline, place, stop):
            self._add("row", row)
        return after

    def _begin_frame(self, place: int) -> int:
        self._flush()
        self._frames += 1
        self._page = self._frames
        title, place = self._frame_title(self._inline.optional(place)[2])
        self._heading(FRAME_LEVEL, title)
        return place

    def _short_frame(self, place: int) -> int:
        start, stop, after = self._inline.argument(self._inline.optional(place)[2])
        if self._page <= self._frames:  # within a frame: it means something else
            return place
        self._flush()
        self._frames += 1
        self._walk(start, stop)
        self._page = self._frames + 1
        return after

    def _frame_title(self, place: int) -> tuple[str, int]:
        titles = []
        for _ in range(2):
            if self._source[place : place + 1] != "{":
                break
            start, stop, place = self._inline.argument(place)
            titles.append(self._inline.text(start, stop).strip())
        return " – ".join(title for title in titles if title), place

    def _theorem(self, name: str, place: int) -> int:
        self._flush()
        start, stop, place = self._inline.optional(place)
        said = self._inline.text(start, stop).strip()
        self._parts.append(
            f"{self._theorems[name]} ({said}). " if said else f"{self._theorems[name]}. "
        )
        return place

    # --- commands

    def _command(self, name: str, place: int) -> int:
        if name in LEVELS or name in _FRAME_TITLES:
            return self._titled(LEVELS.get(name) or _FRAME_TITLES[name], place)
        if name in _FIELDS:
            return self._take_field(name, place)
        if name in ("item", "bibitem"):
            return self._item(name, place)
        if name in ("caption", "footnotetext", "note"):
            return self._aside(name, place)
        if name == "frame":
            return self._short_frame(_after(_OVERLAY, self._source, place))
        if name in ("input", "include", "subfile"):
            start, stop, place = self._inline.argument(place)
            self._included.append(self._source[start:stop].strip())
        elif name in ("maketitle", "titlepage"):
            self._title()
        elif name == "par":
            self._flush()
        else:
            text = f"\n{STEPS[name]}" if name in STEPS else ""
            if not text:
                text, place = self._inline.command(name, place)
            self._parts.append(text)
        return place

    def _titled(self, level: int, place: int) -> int:
        place = self._inline.optional(_after(_OVERLAY, self._source, place))[2]
        start, stop, place = self._inline.argument(place)
        self._flush()
        self._heading(level, self._inline.text(start, stop))
        return place

    def _item(self, name: str, place: int) -> int:
        self._flush()
        place = _after(_OVERLAY, self._source, place)
        start, stop, place = self._inline.optional(place)
        label = self._inline.text(start, stop).strip()
        if name == "bibitem":
            start, stop, place = self._inline.argument(place)
            label = f"[{self._source[start:stop].strip()}]"
        else:
            label = self._lists.label(label)
        self._kind = "item"
        self._parts.append(f"{label} " if label else "")
        return place

    def _aside(self, name: str, place: int) -> int:
        place = _after(_OVERLAY, self._source, place)
        start, stop, place = self._inline.argument(self._inline.optional(place)[2])
        text = self._inline.text(start, stop).strip()
        if name == "caption":
            self._flush()
            self._add("caption", text)
        elif text:
            said = "Speaker notes" if name == "note" else "Footnote"
            self._inline.notes.append(f"{said}: {text}")
        return place

    def _title(self) -> None:
        self._flush()
        self._heading(1, self._fields.get("title", ""))
        lines = (self._fields.get(name, "") for name in ("subtitle", "author", "institute", "date"))
        self._add("paragraph", "\n".join(line for line in lines if line))

    # --- blocks

    def _heading(self, level: int, text: str) -> None:
        self._add("heading", text, level=level)

    def _add(self, kind: BlockKind, text: str, *, level: int = 0) -> None:
        if text.strip():
            self._blocks.append(RawBlock(kind, text, level, self._page))

    def _flush(self) -> None:
        for text, is_code in self._inline.cut("".join(self._parts)):
            self._add("code" if is_code else self._kind, text)
        self._parts.clear()
        for note in self._inline.notes:
            self._add("note", note)
        self._inline.notes.clear()


def _after(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place
