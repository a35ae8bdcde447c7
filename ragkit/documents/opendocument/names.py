"""The namespaces of OpenDocument.

Source: OASIS OpenDocument 1.3, part 3.
"""

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE = _OASIS + "office:1.0"
TEXT = _OASIS + "text:1.0"
TABLE = _OASIS + "table:1.0"
DRAW = _OASIS + "drawing:1.0"
STYLE = _OASIS + "style:1.0"
PRESENTATION = _OASIS + "presentation:1.0"
CHART = _OASIS + "chart:1.0"
SVG = _OASIS + "svg-compatible:1.0"
FO = _OASIS + "xsl-fo-compatible:1.0"
MANIFEST = _OASIS + "manifest:1.0"
XLINK = "http://www.w3.org/1999/xlink"
DC = "http://purl.org/dc/elements/1.1/"


def in_space(space: str, name: str) -> str:
    """Return a name as lxml writes it.

    >>> in_space(DC, "title")
    '{http://purl.org/dc/elements/1.1/}title'
    """
    return f"{{{space}}}{name}"
