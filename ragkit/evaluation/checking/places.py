"""Where gold quotes stand now, whatever the span beside them says."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from ragkit.evaluation.checking.findings import Finding, error
from ragkit.evaluation.checking.shelf import Shelf
from ragkit.evaluation.records import GoldPlace, Sample
from ragkit.records import Document


class Located(NamedTuple):
    """A quote found in its document."""

    start: int
    end: int
    page: int | None
    quote: str
    """As it stands there, white space included."""


def check_places(sample: Sample, shelf: Shelf) -> Iterator[Finding]:
    """Yield what is wrong with the gold of a sample."""
    for name in sample.within:
        if not any(_names(path, name) for path in shelf.documents):
            yield error("document-missing", sample.id, f"there is no document {name}")
    for place in sample.gold:
        document = shelf.documents.get(place.document)
        if document is None:
            yield error("document-missing", sample.id, f"there is no document {place.document}")
        elif place.quote:
            yield from _check_place(sample, place, document, shelf)


def _check_place(
    sample: Sample, place: GoldPlace, document: Document, shelf: Shelf
) -> Iterator[Finding]:
    found = locate(document, place.quote, near=place.start, page=place.page)
    if found is None:
        others = (one.path for one in shelf.documents.values() if locate(one, place.quote))
        other = next(others, "")
        told = f"; it stands in {other}" if other else ""
        yield error("quote-missing", sample.id, f"{place.document} lacks {place.quote!r}{told}")
    elif document.text[place.start : place.end] != place.quote:
        told = f"{place.document}: the quote is not at {place.start}-{place.end}"
        now = f"{told} but at {found.start}-{found.end}"
        yield replace(error("quote-moved", sample.id, now), fixable=True)
    elif place.page is not None and page_of(document, place.start) != place.page:
        now = f"{place.document}: the quote is not on page {place.page} but on page {found.page}"
        yield replace(error("page-wrong", sample.id, now), fixable=True)


def locate(
    document: Document, quote: str, *, near: int = 0, page: int | None = None
) -> Located | None:
    """Return where a quote stands, whatever its white space; None where it stands nowhere.

    Of several places one on the page is taken, then the nearest.

    Args:
        document: Where it should stand.
        quote: Its words.
        near: Where it was once.
        page: On which page it was once.
    """
    words = quote.split()
    pattern = r"\s+".join(map(re.escape, words))
    spans = [match.span() for match in re.finditer(pattern, document.text)] if words else []
    if not spans:
        return None

    def distance(span: tuple[int, int]) -> tuple[bool, int]:
        return (page is not None and page_of(document, span[0]) != page, abs(span[0] - near))

    start, end = min(spans, key=distance)
    return Located(start, end, page_of(document, start), document.text[start:end])


def relocate_row(row: Any, shelf: Shelf) -> tuple[Any, int]:
    """Return a row of samples.jsonl with spans as they are now, and how many moved.

    Args:
        row: A JSON value; what is no sample stays as it is.
        shelf: The documents.
    """
    places = row.get("gold") if isinstance(row, dict) else None
    if not isinstance(places, list):
        return row, 0
    moved = [_relocate_place(place, shelf) for place in places]
    changed = sum(new != old for new, old in zip(moved, places, strict=True))
    return {**row, "gold": moved}, changed


def _relocate_place(place: Any, shelf: Shelf) -> Any:
    if not isinstance(place, Mapping) or not isinstance(place.get("quote"), str):
        return place
    document = shelf.documents.get(str(place.get("document")))
    near, page = place.get("start"), place.get("page")
    found = document and locate(
        document,
        place["quote"],
        near=near if isinstance(near, int) else 0,
        page=page if isinstance(page, int) else None,
    )
    if not found:
        return place
    spanned = {**place, "start": found.start, "end": found.end, "quote": found.quote}
    return {**spanned, "page": found.page} if found.page is not None else spanned


def page_of(document: Document, position: int) -> int | None:
    """Return the page that holds a position; None in a document without pages."""
    return next((p.number for p in document.pages if p.start <= position < p.end), None)


def _names(path: str, wanted: str) -> bool:
    return path == wanted or path.endswith(f"/{wanted}")
