"""PDF files: lines with their place and size, then structure, page by page.

`pieces.py` asks pypdf for text and its place, `lines.py` makes lines of it, `furniture.py` takes
away what every page repeats, `structure.py` tells headings, paragraphs and lists apart, `scans.py`
says which pages are pictures. Only those are recognised, and only if asked for.
"""

import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from ragkit.documents.clean import clean_line
from ragkit.documents.draft import Draft, RawBlock, RawFile, translate_library_errors
from ragkit.documents.ocr import advise_ocr, recognise_pages
from ragkit.documents.pages import describe_pictures, list_pages
from ragkit.documents.pdf.furniture import remove_furniture
from ragkit.documents.pdf.lines import PageLines, find_lines
from ragkit.documents.pdf.notes import insert_notes, read_notes
from ragkit.documents.pdf.order import in_reading_order
from ragkit.documents.pdf.pieces import RawPage, read_pieces
from ragkit.documents.pdf.scans import UnreadPages, find_unread, lines_of
from ragkit.documents.pdf.strings import Widths
from ragkit.documents.pdf.structure import find_structure
from ragkit.errors import DocumentError

if TYPE_CHECKING:
    from pypdf import PdfReader


def read_pdf(file: RawFile) -> Draft:
    """Return the draft of a .pdf file."""
    with _quiet_pypdf(), translate_library_errors(file, "PDF"):
        reader = _open(file)
        title, labels = _title(reader), _page_labels(reader)
        raw_pages, failed = _read_pages(reader)
        notes = _read_notes(reader)
    if raw_pages and len(failed) == len(raw_pages):
        raise DocumentError(
            f"{file.name} is broken: none of its pages can be read",
            hint="open it in a PDF viewer, print it to a new PDF, then ingest that",
        )
    pages = [_ordered(find_lines(page)) for page in raw_pages]
    unread = find_unread(raw_pages, pages)
    recognised = _recognise(file, unread, pages)
    if not any(page.lines for page in pages) and not notes:
        raise _no_text(file, unread, len(pages))
    blocks = insert_notes(find_structure(remove_furniture(pages)), notes)
    warnings = _warnings(file, unread, recognised, failed=failed, count=len(pages))
    return Draft(tuple(blocks), title=title, page_labels=labels, warnings=tuple(warnings))


def _ordered(page: PageLines) -> PageLines:
    return replace(page, lines=in_reading_order(page))


def _recognise(file: RawFile, unread: UnreadPages, pages: list[PageLines]) -> tuple[int, ...]:
    """Put what is recognised in the place of unread pages; return their numbers."""
    wanted = sorted((*unread.pictures, *unread.unreadable))
    if not wanted or file.ocr is None or advise_ocr(asked=True):
        return ()
    found = recognise_pages(file.data, wanted, ocr=file.ocr, password=file.password)
    for number, page in found.items():
        if page.lines:
            pages[number - 1] = lines_of(page)
    return tuple(number for number in found if found[number].lines)


def _warnings(
    file: RawFile,
    unread: UnreadPages,
    recognised: Sequence[int],
    *,
    failed: Sequence[int],
    count: int,
) -> Iterator[str]:
    """Yield what a user should know of the pages, one line for each reason."""
    left = [[n for n in numbers if n not in recognised] for numbers in unread]
    if failed:
        yield f"{len(failed)} of {count} pages cannot be read ({list_pages(failed)})"
    asked = file.ocr is not None
    yield from describe_pictures(left[0], sorted(recognised), count=count, asked=asked)
    if left[1]:
        advice = advise_ocr(asked=asked)
        yield (
            f"the text of {len(left[1])} of {count} pages cannot be read: its fonts have no"
            f" character map ({list_pages(left[1])})" + (f"; {advice}" if advice else "")
        )


def _no_text(file: RawFile, unread: UnreadPages, count: int) -> DocumentError:
    if unread.unreadable:
        reason = "its fonts have no character map"
    elif not count:
        reason = "it has no pages"
    elif not unread.pictures:
        reason = f"its {count} pages are blank" if count > 1 else "its one page is blank"
    else:
        scans = len(unread.pictures)
        reason = f"{scans} pages look like scans" if scans > 1 else "its one page looks like a scan"
    hint = "remove it, or list it in .ragkitignore"
    if unread.pictures or unread.unreadable:
        hint = advise_ocr(asked=file.ocr is not None) or hint
    return DocumentError(f"{file.name} has no text: {reason}", hint=hint)


def _open(file: RawFile) -> "PdfReader":
    from pypdf import PasswordType, PdfReader

    reader = PdfReader(io.BytesIO(file.data))
    if not reader.is_encrypted or reader.decrypt("") != PasswordType.NOT_DECRYPTED:
        return reader
    if file.password is None:
        raise DocumentError(
            f"{file.name} is encrypted", hint="give its password: --password PASSWORD"
        )
    if reader.decrypt(file.password) == PasswordType.NOT_DECRYPTED:
        raise DocumentError(
            f"{file.name} is encrypted and the password given does not open it",
            hint="check the password given with --password: upper and lower case count",
        )
    return reader


def _read_pages(reader: "PdfReader") -> tuple[list[RawPage], list[int]]:
    """Return the pieces of every page, and the numbers of the pages that pypdf could not read."""
    pages: list[RawPage] = []
    widths: Widths = {}
    failed: list[int] = []
    for number, page in enumerate(reader.pages, start=1):
        try:
            pages.append(read_pieces(page, widths))
        except MemoryError:  # those who limit it report it
            raise
        except Exception:  # noqa: BLE001 - a broken page costs that page
            pages.append(RawPage(0, 0, ()))
            failed.append(number)
    return pages, failed


def _read_notes(reader: "PdfReader") -> list[RawBlock]:
    notes: list[RawBlock] = []
    for number, page in enumerate(reader.pages, start=1):
        with suppress(Exception):  # a broken note costs the notes of its page
            notes += read_notes(page, number)
    return notes


def _title(reader: "PdfReader") -> str:
    try:
        return clean_line(str(reader.metadata.title or "")) if reader.metadata else ""
    except Exception:  # noqa: BLE001 - a title is not worth a document
        return ""


def _page_labels(reader: "PdfReader") -> tuple[str, ...]:
    try:
        labels = tuple(reader.page_labels)
    except Exception:  # noqa: BLE001 - broken labels: count the pages instead
        labels = ()
    count = len(reader.pages)
    return labels if len(labels) == count else tuple(str(n) for n in range(1, count + 1))


@contextmanager
def _quiet_pypdf() -> Iterator[None]:
    """Keep pypdf's notes on malformed files out of the terminal; what matters is raised."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)
