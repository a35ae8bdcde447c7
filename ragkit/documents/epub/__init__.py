"""E-books (EPUB 2 and 3): the chapters in reading order, with the pages of the printed book.

A book that does not say where its printed pages begin has no pages: its headings tell the place.
Tables of contents, fonts and pictures are not read.
"""

from itertools import chain

from ragkit.documents.draft import Draft, RawBlock, RawFile, translate_library_errors
from ragkit.documents.epub.book import Book
from ragkit.documents.epub.chapter import Marks, read_chapter
from ragkit.errors import DocumentError


def read_epub(file: RawFile) -> Draft:
    """Return the draft of an .epub file."""
    with translate_library_errors(file, "an e-book"):
        book = Book(file)
        if book.is_protected:
            raise DocumentError(
                f"{file.name} is protected by its seller (DRM)",
                hint="get a copy without protection, or list it in .ragkitignore",
            )
        marks = Marks(book.page_labels)
        chapters = [
            _named(read_chapter(book.text(name), name, marks), book.chapter_titles.get(name, ""))
            for name in book.chapters
        ]
        blocks = chain.from_iterable(chapters)
        pages, labels = marks.pages(blocks)
        return Draft(blocks=tuple(pages), title=book.title, page_labels=labels)


def _named(blocks: list[RawBlock], title: str) -> list[RawBlock]:
    """Return a chapter with its name in the table of contents if it has no heading of its own."""
    if not title or not blocks or any(block.kind == "heading" for block in blocks):
        return blocks
    return [RawBlock("heading", title, level=2), *blocks]
