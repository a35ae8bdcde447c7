"""The colours of a report, on light and on dark, and how far apart they are for the eye.

Colours are those that people with any form of colour vision can tell apart, in shades that stand
out from their ground; marks, dashes and words say the same once more, so none is needed.

Source: Okabe and Ito 2008, "Color Universal Design"; contrast by WCAG 2.2, 1.4.3 and 1.4.11.
"""

from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "ground": "#ffffff",
    "panel": "#f5f6f8",
    "ink": "#1a1d21",
    "faint": "#545b66",
    "edge": "#c9ced6",
    "link": "#005a8e",
    "right": "#0072b2",
    "wrong": "#c44e00",
    "abstained": "#6b7280",
    "band": "#e3e6eb",
    "mark": "#ffe8a3",
    "series-1": "#0072b2",
    "series-2": "#c44e00",
    "series-3": "#00795a",
    "series-4": "#a9447f",
    "series-5": "#8a6500",
    "series-6": "#3f4651",
}
DARK: Mapping[str, str] = {
    "ground": "#14171c",
    "panel": "#1d2229",
    "ink": "#e9ecf0",
    "faint": "#a9b1bd",
    "edge": "#3b4350",
    "link": "#7cc4f5",
    "right": "#56b4e9",
    "wrong": "#f0883e",
    "abstained": "#9aa3b0",
    "band": "#2c333e",
    "mark": "#5c4a00",
    "series-1": "#56b4e9",
    "series-2": "#f0883e",
    "series-3": "#35c79a",
    "series-4": "#e59cc4",
    "series-5": "#e6c229",
    "series-6": "#c3cad4",
}
TEXTS = ("ink", "faint", "link")
"""Colours of words: at least 4.5 to 1 on every ground."""
GROUNDS = ("ground", "panel")
MARKS = ("right", "wrong", "abstained", *(f"series-{number}" for number in range(1, 7)))
"""Colours of lines, bars and points: at least 3 to 1 on every ground."""
SERIES = 6
"""How many series have a colour, a dash and a mark of their own; a seventh begins again."""


def contrast(one: str, other: str) -> float:
    """Return how many times brighter the brighter of two colours is, 1 to 21.

    >>> round(contrast("#000000", "#ffffff"), 1), contrast("#123456", "#123456")
    (21.0, 1.0)

    Source: WCAG 2.2, definition of contrast ratio.
    """
    darker, brighter = sorted((_luminance(one), _luminance(other)))
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def css_variables(colours: Mapping[str, str]) -> str:
    """Return colours as CSS custom properties.

    >>> css_variables({"ink": "#000000"})
    '--ink:#000000;'
    """
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())
