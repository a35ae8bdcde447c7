"""Numbers of pages in words, for warnings that say what was not read."""

from collections.abc import Sequence

from ragkit.documents.ocr import advise_ocr
from ragkit.errors import DocumentError

_LISTED = 12


def list_pages(numbers: Sequence[int]) -> str:
    """Return page numbers in short.

    >>> list_pages([3, 5, 6, 7]), list_pages([4])
    ('3, 5-7', '4')
    """
    known = set(numbers)
    starts = [n for n in numbers if n - 1 not in known]
    ends = [n for n in numbers if n + 1 not in known]
    spans = [f"{a}-{b}" if b > a else f"{a}" for a, b in zip(starts, ends, strict=True)]
    more = ["..."] if len(spans) > _LISTED else []
    return ", ".join(spans[:_LISTED] + more)


def describe_pictures(
    unread: Sequence[int],
    recognised: Sequence[int],
    *,
    count: int,
    noun: str = "pages",
    asked: bool,
) -> tuple[str, ...]:
    """Return the warnings about pages that are pictures.

    Args:
        unread: Numbers of those that were not recognised.
        recognised: Numbers of those that were.
        count: Pages of the document.
        noun: What the pages are called.
        asked: Whether recognising was allowed.

    >>> describe_pictures([], [2, 3], count=9, asked=True)
    ('2 of 9 pages were read by OCR (2-3): expect wrong letters',)
    """
    warnings = []
    if unread:
        pages, advice = list_pages(unread), advise_ocr(asked=asked)
        advice = f"; {advice}" if advice else ""
        warnings.append(f"{len(unread)} of {count} {noun} have almost no text ({pages}){advice}")
    if recognised:
        pages = list_pages(recognised)
        warnings.append(
            f"{len(recognised)} of {count} {noun} were read by OCR ({pages}): expect wrong letters"
        )
    return tuple(warnings)


def nothing_but_pictures(name: str, count: int, *, noun: str, asked: bool) -> DocumentError:
    """Return the error of a document whose pages are pictures.

    >>> nothing_but_pictures("x.pptx", 1, noun="slides", asked=False).message
    'x.pptx has no text: its one slide is a picture'
    """
    what = f"its {count} {noun} are pictures"
    if count == 1:
        what = f"its one {noun.removesuffix('s')} is a picture"
    hint = advise_ocr(asked=asked) or "remove it, or list it in .ragkitignore"
    return DocumentError(f"{name} has no text: {what}", hint=hint)
