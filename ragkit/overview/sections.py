"""The outline of a document: its sections, with their headings, sentences and places."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest

from ragkit.chunking import PageFinder
from ragkit.evidence.units import split_units
from ragkit.overview.answering import Line, slice_document
from ragkit.records import Block, Chunk, Document

MOST_SECTIONS = 20
"""A longer outline is given by its outer headings, as long as these are at least three."""
_FEWEST_SECTIONS = 3
_NO_SUBSTANCE = re.compile(
    r"(?i)(?:table of )?contents:?|bibliography|references|links"
    r"|(?:additional|further) (?:resources|reading)|acknowledge?ments?"
)
_LONGEST_PLACE = 3000
"""Characters of a section to either side of a line that its source shows at most."""


@dataclass(frozen=True)
class DocumentSection:
    """What stands under one heading, up to the next that is not below it."""

    document: Document
    title: str
    blocks: tuple[Block, ...]
    """Its heading first, if it has one."""
    depth: int = 0

    def passage_of(self, block: Block) -> Chunk:
        """Return the place to cite for a block: what stands on its page of this section."""
        page = self._pages.at(block.start)
        mates = [
            other
            for other in self.blocks
            if self._pages.at(other.start) == page
            and other.start > block.end - _LONGEST_PLACE
            and other.end < block.start + _LONGEST_PLACE
        ] or [block]
        path = (*self.blocks[0].heading, self.title) if self.has_heading else ()
        return slice_document(self.document, mates[0].start, mates[-1].end, heading=path)

    @cached_property
    def _pages(self) -> PageFinder:
        return PageFinder(self.document.pages)

    @property
    def has_heading(self) -> bool:
        """Whether it begins with a heading of its own."""
        return self.blocks[0].kind == "heading"

    @property
    def heading_line(self) -> Line:
        """Its heading as a line of an outline."""
        first = self.blocks[0]
        return Line(self.passage_of(first), first.start, first.end)

    def lines(self) -> tuple[Line, ...]:
        """Return its sentences, bullets and rows in order, each where it stands."""
        found = []
        for block in self.blocks:
            if block.kind == "heading":
                continue
            text = self.document.text[block.start : block.end]
            for sentence in split_units(text):
                start, end = block.start + sentence.start, block.start + sentence.end
                if block.kind in ("row", "code"):
                    start, end = block.start, block.end
                found.append(Line(self.passage_of(block), start, end, self.title))
                if block.kind in ("row", "code"):
                    break
        return tuple(found)

    def kind_at(self, start: int) -> str:
        """Return the kind of the block that holds a place."""
        return next(block.kind for block in self.blocks if block.start <= start < block.end)


def outline(document: Document) -> tuple[DocumentSection, ...]:
    """Return the sections of a document in order, of all depths, each up to the next heading."""
    runs: list[list[Block]] = []
    for block in document.blocks:
        if block.kind == "heading" or not runs:
            runs.append([])
        runs[-1].append(block)
    return tuple(_section(document, run) for run in runs)


def outline_lines(document: Document) -> tuple[Line, ...]:
    """Return the headings of a document in order, those of parts labelled with what they are in."""
    sections = [section for section in outline(document) if section.has_heading]
    depths = [section.depth for section in sections]
    outer = next((depth for depth in sorted(set(depths)) if depths.count(depth) > 1), 0)
    lines = []
    for section, below in zip_longest(sections, sections[1:]):
        above = section.blocks[0].heading
        if section.depth > outer:
            lines.append(replace(section.heading_line, label=" ".join(above[outer].split())))
        elif section.depth < outer or below is None or below.depth <= outer:
            lines.append(section.heading_line)
    return tuple(lines)


def main_sections(document: Document) -> tuple[DocumentSection, ...]:
    """Return the sections to tell a document by: the finest outline that is not too long.

    A document of one title alone is told by what stands below it, and one without headings by the
    whole of its text.
    """
    found = [section for section in outline(document) if section.has_heading]
    if not found:
        blocks = document.blocks
        return (DocumentSection(document, "", blocks),) if blocks else ()
    depths = sorted({section.depth for section in found})
    chosen = depths[0]
    for depth in depths:
        count = sum(section.depth <= depth for section in found)
        if count <= MOST_SECTIONS or sum(s.depth <= chosen for s in found) < _FEWEST_SECTIONS:
            chosen = depth
    return _merge(outline(document), chosen)


def has_substance(section: DocumentSection) -> bool:
    """Say whether a section holds more than its heading, and no list of contents."""
    text = " ".join(line.text for line in section.lines())
    is_contents = _NO_SUBSTANCE.fullmatch(section.title) is not None
    return len(text) > 40 and not is_contents


def _merge(sections: Sequence[DocumentSection], depth: int) -> tuple[DocumentSection, ...]:
    """Return sections up to a depth, what is deeper as a part of the one before."""
    merged: list[DocumentSection] = []
    for section in sections:
        if merged and (section.depth > depth or not section.has_heading):
            last = merged.pop()
            blocks = last.blocks + section.blocks
            merged.append(DocumentSection(last.document, last.title, blocks, last.depth))
        else:
            merged.append(section)
    return tuple(merged)


def _section(document: Document, run: list[Block]) -> DocumentSection:
    first = run[0]
    is_heading = first.kind == "heading"
    title = " ".join(document.text[first.start : first.end].split()) if is_heading else ""
    return DocumentSection(document, title, tuple(run), len(first.heading))
