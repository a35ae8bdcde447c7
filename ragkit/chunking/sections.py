"""Blocks that belong together: those of one page under one heading, small neighbours joined."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ragkit.records import Block, Document, Page


@dataclass(frozen=True, slots=True)
class Section:
    """Neighbouring blocks that may share a chunk, each with its tokens."""

    counted: tuple[tuple[Block, int], ...]
    heading: tuple[str, ...]
    first_page: int | None
    last_page: int | None

    @property
    def tokens(self) -> int:
        """All its tokens, headings included."""
        return sum(tokens for _, tokens in self.counted)


class PageFinder:
    """Which page a place of the text is on."""

    def __init__(self, pages: tuple[Page, ...]) -> None:
        self._pages = [page for page in pages if page.end > page.start]
        self._starts = [page.start for page in self._pages]

    def at(self, place: int) -> Page | None:
        """Return the page that holds a place; None where the document has no pages."""
        if not self._pages:
            return None
        return self._pages[max(0, bisect_right(self._starts, place) - 1)]


def find_sections(
    document: Document, *, count_tokens: Callable[[str], int], small: int, limit: int
) -> Iterator[Section]:
    """Yield the sections of a document in order.

    Args:
        document: What to split.
        count_tokens: Of the encoder; called once for each block.
        small: A section with fewer tokens joins its neighbour on the same page.
        limit: Most tokens of a joined section.
    """
    waiting: Section | None = None
    for section in _plain_sections(document, count_tokens):
        if waiting and _can_join(waiting, section, small=small, limit=limit):
            counted = waiting.counted + section.counted
            waiting = replace(waiting, counted=counted, last_page=section.last_page)
            continue
        if waiting:
            yield waiting
        waiting = section
    if waiting:
        yield waiting


def heading_path(document: Document, blocks: list[Block]) -> tuple[str, ...]:
    """Return the headings that a run of blocks stands under, its own first ones included."""
    for block in blocks:
        if block.kind != "heading":
            return block.heading
    last = blocks[-1]
    return (*last.heading, document.text[last.start : last.end])


def _plain_sections(document: Document, count_tokens: Callable[[str], int]) -> Iterator[Section]:
    """Yield runs of blocks of one page under one heading."""
    pages = PageFinder(document.pages)
    blocks = document.blocks or _whole(document)
    run: list[Block] = []
    for block in blocks:
        if run and _begins_section(document, run, block, pages):
            yield _section(document, run, pages, count_tokens)
            run = []
        run.append(block)
    if run:
        yield _section(document, run, pages, count_tokens)


def _begins_section(document: Document, run: list[Block], block: Block, pages: PageFinder) -> bool:
    if run[-1].kind == "heading":  # a heading goes with what stands under it, on the next page too
        title = document.text[run[-1].start : run[-1].end]
        if block.heading[: len(run[-1].heading) + 1] == (*run[-1].heading, title):
            return False
    return block.kind == "heading" or pages.at(block.start) != pages.at(run[0].start)


def _section(
    document: Document, run: list[Block], pages: PageFinder, count_tokens: Callable[[str], int]
) -> Section:
    counted = tuple((block, count_tokens(document.text[block.start : block.end])) for block in run)
    first, last = pages.at(run[0].start), pages.at(run[-1].start)
    return Section(
        counted,
        heading_path(document, run),
        first_page=first.number if first else None,
        last_page=last.number if last else None,
    )


def _can_join(first: Section, second: Section, *, small: int, limit: int) -> bool:
    return (
        first.first_page == second.last_page
        and first.tokens + second.tokens <= limit
        and (first.tokens < small or second.tokens < small)
    )


def _whole(document: Document) -> tuple[Block, ...]:
    """Return a text without blocks as one paragraph."""
    return (Block("paragraph", 0, len(document.text)),) if document.text.strip() else ()
