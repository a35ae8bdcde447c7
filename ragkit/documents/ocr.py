"""Text in pictures of pages, recognised by tesseract, which the user installs.

pypdfium2 (the extra `ocr`) paints the pages of a PDF; tesseract runs as a program of its own, with
a time limit. Nothing is recognised unless it was asked for, and what is recognised is marked.
"""

import csv
import functools
import importlib.util
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ragkit.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_DOTS_PER_INCH = 300
"""What tesseract works best on (Source: its manual, "Improving the quality of the output")."""
_LARGEST_PICTURE = 40_000_000
"""Pixels; a page that would have more is painted smaller."""
_LEAST_CONFIDENCE = 30.0
"""Words that tesseract is less sure of (0 to 100) are specks and lines taken for letters."""
_UPRIGHT_CONFIDENCE = 60.0
"""Of a page; one that is read with less may stand upside down."""
_HEADING = 1.5
"""A line higher than the usual one by this factor is larger print, not just one with descenders."""


@dataclass(frozen=True, slots=True)
class Ocr:
    """How pictures of pages are read."""

    languages: str = "eng"
    """Names of tesseract's language files, joined by "+": "deu+eng"."""
    page_timeout_s: float = 60
    budget_s: float = 900
    """For all pages of a document; those that are left over then stay unread."""
    on_page: Callable[[float], None] = field(default=lambda _seconds: None, compare=False)
    """Told before each picture how many seconds it may take, by whoever limits reading."""


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """A line in a picture, with its place in points from the lower left corner."""

    text: str
    x: float
    y: float
    size: float
    """The same for all lines but headings, which are larger."""


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """What was found in a picture, from top to bottom, with its size in points."""

    width: float
    height: float
    lines: tuple[RecognisedLine, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as tesseract reports it; in pixels, y downwards."""

    text: str
    confidence: float
    left: int
    top: int
    width: int
    height: int
    line: tuple[int, int, int]
    """Numbers of its block, paragraph and line."""


def advise_ocr(*, asked: bool) -> str:
    """Return what to do to have pictures of pages read; "" if they can be.

    Args:
        asked: Whether the setting `ocr` allows it.
    """
    if not asked:
        return 'set ocr = "auto" to read them'
    if importlib.util.find_spec("pypdfium2") is None:
        return "to read them, install the extra ocr (pip install 'ragkit[ocr]') and tesseract"
    if shutil.which("tesseract") is None:
        return "to read them, install tesseract (apt install tesseract-ocr, brew install tesseract)"
    return ""


def recognise_pages(
    data: bytes, numbers: Iterable[int], *, ocr: Ocr, password: str | None = None
) -> dict[int, RecognisedPage]:
    """Return what some pages of a PDF show, by number (from 1), while time lasts.

    A page that cannot be painted or takes too long is left out.

    Raises:
        UsageError: tesseract lacks a language.
    """
    import pypdfium2

    _check_languages(ocr.languages)
    until = time.monotonic() + ocr.budget_s
    found: dict[int, RecognisedPage] = {}
    try:
        with pypdfium2.PdfDocument(data, password=password) as document:
            for number in numbers:
                if time.monotonic() > until:
                    break
                page = document[number - 1]
                if (recognised := _recognise_page(page, ocr)) is not None:
                    found[number] = recognised
                page.close()
    except pypdfium2.PdfiumError:
        return found
    return found


def _recognise_page(page: Any, ocr: Ocr) -> RecognisedPage | None:
    width, height = page.get_size()
    if width < 1 or height < 1:
        return None
    scale = min(_DOTS_PER_INCH / 72, (_LARGEST_PICTURE / (width * height)) ** 0.5)
    pixels = page.render(scale=scale, grayscale=True).to_numpy()
    pixels = pixels.reshape(*pixels.shape[:2], -1)[:, :, 0]
    words = _read_words(_pgm(pixels), ocr)
    if words is not None and _confidence(words) < _UPRIGHT_CONFIDENCE:
        other = _read_words(_pgm(pixels[::-1, ::-1]), ocr)  # upside down
        if other and _confidence(other) > _confidence(words):
            words = other
    if words is None:
        return None
    return RecognisedPage(width, height, arrange_lines(words, scale, height))


def recognise_pictures(pictures: Iterable[bytes], *, ocr: Ocr | None) -> list[str]:
    """Return the lines of text in PNG, JPEG or TIFF files; none if that cannot be done.

    Args:
        pictures: What the files hold.
        ocr: None if it was not asked for.

    Raises:
        UsageError: tesseract lacks a language.
    """
    if ocr is None or advise_ocr(asked=True):
        return []
    _check_languages(ocr.languages)
    until = time.monotonic() + ocr.budget_s
    found: list[str] = []
    for picture in pictures:
        if time.monotonic() < until:
            words = _read_words(picture, ocr) or ()
            found += (line.text for line in arrange_lines(words, 1, 0))
    return found


def _pgm(pixels: "npt.NDArray[np.uint8]") -> bytes:
    return b"P5 %d %d 255\n" % (pixels.shape[1], pixels.shape[0]) + pixels.tobytes()


def _read_words(picture: bytes, ocr: Ocr) -> tuple[_Word, ...] | None:
    """Return the words that tesseract finds in a picture; None if it does not come to an end."""
    for segmentation in ("1", "3"):  # with the direction of the page, if the file for it is there
        ocr.on_page(ocr.page_timeout_s)
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program, its options checked
                ["tesseract", "-", "-", "-l", ocr.languages, "--psm", segmentation, "tsv"],  # noqa: S607
                input=picture,
                capture_output=True,
                timeout=ocr.page_timeout_s,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
                check=False,
            )
        except (subprocess.TimeoutExpired, OSError):
            return None
        if done.returncode == 0:
            return tuple(_parse_words(done.stdout.decode("utf-8", "replace")))
    return None


def _parse_words(table: str) -> Iterator[_Word]:
    """Yield the words of a table in tesseract's form (TSV)."""
    numbers = ("left", "top", "width", "height")
    for row in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row["text"] or "").strip()
        confidence = float(row["conf"] or -1)
        if text and confidence >= _LEAST_CONFIDENCE:
            line = (int(row["block_num"]), int(row["par_num"]), int(row["line_num"]))
            left, top, width, height = (int(row[name]) for name in numbers)
            yield _Word(text, confidence, left, top, width, height, line)


def _confidence(words: Iterable[_Word]) -> float:
    weights = [(len(word.text), word.confidence) for word in words]
    return sum(n * sure for n, sure in weights) / max(sum(n for n, _ in weights), 1)


def arrange_lines(
    words: Iterable[_Word], scale: float, height: float
) -> tuple[RecognisedLine, ...]:
    """Return the lines that words make up.

    The words of a page that lies on its side have their places on the page as it lies; its lines
    are placed one below the other as they are read.

    Args:
        words: In reading order.
        scale: Pixels per point.
        height: Of the page in points.
    """
    lines: dict[tuple[int, int, int], list[_Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    long = [word for line in lines.values() for word in line if len(word.text) >= 4]
    lies = sum(word.height > word.width for word in long) > len(long) / 2
    heights = sorted(_height(line) for line in lines.values())
    usual = 10.0 * scale if lies else heights[len(heights) // 2] if heights else 0
    arranged, y, before = [], height, (0, 0)
    for (block, paragraph, _), line in lines.items():
        size = _height(line) if not lies and _height(line) > _HEADING * usual else usual
        y -= (1.2 if before == (block, paragraph) else 2.4) * usual / scale
        before = (block, paragraph)
        bottom = height - max(word.top + word.height for word in line) / scale
        x = 0 if lies else min(word.left for word in line) / scale
        text = " ".join(word.text for word in line)
        arranged.append(RecognisedLine(text, x, y if lies else bottom, size / scale))
    return tuple(arranged)


def _height(line: list[_Word]) -> float:
    return sorted(word.height for word in line)[len(line) // 2]


@functools.cache
def installed_languages() -> frozenset[str]:
    """Return the names of the languages that tesseract has files of."""
    try:
        done = subprocess.run(
            ["tesseract", "--list-langs"],  # noqa: S607 - wherever the user has it
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        return frozenset()
    return frozenset(line.strip() for line in done.stdout.splitlines()[1:])


def _check_languages(languages: str) -> None:
    known = installed_languages()
    missing = [name for name in languages.split("+") if name not in known]
    if missing:
        raise UsageError(
            f"tesseract does not know the language {missing[0]!r};"
            f" it knows: {', '.join(sorted(known - {'osd'})) or 'none'}",
            hint=f"apt install tesseract-ocr-{missing[0]}, or change ocr_languages",
        )
