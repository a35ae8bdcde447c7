"""Word documents: paragraphs, lists, tables and notes in the order in which they stand."""

import io
import re
from collections.abc import Iterator
from typing import Any

from ragkit.documents.archives import open_archive
from ragkit.documents.draft import Draft, RawBlock, RawFile, translate_library_errors
from ragkit.documents.looks import looks_like_heading
from ragkit.documents.ocr import recognise_pictures
from ragkit.documents.pages import nothing_but_pictures
from ragkit.documents.strict_office import to_common_form
from ragkit.documents.word.grid import table_rows
from ragkit.documents.word.lists import ListNumbers
from ragkit.documents.word.parts import Notes, frame_lines, numbering_of, pictures_of
from ragkit.documents.word.styles import Styles
from ragkit.documents.word.text import SKIPPED, W, is_bold, text_of

_CONTAINERS = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "customXml"))
_LEAST_CHARACTERS = 20
"""A document with less text and with pictures is a picture of its text."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_NO_NEWS = frozenset("page seite of von side página pagina".split())


def read_word(file: RawFile) -> Draft:
    """Return the draft of a .docx file."""
    with translate_library_errors(file, "a Word document"):
        import docx

        open_archive(file, "a Word document")
        document = docx.Document(io.BytesIO(to_common_form(file.data)))
        blocks = list(_Reader(document).read())
        known = {word.lower() for block in blocks for word in _WORD.findall(block.text)}
        for line in frame_lines(document):  # kept where it says something new
            words = {word.lower() for word in _WORD.findall(line)} - _NO_NEWS
            if words - known:
                known |= words
                blocks.append(RawBlock("paragraph", line))
        blocks = [block for block in blocks if block.text.strip()]
        warnings: tuple[str, ...] = ()
        pictures = pictures_of(document)
        if pictures and sum(len(block.text.strip()) for block in blocks) < _LEAST_CHARACTERS:
            lines = recognise_pictures(pictures, ocr=file.ocr)
            blocks += [RawBlock("paragraph", line) for line in lines]
            if not blocks:
                asked = file.ocr is not None
                raise nothing_but_pictures(file.name, len(pictures), noun="pages", asked=asked)
            warnings = ("its pictures were read by OCR: expect wrong letters",) if lines else ()
        title = document.core_properties.title or ""
        return Draft(blocks=tuple(blocks), title=title, warnings=warnings)


class _Reader:
    """Goes through a document once, and counts its lists and notes on the way."""

    def __init__(self, document: Any) -> None:
        self._body = document.element.body
        self._styles = Styles(document)
        self._numbers = ListNumbers(numbering_of(document))
        self._notes = Notes(document)

    def read(self) -> Iterator[RawBlock]:
        """Yield the blocks of the document; lines of code that follow each other as one."""
        code: list[str] = []
        for block in self._blocks(self._body):
            if block.kind == "code":
                code.append(block.text)
                continue
            if code:
                yield RawBlock("code", "\n".join(code))
                code = []
            yield block
        if code:
            yield RawBlock("code", "\n".join(code))

    def _blocks(self, parent: Any) -> Iterator[RawBlock]:
        for element in parent.iterchildren():
            if element.tag == f"{W}p":
                yield from self._paragraph_blocks(element)
            elif element.tag == f"{W}tbl":
                yield from self._table_blocks(element)
            elif element.tag in _CONTAINERS:
                yield from self._blocks(element)

    def _table_blocks(self, table: Any) -> Iterator[RawBlock]:
        cells = table.findall(f"{W}tr/{W}tc")
        if len(cells) == 1:  # a frame around text
            yield from self._blocks(cells[0])
            return
        for line in table_rows(table, named=self._styles.mark_first_row(table)):
            yield RawBlock("row", line)
        yield from self._note_blocks(table)

    def _paragraph_blocks(self, paragraph: Any) -> Iterator[RawBlock]:
        found = self._styles.describe(paragraph)
        text = text_of(paragraph)
        if found.list_id and text.strip() and found.kind in ("item", "heading"):
            label = self._numbers.next_label(found.list_id, found.list_level)
            text = f"{label} {text}" if label else text
        if found.kind == "paragraph" and looks_like_heading(text, bold=is_bold(paragraph)):
            yield RawBlock("heading", text, level=6)
        else:
            yield RawBlock(found.kind, text, level=found.level)
        for box in paragraph.iter(f"{W}txbxContent"):
            if not any(parent.tag in SKIPPED for parent in box.iterancestors()):
                yield from self._blocks(box)
        yield from self._note_blocks(paragraph)

    def _note_blocks(self, element: Any) -> Iterator[RawBlock]:
        yield from (RawBlock("note", text) for text in self._notes.texts_below(element))
