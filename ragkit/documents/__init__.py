"""A file to a Document: the reader is chosen by the file's suffix, and bad files end in one line.

A new format is one module with a `read_...` function, and its rows in READERS.
"""

import errno
import hashlib
import os
import stat
from pathlib import Path

from ragkit.documents.build import build_document, keeps_title, rename_document
from ragkit.documents.decode import is_binary
from ragkit.documents.delimited import read_delimited
from ragkit.documents.draft import Draft, RawBlock, RawFile, Reader, nested_too_deeply
from ragkit.documents.epub import read_epub
from ragkit.documents.find import IGNORE_FILE, Found, FoundFile, SkippedFile, walk_documents
from ragkit.documents.html import read_html
from ragkit.documents.latex import read_latex
from ragkit.documents.limits import ReadingLimits
from ragkit.documents.markdown import read_markdown
from ragkit.documents.notebook import read_notebook
from ragkit.documents.ocr import Ocr
from ragkit.documents.opendocument import read_opendocument
from ragkit.documents.pdf import read_pdf
from ragkit.documents.plain import read_plain
from ragkit.documents.restructured import read_restructured
from ragkit.documents.rtf import read_rtf
from ragkit.documents.slides import read_slides
from ragkit.documents.subtitles import read_subtitles
from ragkit.documents.unsupported import describe_unsupported
from ragkit.documents.word import read_word
from ragkit.documents.workers import ReadResult, read_documents
from ragkit.errors import DocumentError
from ragkit.records import Document

__all__ = [
    "READERS",
    "Draft",
    "Found",
    "FoundFile",
    "Ocr",
    "RawBlock",
    "RawFile",
    "ReadResult",
    "Reader",
    "ReadingLimits",
    "SkippedFile",
    "find_documents",
    "keeps_title",
    "read_document",
    "read_documents",
    "rename_document",
    "supported_suffixes",
]

READERS: dict[str, Reader] = {
    ".csv": read_delimited,
    ".docx": read_word,
    ".epub": read_epub,
    ".htm": read_html,
    ".html": read_html,
    ".ipynb": read_notebook,
    ".markdown": read_markdown,
    ".md": read_markdown,
    ".mdx": read_markdown,
    ".odp": read_opendocument,
    ".odt": read_opendocument,
    ".pdf": read_pdf,
    ".pptx": read_slides,
    ".qmd": read_markdown,
    ".rmd": read_markdown,
    ".rst": read_restructured,
    ".rtf": read_rtf,
    ".srt": read_subtitles,
    ".tex": read_latex,
    ".text": read_plain,
    ".tsv": read_delimited,
    ".txt": read_plain,
    ".vtt": read_subtitles,
    ".xhtml": read_html,
}
_TEXT_READERS = (
    read_delimited,
    read_html,
    read_latex,
    read_markdown,
    read_notebook,
    read_plain,
    read_restructured,
    read_subtitles,
)


def supported_suffixes() -> tuple[str, ...]:
    """Return the suffixes of the files that can be read, in lower case.

    >>> ".pdf" in supported_suffixes()
    True
    """
    return tuple(sorted(READERS))


def read_document(
    file: Path,
    *,
    name: str,
    password: str | None = None,
    ocr: Ocr | None = None,
    limits: ReadingLimits | None = None,
) -> Document:
    """Return the Document that a file holds, read in this process.

    Its time and memory are not limited here: `read_documents` does that, in processes that do no
    more than call this.

    Args:
        file: Where it lies on disk.
        name: What to call it: `Document.path`.
        password: For an encrypted PDF.
        ocr: How to read pictures of pages; None to leave them unread.
        limits: The largest file and the longest text.

    Raises:
        DocumentError: The type is not supported; the file is missing, unreadable, broken, too
            large, encrypted, or holds no text. The message says which, the hint what to do.
    """
    limits = limits or ReadingLimits()
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        known = describe_unsupported(file.suffix)
        kind = f" ({known.what})" if known and file.suffix else ""
        raise DocumentError(
            f"{name} has an unsupported type{kind}; supported: {', '.join(supported_suffixes())}",
            hint=known.next_step if known else "save it in one of these formats",
        )
    data = _read_bytes(file, name, limits)
    if not data.strip():
        raise DocumentError(f"{name} is empty", hint="remove it, or list it in .ragkitignore")
    if reader in _TEXT_READERS and is_binary(data):
        raise DocumentError(f"{name} is broken: it is not text", hint="check what program wrote it")
    kind = file.suffix.lower().lstrip(".")
    digest = hashlib.sha256(data).hexdigest()
    try:
        draft = reader(RawFile(name, data, password, ocr))
        document = build_document(draft, name=name, kind=kind, sha256=digest)
    except RecursionError as error:
        raise nested_too_deeply(name) from error
    if not document.text:
        raise DocumentError(f"{name} has no text", hint="remove it, or list it in .ragkitignore")
    _refuse_endless(document, limits)
    return document


def _refuse_endless(document: Document, limits: ReadingLimits) -> None:
    characters, blocks = len(document.text), len(document.blocks)
    if characters > limits.text_characters or blocks > limits.blocks:
        raise DocumentError(
            f"{document.path} holds too much text: {characters:,} characters in {blocks:,} blocks; "
            f"the most are {limits.text_characters:,} in {limits.blocks:,}",
            hint="split it, or list it in .ragkitignore",
        )


def find_documents(root: Path, *, ignore_file: str = IGNORE_FILE) -> Found:
    """Return the documents below a folder (or the one file given), and what was skipped and why.

    Hidden files, office lock files (~$...) and what `ignore_file` says (gitignore's syntax, in any
    folder, the innermost wins) are left out without a word. Unsupported types, unreadable folders
    and links that leave the root or repeat a folder are listed as skipped.

    Args:
        root: A folder to walk, or a single file.
        ignore_file: Name of the ignore files.

    Raises:
        StorageError: The root does not exist or cannot be read.
    """
    return walk_documents(root, suffixes=frozenset(READERS), ignore_file=ignore_file)


_READ_WITHOUT_WAITING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
"""What has become a pipe since it was looked at must not keep a reader waiting."""


def _read_bytes(file: Path, name: str, limits: ReadingLimits) -> bytes:
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # reading a pipe would wait for ever
            raise DocumentError(f"{name} is not a regular file", hint="give a file to read")
        with os.fdopen(os.open(file, _READ_WITHOUT_WAITING), "rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            if size > limits.file_bytes:
                raise DocumentError(
                    f"{name} is too large: {size:,} bytes; the most are {limits.file_bytes:,}",
                    hint="split it, or list it in .ragkitignore",
                )
            return stream.read(size)
    except PermissionError as error:
        raise DocumentError(
            f"not allowed to read {name}", hint=f"check its permissions: ls -l {file}"
        ) from error
    except OSError as error:
        if error.errno == errno.ENOENT:
            raise DocumentError(f"{name} does not exist", hint="check the path") from error
        raise DocumentError(
            f"cannot read {name}: {error.strerror or error}",
            hint="check the disk, or list it in .ragkitignore",
        ) from error
