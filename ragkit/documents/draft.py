"""What a reader gives back: blocks of raw text in reading order, not yet cleaned or joined.

`build.py` turns a Draft into a Document. Nothing here knows a file format.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ragkit.documents.clean import clean_line
from ragkit.documents.ocr import Ocr
from ragkit.errors import DocumentError, RagkitError
from ragkit.records import BlockKind


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file as it came from disk, with what a reader may need to open it."""

    name: str
    data: bytes
    password: str | None = None
    ocr: Ocr | None = None
    """How to read pictures of pages; None to leave them unread."""


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A structural unit as a format gives it; the text may still hold anything."""

    kind: BlockKind
    text: str
    level: int = 0
    """Of a heading, from 1 (outermost)."""
    page: int = 1
    """Number of its page, from 1; without meaning where the draft has no pages."""
    continues: bool = False
    """It is the rest of the block before it, broken by the end of a page."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything a reader found in a file."""

    blocks: tuple[RawBlock, ...]
    title: str = ""
    """As the file's metadata has it; may be empty or nonsense."""
    page_labels: tuple[str, ...] = ()
    """One per page, as printed; empty for a format without pages."""
    warnings: tuple[str, ...] = ()


Reader = Callable[[RawFile], Draft]


# What libxml2 says where a document goes beyond its limits.
_XML_LIMITS = (
    ("entity amplification factor", "its entities multiply without end"),
    ("Excessive depth in document", "its XML is nested too deeply"),
    ("Text node too long", "a text in it is longer than 10 MB"),
)


@contextmanager
def translate_library_errors(file: RawFile, kind: str) -> Iterator[None]:
    """Turn whatever a parsing library raises into a DocumentError: a bad file is no bug of ours.

    A want of memory is left to those who limit it.

    Args:
        file: The file that is being parsed.
        kind: What the file ought to be, such as "PDF".
    """
    try:
        yield
    except (RagkitError, MemoryError):
        raise
    except RecursionError as error:
        raise nested_too_deeply(file.name) from error
    except Exception as error:
        raise DocumentError(
            f"{file.name} is broken: it cannot be read as {kind} ({plain_reason(error)})",
            hint="open it in the program that made it, save it again, then ingest again",
        ) from error


def plain_reason(error: Exception) -> str:
    """Return what a library says is wrong, in a few words."""
    said = clean_line(f"{type(error).__name__}: {error}")
    return next((words for part, words in _XML_LIMITS if part in said), said[:120])


def nested_too_deeply(name: str) -> DocumentError:
    """Return the error of a document with so much inside each other that no reader can follow."""
    return DocumentError(
        f"{name} cannot be read: it is nested too deeply",
        hint="save it again with another program, or list it in .ragkitignore",
    )
