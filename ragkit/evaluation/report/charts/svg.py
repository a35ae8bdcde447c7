"""A drawing as text: shapes that know no charts, colours by class so that the page decides them.

Every text passes through `visible`, and the XML writer escapes it.
"""

from collections.abc import Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from ragkit.evaluation.report.visible import visible

SIZE = 13
"""Of the letters, in pixels."""
_LETTER = 0.55
"""Mean width of a letter, by the size of the letters; measured for the system's sans-serif ones."""


class Point(NamedTuple):
    """A place on a drawing, in pixels from its top left."""

    x: float
    y: float


def width_of(text: str, *, size: float = SIZE) -> float:
    """Return about how wide a text is in pixels."""
    return len(text) * size * _LETTER


class Drawing:
    """A picture that grows shape by shape.

    Args:
        width: In pixels; it is never shown larger, and smaller only where there is no room.
        height: In pixels.
        stretches: Fill the room that there is, whatever its form.
    """

    def __init__(self, width: float, height: float, *, stretches: bool = False) -> None:
        self.stretches = stretches
        self.width = width
        self.height = height
        self._shapes: list[Element] = []

    def line(self, start: Point, end: Point, kind: str) -> None:
        """Draw a straight line."""
        at = {"x1": start.x, "y1": start.y, "x2": end.x, "y2": end.y}
        self._add("line", kind, **at)

    def box(self, corner: Point, size: Point, kind: str) -> None:
        """Draw a rectangle from its top left corner and its width and height."""
        self._add("rect", kind, x=corner.x, y=corner.y, width=max(0, size.x), height=max(0, size.y))

    def path(self, steps: str, kind: str) -> None:
        """Draw a path in the language of SVG."""
        self._shape("path", kind).set("d", steps)

    def polyline(self, points: Sequence[Point], kind: str) -> None:
        """Draw a line through points."""
        self._shape("polyline", kind).set("points", _points_text(points))

    def area(self, points: Sequence[Point], kind: str) -> None:
        """Fill what some points enclose."""
        self._shape("polygon", kind).set("points", _points_text(points))

    def text(self, at: Point, words: str, kind: str = "t", *, anchor: str = "start") -> None:
        """Write words with their baseline at a place, which is their start, middle or end."""
        element = self._add("text", kind, x=at.x, y=at.y)
        element.text = visible(words)
        if anchor != "start":
            element.set("text-anchor", anchor)

    def turned_text(self, at: Point, words: str, *, anchor: str = "start") -> None:
        """Write words upwards."""
        element = self._shape("text", "t")
        element.set("transform", f"translate({_number(at.x)} {_number(at.y)}) rotate(-90)")
        element.text = visible(words)
        element.set("text-anchor", anchor)

    def mark(self, at: Point, number: int, kind: str, *, radius: float = 4.5) -> None:
        """Draw the mark of a series; each has a form of its own."""
        self.path(_MARKS[number % len(_MARKS)](at, radius), kind)

    def markup(self, *, id: str, title: str, description: str, kind: str) -> str:  # noqa: A002
        """Return the drawing as SVG that stands in a page.

        Args:
            id: Unique in the page.
            title: What it shows.
            description: What a listener should know of it.
            kind: Class of the drawing.
        """
        root = self._root(kind, id, title, description)
        root.extend(self._shapes)
        return tostring(root, encoding="unicode")

    def document(self, *, title: str, description: str, style: str) -> str:
        """Return the drawing as an SVG file of its own, on a ground of the class "ground".

        Args:
            title: What it shows.
            description: What a listener should know of it.
            style: CSS of the classes that its shapes have.
        """
        root = self._root("picture", "picture", title, description)
        root.set("xmlns", "http://www.w3.org/2000/svg")
        SubElement(root, "style").text = style
        SubElement(root, "rect", {"class": "ground", "width": "100%", "height": "100%"})
        root.extend(self._shapes)
        return tostring(root, encoding="unicode") + "\n"

    def _root(self, kind: str, name: str, title: str, description: str) -> Element:
        root = Element("svg", {"class": kind, "role": "img"})
        root.set("viewBox", f"0 0 {_number(self.width)} {_number(self.height)}")
        root.set("preserveAspectRatio", "none" if self.stretches else "xMinYMin meet")
        root.set("width", _number(self.width))
        root.set("height", _number(self.height))
        root.set("aria-labelledby", f"{name}-title {name}-about")
        SubElement(root, "title", {"id": f"{name}-title"}).text = visible(title)
        SubElement(root, "desc", {"id": f"{name}-about"}).text = visible(description)
        return root

    def _add(self, name: str, kind: str, **places: float) -> Element:
        element = self._shape(name, kind)
        for key, value in places.items():
            element.set(key, _number(value))
        return element

    def _shape(self, name: str, kind: str) -> Element:
        element = Element(name, {"class": kind})
        self._shapes.append(element)
        return element


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _points_text(points: Sequence[Point]) -> str:
    return " ".join(f"{_number(point.x)},{_number(point.y)}" for point in points)


def _disc(at: Point, radius: float) -> str:
    x, y, r = _number(at.x - radius), _number(at.y), _number(radius)
    across = _number(2 * radius)
    return f"M{x} {y}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0 -{across} 0z"


def _polygon(at: Point, radius: float, corners: Sequence[tuple[float, float]]) -> str:
    places = (f"{_number(at.x + radius * x)} {_number(at.y + radius * y)}" for x, y in corners)
    return "M" + "L".join(places) + "z"


def _square(at: Point, radius: float) -> str:
    return _polygon(at, 0.9 * radius, ((-1, -1), (1, -1), (1, 1), (-1, 1)))


def _triangle(at: Point, radius: float) -> str:
    return _polygon(at, 1.2 * radius, ((0, -1), (1, 0.8), (-1, 0.8)))


def _diamond(at: Point, radius: float) -> str:
    return _polygon(at, 1.25 * radius, ((0, -1), (1, 0), (0, 1), (-1, 0)))


def _cross(at: Point, radius: float) -> str:
    arms = ((-1, -0.4), (-0.4, -0.4), (-0.4, -1), (0.4, -1), (0.4, -0.4), (1, -0.4))
    other = tuple((-x, -y) for x, y in arms)
    return _polygon(at, 1.1 * radius, (*arms, *other))


def _turned_triangle(at: Point, radius: float) -> str:
    return _polygon(at, 1.2 * radius, ((0, 1), (1, -0.8), (-1, -0.8)))


_MARKS = (_disc, _square, _triangle, _diamond, _cross, _turned_triangle)
