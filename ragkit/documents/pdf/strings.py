"""Where the strings that a PDF page prints begin and end, by the widths of their fonts.

pypdf tells where a run of text begins, not how its strings lie in it. This follows the few
operators that matter for that; text itself is pypdf's business.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

SHOW = frozenset({b"Tj", b"TJ", b"'", b'"'})
"""The operators that show text."""
_SPACES = {b"Tc": ("character_space", 1), b"Tw": ("word_space", 1), b"Tz": ("stretch", 100)}
FOLLOWED = frozenset({b"q", b"Q", b"Tf", *_SPACES})
"""The operators that change how text is shown."""
_COLUMN_GAP = 800
"""Within a string, in thousandths of its size: more than any space between words."""
_WORD_SPACE = 150
"""Within a string, in thousandths of its size: less is kerning (Source: a third of a usual space,
which TeX shrinks to two thirds at most)."""
_USUAL_WIDTH = 500.0
"""Of a character in thousandths of its size, where its font does not say."""


class Span(NamedTuple):
    """A string on the page: where it lies in points, and how many signs it has."""

    start: float
    end: float
    y: float
    signs: int
    """Without spaces, where its font has a byte for each sign."""
    kerned: tuple[int, ...] = ()
    """After how many signs a gap stands that is too narrow for a space between words."""


@dataclass(frozen=True, slots=True)
class _State:
    """What says how wide a string is."""

    font: Any = None
    size: float = 12
    character_space: float = 0
    word_space: float = 0
    stretch: float = 1


Widths = dict[int, "FontWidths"]
"""What is known of fonts, by their identity."""


@dataclass
class StringTracker:
    """Follows the operators of a page or form."""

    widths: Widths
    state: _State = field(default_factory=_State)
    saved: list[_State] = field(default_factory=list)

    def follow(self, operator: bytes, operands: Any, resources: Any) -> None:
        """Take note of an operator that changes how strings are printed.

        Args:
            operator: One of FOLLOWED.
            operands: Its operands, as wrong as they may be.
            resources: Of the page or form.
        """
        if operator == b"q":
            self.saved.append(self.state)
        elif operator == b"Q":
            self.state = self.saved.pop() if self.saved else self.state
        elif operator == b"Tf" and len(operands) > 1:
            font = entry_of(entry_of(resources, "/Font"), operands[0])
            now = self.state
            self.state = _State(
                font, _number(operands[1], 12), now.character_space, now.word_space, now.stretch
            )
        elif operator in _SPACES and operands:
            name, unit = _SPACES[operator]
            self.state = replace(self.state, **{name: _number(operands[0], unit) / unit})

    def measure(self, operands: Any, place: tuple[float, float], scale: float) -> Iterator[Span]:
        """Yield the strings of an operator that shows text; one that leaves a gap, in parts.

        Args:
            operands: Of the operator.
            place: Where it begins, in points.
            scale: Points for a unit of its text, to the right.
        """
        if not operands:
            return
        shown = operands[-1]
        unit = scale * self.state.stretch * self.state.size / 1000
        start = end = place[0]
        length, kerned = 0, list[int]()
        spaced = True
        for part in shown if isinstance(shown, list) else [shown]:
            if isinstance(part, int | float):
                if -part > _COLUMN_GAP and length:
                    yield Span(start, end, place[1], length, tuple(kerned))
                    start, length, kerned = end - part * unit, 0, []
                elif 0 < -part < _WORD_SPACE and not spaced:
                    kerned.append(length)
                end -= part * unit
            elif data := _bytes_of(part):
                if kerned and kerned[-1] == length and data.startswith(b" "):
                    kerned.pop()
                spaced = data.endswith(b" ")
                length += self._signs(data)
                end += self._width(data) * unit
        yield Span(start, end, place[1], length, tuple(kerned))

    def _signs(self, data: bytes) -> int:
        if self._font_widths().bytes_each == 2:
            return len(data) // 2
        return len(data) - data.count(b" ")

    def _font_widths(self) -> "FontWidths":
        font = self.state.font
        known = self.widths.get(id(font))
        if known is None:
            known = self.widths[id(font)] = FontWidths(font)
        return known

    def _width(self, data: bytes) -> float:
        """Return how wide a string is, in thousandths of its size."""
        state, known = self.state, self._font_widths()
        extra = len(data) / known.bytes_each * state.character_space
        extra += data.count(b" ") * state.word_space if known.bytes_each == 1 else 0
        return known.of(data) + 1000 * extra / (abs(state.size) or 1)


class FontWidths:
    """The widths of a font's characters, by their codes."""

    def __init__(self, font: Any) -> None:
        self.font = font  # kept, since it is known by its identity
        self.bytes_each = 2 if font is not None and font.get("/Subtype") == "/Type0" else 1
        self._default = _USUAL_WIDTH
        self._known: dict[int, float] = {}
        try:
            if font is not None:
                self._read(font)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):  # as it stands
            return

    def of(self, data: bytes) -> float:
        """Return how wide a string is, in thousandths of its size."""
        codes: Iterable[int] = data
        if self.bytes_each == 2:
            codes = (high << 8 | low for high, low in zip(data[::2], data[1::2], strict=False))
        return sum(self._known.get(code, self._default) for code in codes)

    def _read(self, font: Any) -> None:
        if self.bytes_each == 1:
            first = int(font.get("/FirstChar", 0))
            unit = 1.0
            if font.get("/Subtype") == "/Type3":
                unit = abs(float(font["/FontMatrix"][0])) * 1000
            widths = font["/Widths"].get_object()
            self._known = {first + place: float(w) * unit for place, w in enumerate(widths)}
            return
        inner = font["/DescendantFonts"].get_object()[0].get_object()
        self._default = float(inner.get("/DW", 1000))
        listed = iter([entry.get_object() for entry in inner["/W"].get_object()])
        for code in listed:
            after = next(listed, 0)
            if isinstance(after, list):
                self._known |= {int(code) + place: float(w) for place, w in enumerate(after)}
            else:
                last = min(int(after), 65535)
                width = float(next(listed, self._default))
                self._known |= dict.fromkeys(range(int(code), last + 1), width)


def entry_of(holder: Any, name: Any) -> Any:
    """Return what a dictionary of a PDF holds under a name; None if it is not there."""
    try:
        return holder.get_object()[name].get_object()
    except (AttributeError, KeyError, TypeError):
        return None


def _number(value: Any, default: float) -> float:
    return float(value) if isinstance(value, int | float) else default


def _bytes_of(part: Any) -> bytes:
    if isinstance(part, bytes):
        return part
    original = getattr(part, "original_bytes", b"")
    return original if isinstance(original, bytes) else b""
