"""The style sheets of pages and pictures, with the colours of the palette on light and on dark."""

from pathlib import Path

from ragkit.evaluation.report.palette import DARK, LIGHT, css_variables

_TEMPLATES = Path(__file__).parent / "template"
_PICTURE = 'svg{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}'


def page_style() -> str:
    """Return what a page with charts in it looks like."""
    return f"{_colours()}\n{_read('style.css')}{_read('charts.css')}"


def picture_style() -> str:
    """Return what a chart looks like that is a file of its own."""
    return f"{_colours()}\n{_PICTURE}\n{_read('charts.css')}.ground{{fill:var(--ground)}}"


def _colours() -> str:
    light, dark = css_variables(LIGHT), css_variables(DARK)
    return f":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
