"""Runs of text as pypdf gives them, parted where a string begins clearly apart from the last one.

pypdf puts a space wherever letters stand apart; here the gaps themselves say what is a space, what
only spaces letters out, and what parts the columns of a table.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from ragkit.documents.pdf.strings import Span

_FALL = 8
SAME_PLACE = 0.1
"""Strings nearer than this, as a share of their size, are printed over each other."""
_KERNING = 0.15
"""A gap between letters, as a share of their size, that is too narrow for a space."""
_APART = 0.5
"""Pieces that begin this much (as a share of their size) after the end of the one before."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text and where it begins, in points."""

    text: str
    x: float
    y: float
    size: float
    font: str
    upright: bool
    end: float = 0
    """Where it ends; 0 where that is not known."""


def part_run(piece: Piece, spans: list[Span]) -> Iterator[Piece]:
    """Yield a run in parts where one of its strings begins clearly apart from the one before.

    The strings are known by their signs, the run by its characters: the spaces of a run are
    pypdf's, so the others are counted.
    """
    total = sum(span.signs for span in spans)
    if not piece.upright or not total:
        yield piece
        return
    text, spans = _without_doubles(piece.text, spans, total, piece.size)
    total = sum(span.signs for span in spans)
    text = _without_kerning(text, spans, total, piece.size)
    begun, done, x, y = 0, 0, piece.x, piece.y
    printed: list[int] = []
    for before, span in pairwise(spans):
        done += before.signs
        if _begins_apart(span, before, piece.size):
            printed = printed or _printed(text)
            place = _break_before(text, printed, done, total)
            if place > begun:
                yield replace(piece, text=text[begun:place], x=x, y=y, end=before.end)
                begun, x, y = place, span.start, span.y
    yield replace(piece, text=text[begun:], x=x, y=y, end=spans[-1].end)


def _printed(text: str) -> list[int]:
    """Return the places of the characters that are no spaces."""
    return [place for place, character in enumerate(text) if not character.isspace()]


def _without_doubles(
    text: str, spans: list[Span], total: int, size: float
) -> tuple[str, list[Span]]:
    """Return a run without strings printed twice in the same place, as makes print look bold."""
    printed: list[int] = []
    cuts: list[list[int]] = []
    done = 0
    kept = spans[:1]
    for before, span in pairwise(spans):
        done += before.signs
        near = max(abs(span.start - before.start), abs(span.y - before.y)) < SAME_PLACE * size
        if near and span.signs == before.signs:
            printed = printed or _printed(text)
            if total != len(printed):
                return text, spans
            first = [text[place] for place in printed[done - span.signs : done]]
            second = printed[done : done + span.signs]
            if first == [text[place] for place in second]:
                cuts.append(second)
                continue
        kept.append(span)
    for cut in reversed(cuts):
        text = text[: cut[0]].rstrip(" ") + text[cut[-1] + 1 :]
    return text, kept


def _without_kerning(text: str, spans: list[Span], total: int, size: float) -> str:
    """Return a run without the spaces that pypdf puts where letters are only spaced out."""
    kerned, done = [], 0
    for place, span in enumerate(spans):
        before = spans[place - 1] if place else None
        gap = span.start - before.end if before and span.y == before.y else 0
        if before and before.signs == span.signs == 1 and 0 < gap < _KERNING * size:
            kerned.append(done)
        kerned += [done + sign for sign in span.kerned if sign]
        done += span.signs
    if not kerned:
        return text
    printed = _printed(text)
    if total != len(printed):
        return text
    spaces = {printed[sign] - 1 for sign in kerned if sign < total}
    return "".join(c for place, c in enumerate(text) if place not in spaces or c != " ")


def _begins_apart(span: Span, before: Span, size: float) -> bool:
    """Return whether a string stands clearly to the right of the one before, or back below it."""
    falls = before.start - span.start > _FALL * size and abs(span.y - before.y) > 0.5 * size
    return falls or span.start - before.end > _APART * size


def _break_before(text: str, printed: list[int], done: int, total: int) -> int:
    """Return the place of the space before a string of a run; -1 if it cannot be told.

    Args:
        text: The run.
        printed: Places of its characters that are no spaces.
        done: Signs before the string.
        total: Signs of all strings; some fonts count spaces, or have signs for two characters.
    """
    if total == len(printed):
        place = printed[done] - 1 if 0 < done < total else -1
        return place if place > 0 and text[place].isspace() else -1
    return _nearest_space(text, round(done / total * len(text)))


def _nearest_space(text: str, place: int) -> int:
    """Return the place of the space nearest to a place in a text; -1 if none is near.

    >>> _nearest_space("Part Weight", 5), _nearest_space("Part Weight", 9)
    (4, -1)
    """
    for distance in range(4):
        for near in (place - distance, place + distance):
            if 0 < near < len(text) and text[near] == " ":
                return near
    return -1
