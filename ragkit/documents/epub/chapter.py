"""A chapter's XHTML to blocks, with the printed pages that begin in its midst."""

import html
import re
from collections.abc import Iterable
from html.entities import html5
from typing import Any

from ragkit.documents.draft import RawBlock, RawFile
from ragkit.documents.html import parse_html
from ragkit.documents.xml import parse_xml
from ragkit.errors import DocumentError

_TYPE = "{http://www.idpf.org/2007/ops}type"
# A page number travels through the HTML reader between two characters of the private use area.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_MARK_IN_WORD = re.compile(f"(?<=[\\w-])({_OPEN}\\d+{_CLOSE})(\\w[^\\s{_OPEN}]*)")
_PAGE_CLASSES = frozenset(
    "pagebreak pageno pagenum pagenumber page-number x-ebookmaker-pageno".split()
)
_LABEL = re.compile(r"^(?:p(?:age|g)?\.?\s*)?(\d{1,5}[a-z]?|[ivxlcdm]{1,12})$", re.IGNORECASE)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_BEFORE = "front matter"
"""Label of what stands before the first page that has one."""


class Marks:
    """The printed pages of a book in the order in which they begin."""

    def __init__(self, labels: dict[tuple[str, str], str]) -> None:
        self._listed = labels
        self._found: list[str] = []

    def take(self, element: Any, name: str) -> str:
        """Return the mark to put in an element's place; empty if no page begins there."""
        label = self._listed.get((name, str(element.get("id") or "")), "")
        if not label and not _is_page_break(element):
            return ""
        texts = (
            label,
            element.get("title"),
            element.get("aria-label"),
            "".join(element.itertext()),
        )
        for text in texts:
            found = _LABEL.match(str(text or "").strip(" \t\r\n[]{}()."))
            if found:
                self._found.append(found[1])
                return f"{_OPEN}{len(self._found)}{_CLOSE}"
        return ""

    def pages(self, blocks: Iterable[RawBlock]) -> tuple[list[RawBlock], tuple[str, ...]]:
        """Return the blocks cut where pages begin, and the labels of the pages."""
        if not self._found:
            return list(blocks), ()
        cut: list[RawBlock] = []
        page = 1
        for block in blocks:
            parts = _MARK.split(_MARK_IN_WORD.sub(r"\2\1", block.text))
            level = block.level
            for place, text in enumerate(parts):
                if place % 2:
                    page = max(page, int(text) + 1)
                elif text.strip():
                    continues = any(part.strip() for part in parts[:place:2])
                    cut.append(RawBlock(block.kind, text, level, page, continues))
        return cut, (_BEFORE, *self._found)


def read_chapter(markup: str, name: str, marks: Marks) -> list[RawBlock]:
    """Return the blocks of a chapter, with marks in their text where printed pages begin.

    Args:
        markup: XHTML, or the HTML that some programs write instead.
        name: Of its file in the book.
        marks: Takes the labels of the pages.
    """
    if not markup.strip():
        return []
    root = _parse(markup.replace(_OPEN, "").replace(_CLOSE, ""))
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        _simplify(element)
        if mark := marks.take(element, name):
            _put_before(element, mark, keep=not _is_page_break(element))
    from lxml import etree

    for element in root.iter():
        if isinstance(element.tag, str):
            for key in [key for key in element.attrib if "}" in key]:
                del element.attrib[key]
    return list(parse_html(etree.tostring(root, method="html", encoding="unicode")))


def _parse(markup: str) -> Any:
    from lxml import etree

    plain = _ENTITY.sub(_resolved, markup)
    try:
        return parse_xml(plain.encode(), RawFile("chapter", b""))
    except DocumentError:
        return etree.fromstring(markup, etree.HTMLParser(no_network=True, remove_comments=True))


def _resolved(match: re.Match[str]) -> str:
    known = match[1] not in _XML_ENTITIES and f"{match[1]};" in html5
    return html.unescape(match[0]) if known else match[0]


def _simplify(element: Any) -> None:
    """Make of an element of XHTML one that the HTML reader takes for what it is in a book."""
    element.tag = element.tag.rpartition("}")[2]
    kinds = str(element.get(_TYPE) or "").split()
    if element.tag in ("header", "footer"):  # of a chapter, not of a site
        element.tag = "div"
    elif element.tag == "a" and "noteref" in kinds and element.getparent().tag != "sup":
        element.tag = "sup"


def _is_page_break(element: Any) -> bool:
    kinds = f"{element.get(_TYPE) or ''} {element.get('role') or ''}".split()
    classes = str(element.get("class") or "").lower().split()
    return (
        "pagebreak" in kinds or "doc-pagebreak" in kinds or not _PAGE_CLASSES.isdisjoint(classes)
    ) and len("".join(element.itertext())) < 30


def _put_before(element: Any, mark: str, *, keep: bool) -> None:
    """Write a mark before an element, in whose place it stands unless the element is kept."""
    if keep:
        element.text = mark + (element.text or "")
        return
    for child in list(element):
        element.remove(child)
    element.text = mark
    if element.tag in ("hr", "br", "img"):  # cannot hold text
        element.tag = "span"
