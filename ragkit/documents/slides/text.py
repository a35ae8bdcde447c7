"""The paragraphs of a shape: formulas and line breaks included, list items with their numbers."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ragkit.documents.clean import roman_numeral, strip_bullet
from ragkit.documents.office_math import MATH, formula_text

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


class Paragraph(NamedTuple):
    """A paragraph of a shape."""

    text: str
    is_item: bool
    """It has a bullet or a number of its own."""


def paragraphs_of(element: Any) -> list[Paragraph]:
    """Return the paragraphs below an element that are not empty."""
    counts: dict[int, int] = {}
    found = []
    for paragraph in element.iter(f"{A}p"):
        text = _text_of(paragraph)
        if not text.strip():
            continue
        properties = paragraph.find(f"{A}pPr")
        level = 0 if properties is None else _integer(properties.get("lvl"))
        number = None if properties is None else properties.find(f"{A}buAutoNum")
        counts = {other: n for other, n in counts.items() if other < level or number is not None}
        if number is not None:
            counts = {other: n for other, n in counts.items() if other <= level}
            counts[level] = counts.get(level, _integer(number.get("startAt"), 1) - 1) + 1
            text = f"{_label(counts[level], str(number.get('type') or ''))} {text}"
        marked = properties is not None and properties.find(f"{A}buChar") is not None
        is_item = marked or number is not None or strip_bullet(text) is not None
        found.append(Paragraph(text, is_item))
    return found


def lines_of(element: Any) -> list[str]:
    """Return the texts of the paragraphs below an element."""
    return [paragraph.text for paragraph in paragraphs_of(element)]


def largest_size(element: Any) -> int:
    """Return the largest print that an element asks for, in hundredths of a point; 0 for none."""
    marks = element.iter(f"{A}rPr", f"{A}defRPr")
    return max((_integer(mark.get("sz")) for mark in marks), default=0)


def _text_of(paragraph: Any) -> str:
    return "".join(_parts_of(paragraph))


def _parts_of(paragraph: Any) -> Iterator[str]:
    for part in paragraph.iter(f"{A}t", f"{MATH}oMath", f"{A}br"):
        if any(parent.tag.endswith("}Fallback") for parent in part.iterancestors()):
            continue
        if part.tag == f"{MATH}oMath":
            yield formula_text(part)
        else:
            yield " " if part.tag == f"{A}br" else part.text or ""


def _integer(text: Any, default: int = 0) -> int:
    return int(text) if text is not None and str(text).isdecimal() else default


def _label(number: int, form: str) -> str:
    """Return how a list item is numbered.

    >>> _label(2, "arabicPeriod"), _label(2, "alphaLcParenBoth"), _label(4, "romanUcPeriod")
    ('2.', '(b)', 'IV.')
    """
    written = str(number)
    if form.startswith("alpha") and 0 < number <= 26:
        written = chr(ord("a") + number - 1)
    elif form.startswith("roman"):
        written = roman_numeral(number).lower()
    written = written.upper() if "Uc" in form else written
    if form.endswith("ParenBoth"):
        return f"({written})"
    return written + (")" if form.endswith("ParenR") else "" if form.endswith("Plain") else ".")
