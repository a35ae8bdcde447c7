"""PDF files: lines with their place and size, then structure, page by page.

`lines.py` asks pypdf for lines, `furniture.py` takes away what every page repeats, `structure.py`
tells headings, paragraphs and lists apart. Scanned pages have no text here; nothing is recognised.
"""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ragkit.documents.clean import clean_line
from ragkit.documents.draft import Draft, RawFile, translate_library_errors
from ragkit.documents.pdf.furniture import remove_furniture
from ragkit.documents.pdf.lines import PageLines, RawPage, find_lines, read_pieces
from ragkit.documents.pdf.structure import find_structure
from ragkit.errors import DocumentError

if TYPE_CHECKING:
    from pypdf import PdfReader

_LEAST_CHARACTERS = 20
"""A page with less text is taken for a picture of a page."""


def read_pdf(file: RawFile) -> Draft:
    """Return the draft of a .pdf file."""
    with _quiet_pypdf(), translate_library_errors(file, "PDF"):
        reader = _open(file)
        title, labels = _title(reader), _page_labels(reader)
        pages, failed = _extract_pages(reader)
    if pages and failed == len(pages):
        raise DocumentError(
            f"{file.name} is broken: none of its pages can be read",
            hint="open it in a PDF viewer, print it to a new PDF, then ingest that",
        )
    blank = sum(_is_blank(page) for page in pages) - failed
    if not any(page.lines for page in pages):
        raise DocumentError(
            f"{file.name} has no text: {_counted(len(pages))}",
            hint="recognise its text first, for example with ocrmypdf, then ingest again",
        )
    warnings = []
    if failed:
        warnings.append(f"{failed} of {len(pages)} pages cannot be read")
    if blank:
        warnings.append(f"{blank} of {len(pages)} pages have almost no text")
    blocks = find_structure(remove_furniture(pages))
    return Draft(tuple(blocks), title=title, page_labels=labels, warnings=tuple(warnings))


def _counted(pages: int) -> str:
    if pages == 0:
        return "it has no pages"
    return f"{pages} pages look like scans" if pages > 1 else "its one page looks like a scan"


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
            hint="check the password: upper and lower case count",
        )
    return reader


def _extract_pages(reader: "PdfReader") -> tuple[list[PageLines], int]:
    """Return the lines of every page, and how many pages pypdf could not read."""
    pages: list[PageLines] = []
    failed = 0
    for page in reader.pages:
        try:
            raw = read_pieces(page)
        except Exception:  # noqa: BLE001 - a broken page costs that page
            raw = RawPage(0, 0, ())
            failed += 1
        pages.append(find_lines(raw))
    return pages, failed


def _is_blank(page: PageLines) -> bool:
    return sum(len(line.text.strip()) for line in page.lines) < _LEAST_CHARACTERS


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
