"""A reader's draft to a Document: cleaned, joined, with the exact place of every block and page."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from ragkit.documents.clean import clean_line, clean_text, join_lines, strip_bullet
from ragkit.documents.course import find_course_facts
from ragkit.documents.draft import Draft, RawBlock
from ragkit.documents.language import find_language
from ragkit.records import Block, Document, Page, StoredDocument

_HEADING_CHARACTERS = 500
"""A longer one is a paragraph: everything below it would carry it along."""
_DEEPEST_LEVEL = 9
_LABEL_CHARACTERS = 50
_TITLE_CHARACTERS = 200
_PROSE = frozenset({"heading", "paragraph", "item", "note", "caption"})
_LINES = frozenset({"heading", "paragraph"})
_FIRST_BLOCKS = 8
_TIGHT = frozenset({"item", "row"})
"""Kinds whose neighbours of the same kind stand on the next line, without an empty one between."""
# What programs write into the title field when nobody fills it in.
_EMPTY_TITLES = re.compile(
    r"(?i)^(untitled\b.*|no ?title|title|document\d*|powerpoint[- ]pr[eä]sentation|presentation\d*"
    r"|slide \d+|microsoft (word|powerpoint) -.*|.*\.(docx?|pptx?|pdf|tex|dvi|indd|odt|html?|ps"
    r"|rtf|qxd|pages|md|ipynb)|[\W\d_]*|\(anonymous\)|none|null|dvips output|latex.*)$"
)


def build_document(draft: Draft, *, name: str, kind: str, sha256: str) -> Document:
    """Return the Document of a draft; its text is empty if the draft holds none.

    Args:
        draft: What a reader found.
        name: `Document.path`.
        kind: `Document.format`.
        sha256: Of the file's bytes.
    """
    text = _Text()
    for raw in draft.blocks:
        text.add(raw)
    title = choose_title(draft, name=name)
    whole = "".join(text.parts)
    return Document(
        path=name,
        format=kind,
        title=title,
        text=whole,
        sha256=sha256,
        pages=_pages(draft.page_labels, text),
        blocks=tuple(text.blocks),
        warnings=tuple(clean_line(warning) for warning in draft.warnings),
        language=find_language(_texts(whole, text.blocks, _PROSE)),
        metadata=_course_facts(name, title, whole, text.blocks),
    )


def keeps_title(document: StoredDocument, name: str) -> bool:
    """Say whether a document would have the title that it has if its file had another name."""
    before = _title_of_name(document.path)
    return document.title != before or before == _title_of_name(name)


def rename_document(document: Document, *, name: str) -> Document:
    """Return a document that keeps its title as its file would be read under another name."""
    facts = _course_facts(name, document.title, document.text, document.blocks)
    return replace(document, path=name, metadata=facts)


def _course_facts(name: str, title: str, whole: str, blocks: Sequence[Block]) -> dict[str, str]:
    lines = _texts(whole, blocks[:_FIRST_BLOCKS], _LINES)
    return find_course_facts(name, title=title, first_lines=lines)


def _texts(whole: str, blocks: Iterable[Block], kinds: Container[str]) -> Iterator[str]:
    return (whole[block.start : block.end] for block in blocks if block.kind in kinds)


def choose_title(draft: Draft, *, name: str) -> str:
    """Return a document's title: its metadata if sensible, else its first heading or file name.

    >>> choose_title(Draft(blocks=(), title="Microsoft Word - x.doc"), name="notes/week_3-rag.pdf")
    'week 3 rag'
    """
    # Level 6 is for what only reads like a heading: a bold line, a question.
    found = (raw for raw in draft.blocks if raw.kind == "heading" and raw.level < 6)
    headings = [clean_line(raw.text) for raw in found]
    for title in [clean_line(draft.title), *headings[:1]]:
        if title and not _EMPTY_TITLES.match(title):
            return title[:_TITLE_CHARACTERS].rstrip()
    return _title_of_name(name)


def _title_of_name(name: str) -> str:
    stem = clean_line(re.sub(r"[_\-\s]+", " ", PurePosixPath(name).stem))
    return stem or clean_line(name) or "untitled"


@dataclass
class _Text:
    """The text so far, and where its blocks and pages lie."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    blocks: list[Block] = field(default_factory=list)
    page_starts: dict[int, int] = field(default_factory=dict)
    page_ends: dict[int, int] = field(default_factory=dict)
    headings: list[tuple[int, str]] = field(default_factory=list)
    last: RawBlock | None = None

    def add(self, raw: RawBlock) -> None:
        """Append a block, or the rest of one."""
        cleaned = _clean_block(raw)
        if not cleaned:
            return
        if raw.kind == "heading" and len(cleaned) > _HEADING_CHARACTERS:
            raw = replace(raw, kind="paragraph")
        if raw.continues and self.last and self.last.kind == raw.kind:
            self._extend(raw, cleaned)
        else:
            self._begin(raw, cleaned)
        self.last = raw

    def _begin(self, raw: RawBlock, cleaned: str) -> None:
        self._append(self._separator(raw))
        level = min(max(raw.level, 1), _DEEPEST_LEVEL)
        if raw.kind == "heading":
            self.headings = [(other, text) for other, text in self.headings if other < level]
        path = tuple(text for _, text in self.headings)
        self._mark_page(raw.page)
        start = self.length
        self._append(cleaned)
        self.blocks.append(Block(kind=raw.kind, start=start, end=self.length, heading=path))
        if raw.kind == "heading":
            self.headings.append((level, cleaned))
        self.page_ends[raw.page] = self.length

    def _extend(self, raw: RawBlock, cleaned: str) -> None:
        before = self.parts[-1]
        code = raw.kind == "code"
        joined = f"{before}\n{cleaned}" if code else join_lines([before, cleaned])
        kept = len(before) - (not joined.startswith(before))  # a hyphen at the page's end goes
        self.length -= len(before) - kept
        self.parts[-1] = before[:kept]
        if self.last:
            self.page_ends[self.last.page] = self.length
        self._append(joined[kept : len(joined) - len(cleaned)])
        self._mark_page(raw.page)
        self._append(cleaned)
        block = self.blocks[-1]
        self.blocks[-1] = Block(block.kind, block.start, self.length, block.heading)
        self.page_ends[raw.page] = self.length

    def _append(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.length += len(text)

    def _mark_page(self, page: int) -> None:
        self.page_starts.setdefault(page, self.length)

    def _separator(self, raw: RawBlock) -> str:
        if self.last is None:
            return ""
        tight = self.last.kind == raw.kind in _TIGHT and self.last.page == raw.page
        return "\n" if tight else "\n\n"


def _clean_block(raw: RawBlock) -> str:
    if raw.kind == "code":
        return clean_text(raw.text, code=True)
    if raw.kind in ("heading", "row"):
        return clean_line(raw.text)
    if raw.kind == "item":
        line = clean_line(raw.text)
        stripped = strip_bullet(line)
        return line if stripped is None or not stripped else stripped
    return clean_text(raw.text)


def _pages(labels: tuple[str, ...], text: _Text) -> tuple[Page, ...]:
    """Return one Page per label; a page without text is empty and stands where the last one ended.

    >>> _pages(("i",), _Text())
    (Page(number=1, label='i', start=0, end=0),)
    """
    pages, end = [], 0
    for number, label in enumerate(labels, start=1):
        start = text.page_starts.get(number, end)
        end = text.page_ends.get(number, start)
        pages.append(Page(number, clean_line(label)[:_LABEL_CHARACTERS] or str(number), start, end))
    return tuple(pages)
