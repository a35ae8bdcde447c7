"""HTML pages: their main content, without what every page of a site repeats."""

import re
import warnings
from typing import TYPE_CHECKING

from ragkit.documents.clean import subscript, superscript
from ragkit.documents.decode import decode_text
from ragkit.documents.draft import Draft, RawBlock, RawFile, translate_library_errors
from ragkit.documents.html_tables import is_layout, table_lines

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_DROPPED = frozenset(
    "script style noscript template svg iframe canvas object embed nav footer button "
    "select input textarea head dialog audio video".split()
)
_CLUTTER = frozenset(
    "nav navbar navigation site-nav sidebar breadcrumb breadcrumbs cookie-banner toc pagination "
    "table-of-contents skip-link headerlink anchor-link mw-editsection sr-only noprint".split()
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|em|pt|;|$)"
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure "
    "footer header hgroup hr html li main ol p pre section summary table tbody td tfoot th thead "
    "tr ul h1 h2 h3 h4 h5 h6 caption".split()
)
_FORMULA_SCRIPT = re.compile(r"math/(?:tex|mathml)")
_RENDERED = ".MathJax_Preview, .MathJax, .MathJax_Display, .MathJax_SVG, .katex-html"
"""What programs make of a formula whose source stands beside it."""
_LINK_SHARE = 0.6
"""Share of the text of an aside that is links where it only leads elsewhere."""
_MAIN_SHARE = 0.3
"""Least share of a page's text that its main element must hold to be taken for the whole."""


def read_html(file: RawFile) -> Draft:
    """Return the draft of an .html, .htm or .xhtml file."""
    with translate_library_errors(file, "HTML"):
        soup = _parse(decode_text(file.data))
        title = soup.title.get_text() if soup.title else ""
        _drop_clutter(soup)
        blocks = _Walker(1).walk(_main_content(soup))
        if not any(block.text.strip() for block in blocks):  # all of it is what leads elsewhere
            soup = _parse(decode_text(file.data))
            for tag in soup(["title", "script", "style", "template"]):
                tag.decompose()
            blocks = _Walker(1).walk(soup)
        return Draft(blocks=tuple(blocks), title=title)


def parse_html(text: str, *, page: int = 1) -> tuple[RawBlock, ...]:
    """Return the blocks of a piece of HTML.

    >>> [(b.kind, b.text) for b in parse_html("<ol><li>Read<li>x<sup>2</sup></ol>")]
    [('item', '1. Read'), ('item', '2. x²')]
    """
    soup = _parse(text)
    _drop_clutter(soup)
    return tuple(_Walker(page).walk(soup))


def _parse(source: str) -> "BeautifulSoup":
    from bs4 import BeautifulSoup

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of text that looks like a file name or XML
        return BeautifulSoup(source, "lxml")


def _drop_clutter(soup: "BeautifulSoup") -> None:
    from bs4 import Comment, Declaration, Doctype, ProcessingInstruction, Tag

    for script in soup.find_all("script", type=_FORMULA_SCRIPT):
        script.replace_with(f" {script.get_text()} ")
        for rendered in soup.select(_RENDERED):
            rendered.decompose()
    for formula in soup.find_all("math"):
        formula.replace_with(_formula_text(formula))
    unseen = (Comment, Declaration, Doctype, ProcessingInstruction)
    waiting: list[Tag] = [soup]
    while waiting:
        for child in list(waiting.pop().children):
            if isinstance(child, unseen):
                child.extract()
            elif isinstance(child, Tag) and (child.name in _DROPPED or _is_clutter(child)):
                child.decompose()
            elif isinstance(child, Tag):
                waiting.append(child)


def _is_clutter(tag: "Tag") -> bool:
    """Return whether an element is not meant to be read: hidden, or the frame of a site."""
    if tag.name in ("html", "body", "main", "article"):
        return False
    if tag.has_attr("hidden") or tag.get("aria-hidden") == "true":
        return True
    if _HIDDEN.search(str(tag.get("style") or "")):
        return True
    if tag.name == "aside" and _leads_elsewhere(tag):
        return True
    if tag.name == "header" and tag.find_parent(["main", "article"]) is None:
        return tag.find(["h1", "h2"]) is None
    names = {str(name).lower() for name in (*tag.get_attribute_list("class"), tag.get("id"))}
    framing = tag.get("role") in ("navigation", "search") or bool(names & _CLUTTER)
    return framing and tag.find(["h1", "main", "article"]) is None


def _leads_elsewhere(tag: "Tag") -> bool:
    links = sum(len(link.get_text()) for link in tag.find_all("a"))
    return links > _LINK_SHARE * len(tag.get_text())


def _formula_text(formula: "Tag") -> str:
    """Return a formula as its author typed it, where the page says so."""
    source = formula.find("annotation", encoding="application/x-tex")
    if source:
        return f" {source.get_text()} "
    return f" {formula.get('alttext') or formula.get_text(' ')} "


def _main_content(soup: "BeautifulSoup") -> "Tag":
    whole = soup.body or soup
    candidates = soup.select("main, article, [role=main]")
    largest = max(candidates, key=lambda tag: len(tag.get_text()), default=None)
    if largest is not None and len(largest.get_text()) >= _MAIN_SHARE * len(whole.get_text()):
        return largest
    return whole


class _Walker:
    """Goes through a tree once and collects blocks; text between block elements is a paragraph."""

    def __init__(self, page: int) -> None:
        self._page = page
        self._blocks: list[RawBlock] = []
        self._inline: list[str] = []
        self._kind: tuple[str, str] = ("paragraph", "")

    def walk(self, root: "Tag") -> list[RawBlock]:
        self._children(root)
        self._flush()
        return self._blocks

    def _children(self, tag: "Tag") -> None:
        from bs4 import Tag

        for child in tag.children:
            if not isinstance(child, Tag):
                self._inline.append(re.sub(r"\s+", " ", str(child)))
            elif child.name in _BLOCKS:
                self._flush()
                self._block(child)
                self._flush()
            else:
                self._inline_element(child)

    def _block(self, tag: "Tag") -> None:
        if tag.name in _HEADINGS:
            self._add("heading", tag, level=_HEADINGS[tag.name])
        elif tag.name == "pre":
            self._blocks.append(RawBlock("code", tag.get_text(), page=self._page))
        elif tag.name == "table" and not is_layout(tag):
            self._table(tag)
        elif tag.name in ("figcaption", "caption"):
            self._add("caption", tag)
        elif tag.name == "li":
            self._item(tag)
        elif tag.name == "dl":
            self._definitions(tag)
        else:
            self._children(tag)

    def _add(self, kind: str, tag: "Tag", *, level: int = 0) -> None:
        text = _Walker(self._page).inline_text(tag)
        text = text.rstrip("¶#§ \n") if kind == "heading" else text
        block = RawBlock("heading" if kind == "heading" else "caption", text, level, self._page)
        self._blocks.append(block)

    def inline_text(self, tag: "Tag") -> str:
        """Return all text of an element as one run."""
        return "\n".join(block.text for block in self.walk(tag))

    def _item(self, tag: "Tag") -> None:
        parent = tag.parent
        marker = ""
        if parent is not None and parent.name == "ol":
            before = len(tag.find_previous_siblings("li"))
            marker = f"{_ordinal(parent.get('start')) + before}. "
        outer, self._kind = self._kind, ("item", marker)
        self._children(tag)
        self._flush()
        self._kind = outer

    def _definitions(self, tag: "Tag") -> None:
        """Add a list of terms: each with its first description, others as they are."""
        waiting: list[str] = []
        for part in tag.find_all(["dt", "dd"]):
            if part.find_parent("dl") is not tag:
                continue
            if part.name == "dt":
                waiting.append(_Walker(1).inline_text(part).strip().rstrip(":"))
                continue
            blocks = _Walker(self._page).walk(part)
            if waiting and blocks and blocks[0].kind == "paragraph":
                text = f"{', '.join(waiting)}: {blocks[0].text}"
                blocks[0] = RawBlock("item", text, page=self._page)
                waiting = []
            self._blocks += [RawBlock("item", term, page=self._page) for term in waiting]
            waiting = []
            self._blocks += blocks
        self._blocks += [RawBlock("item", term, page=self._page) for term in waiting]

    def _table(self, tag: "Tag") -> None:
        caption = tag.find("caption")
        if caption:
            self._add("caption", caption)
        lines = table_lines(tag, lambda cell: _Walker(1).inline_text(cell))
        self._blocks += [RawBlock("row", line, page=self._page) for line in lines]

    def _inline_element(self, tag: "Tag") -> None:
        if tag.name == "br":
            self._inline.append("\n")
        elif tag.name == "img":
            alternative = str(tag.get("alt") or "")
            self._inline.append(alternative if len(alternative.split()) >= 2 else "")
        elif tag.name == "sup":
            self._inline.append(superscript(tag.get_text()))
        elif tag.name == "sub":
            self._inline.append(subscript(tag.get_text()))
        else:
            self._children(tag)

    def _flush(self) -> None:
        text, self._inline = "".join(self._inline).strip(), []
        if not text:
            return
        kind, marker = self._kind
        if kind == "item":
            self._blocks.append(RawBlock("item", marker + text, page=self._page))
            self._kind = ("item", "")
            return
        for paragraph in re.split(r"\n\s*\n", text):  # <br><br>
            self._blocks.append(RawBlock("paragraph", paragraph, page=self._page))


def _ordinal(start: object) -> int:
    text = str(start or "1")
    return int(text) if text.isdecimal() and len(text) < 6 else 1
