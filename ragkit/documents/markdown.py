"""Markdown and MDX: headings, paragraphs, lists, tables and code as CommonMark defines them."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ragkit.documents.decode import decode_text
from ragkit.documents.draft import Draft, RawBlock, RawFile, translate_library_errors
from ragkit.documents.html import parse_html
from ragkit.documents.mdx import drop_components
from ragkit.documents.tables import render_rows

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE_LINE = re.compile(r"^title:\s*(['\"]?)(.+?)\1\s*$", re.MULTILINE)
# Lines of Jekyll, of Pandoc attributes, of templates: instructions to a program, not text.
_NOISE = re.compile(
    r"^(?:\s*\{%.*%\}|\s*\{:.*\}|\s*\{[#/](?:if|each|key|await)\b.*\}|:{3,}[\w-]*\s*(?:\{.*\})?"
    r"|import\s.+\sfrom\s+['\"].*|import\s+['\"].*|export\s+(?:const|default)\b.*|\[\[.*\]\]"
    r"|<a name=.*?></a>|:(?:begin_tab|end_tab|bookmark):.*)\s*$"
)
_BOX = re.compile(r"^:{3,}\s*[\w-]+\s+([^{}]*\S)\s*$")
"""A box of Docusaurus or Pandoc with a title."""
_ALERT = re.compile(r"^(\s*(?:>\s*)+)\[!(\w+)\]\s*$")
# Roles that books and Jupyter Book write into Markdown: places without a name, and references.
_LABEL_ROLE = re.compile(r":(?:label|eqlabel|width|height):`[^`]*`")
_REFERENCE_ROLE = re.compile(
    r"(?::(?:numref|eqref|ref|cite|citet|citep|citeyear):|\{(?:numref|eq|ref|cite[:\w]*)\})`([^`]*)`"
)
_OTHER_ROLE = re.compile(r"\{[a-z]+(?::[a-z]+)?\}(?=`)")
_CONTENTS = re.compile(r"(?i)^(?:table of contents|contents|toc|on this page|index):?$")
_FENCE = re.compile(r"^\s*(```+|~~~+)")
_ANCHOR = re.compile(r"\s*(?:\{#[\w:.-]+\}|\[\[[\w:.-]+\]\]|#+)\s*$")
_MATH = re.compile(
    r"\$\$(.+?)\$\$|\$(?!\s)([^$\n]+?)(?<![\s\\])\$(?!\d)|\\\\[(\[](.+?)\\\\[)\]]", re.DOTALL
)


def read_markdown(file: RawFile) -> Draft:
    """Return the draft of a .md, .markdown or .mdx file."""
    with translate_library_errors(file, "Markdown"):
        text = decode_text(file.data).replace("\r\n", "\n").replace("\r", "\n")
        title = ""
        if front := _FRONT_MATTER.match(text):
            text = text[front.end() :]
            if found := _TITLE_LINE.search(front.group(1)):
                title = found.group(2)
        if file.name.lower().endswith(".mdx"):
            blocks = parse_markdown(drop_components(text), indented_code=False)
        else:
            blocks = parse_markdown(text)
        return Draft(blocks=blocks, title=title or _name_if_untitled(blocks, file.name))


def _name_if_untitled(blocks: Sequence[RawBlock], name: str) -> str:
    """Return the file's name where the first heading is only that of the first of its sections.

    >>> setup = RawBlock("heading", "Setup", level=2)
    >>> blocks = [RawBlock("paragraph", "Due in May."), setup, RawBlock("heading", "Q1", level=2)]
    >>> _name_if_untitled(blocks, "2016/assignment-1.md"), _name_if_untitled(blocks[1:], "x.md")
    ('assignment 1', '')
    """
    levels = [block.level for block in blocks if block.kind == "heading" and block.level < 6]
    begins = bool(blocks) and blocks[0].kind == "heading" and blocks[0].level < 6
    if begins or len(levels) < 2 or levels[0] == 1 or levels.count(levels[0]) < 2:
        return ""
    return " ".join(re.split(r"[_\-\s]+", PurePosixPath(name).stem))


def parse_markdown(text: str, *, page: int = 1, indented_code: bool = True) -> tuple[RawBlock, ...]:
    r"""Return the blocks of Markdown text.

    Args:
        text: With newlines as line ends.
        page: Of all blocks.
        indented_code: Whether four spaces make code, as they do but in MDX.

    >>> [(b.kind, b.text) for b in parse_markdown("# Week 1\n\nSome *text*.\n\n- a\n- b")]
    [('heading', 'Week 1'), ('paragraph', 'Some text.'), ('item', 'a'), ('item', 'b')]
    """
    parser = _parser() if indented_code else _parser().disable("code")
    tokens = _without_contents(parser.parse(_without_noise(text)))
    blocks: list[RawBlock] = []
    rows: list[list[str]] = []
    lists: list[str] = []
    for place, token in enumerate(tokens):
        if token.type in ("fence", "code_block"):
            blocks.append(RawBlock("code", token.content, page=page))
        elif token.type == "html_block":
            blocks += parse_html(token.content, page=page)
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "table_close":
            blocks += [RawBlock("row", line, page=page) for line in render_rows(rows, header=True)]
            rows = []
        elif token.type == "list_item_open":
            lists.append(f"{token.info}{token.markup} " if token.info else "")
        elif token.type == "list_item_close":
            lists.pop()
        elif token.type == "inline" and tokens[place - 1].type in ("th_open", "td_open"):
            rows[-1].append(_inline_text(token.children or ()))
        elif token.type == "inline":
            blocks += _text_block(token, tokens[place - 1], lists, page)
    return tuple(blocks)


def _without_contents(tokens: list["Token"]) -> list["Token"]:
    """Return the tokens without lists that only lead to headings of the same page."""
    kept: list[Token] = []
    place = 0
    while place < len(tokens):
        token, end = tokens[place], place
        if token.type in ("bullet_list_open", "ordered_list_open") and token.level == 0:
            closing = token.type.replace("open", "close")
            while tokens[end].level or tokens[end].type != closing:
                end += 1
            inlines = [inner for inner in tokens[place:end] if inner.type == "inline"]
            if len(inlines) >= 3 and all(map(_leads_within, inlines)):
                if len(kept) >= 3 and _CONTENTS.match(kept[-2].content):
                    del kept[-3:]
                place = end + 1
                continue
        kept += tokens[place : end + 1]
        place = end + 1
    return kept


def _leads_within(inline: "Token") -> bool:
    """Return whether a line is nothing but a link to a place on the same page."""
    children = [child for child in inline.children or () if child.content.strip() or child.nesting]
    links = [child for child in children if child.type == "link_open"]
    return (
        len(links) == 1
        and children[0] is links[0]
        and children[-1].type == "link_close"
        and str(links[0].attrGet("href")).startswith("#")
    )


def _text_block(token: "Token", opening: "Token", lists: list[str], page: int) -> list[RawBlock]:
    text = _inline_text(token.children or ())
    if opening.type == "heading_open":
        return [RawBlock("heading", _ANCHOR.sub("", text), level=int(opening.tag[1]), page=page)]
    if lists:
        marker, lists[-1] = lists[-1], ""
        return [RawBlock("item", marker + text, page=page)]
    if _is_bold_line(token.children or (), text):
        return [RawBlock("heading", text.rstrip(":"), level=6, page=page)]
    return [RawBlock("paragraph", text, page=page)]


def _is_bold_line(children: Sequence["Token"], text: str) -> bool:
    """Return whether a paragraph is one short line in bold, which people write as a heading."""
    inner = [child for child in children if child.type != "text" or child.content.strip()]
    return (
        len(inner) >= 3
        and inner[0].type == "strong_open"
        and inner[-1].type == "strong_close"
        and sum(child.type == "strong_open" for child in inner) == 1
        and len(text) <= 80
        and not text.endswith((".", "!", ","))
    )


def _inline_text(children: Sequence["Token"]) -> str:
    parts: list[str] = []
    for child in children:
        if child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak" or (child.type == "html_inline" and "<br" in child.content):
            parts.append("\n")
        elif child.type == "image":
            parts.append(_inline_text(child.children or ()))
        elif child.type in ("text", "code_inline", "math", "text_special"):
            parts.append(child.content)
    return "".join(parts)


def _without_noise(text: str) -> str:
    r"""Return the text without lines that are meant for a site generator; code stays as it is.

    >>> _without_noise('import A from "a"\n```\nimport b from "c"\n```\n{% raw %}')
    '\n```\nimport b from "c"\n```\n'
    """
    kept, fence = [], ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark.group(1)
        elif mark and mark.group(1).startswith(fence):
            fence = ""
        kept.append(line if fence or mark else _prose_line(line))
    return "\n".join(kept)


def _prose_line(line: str) -> str:
    """Return a line outside of code without what is meant for a program.

    >>> _prose_line("As in :numref:`sec_a` :cite:`Vapnik.1998`. :label:`here`")
    'As in [sec_a] [Vapnik.1998]. '
    """
    if _NOISE.match(line):
        return ""
    if box := _BOX.match(line):
        return f"\n**{box[1]}**\n"
    if alert := _ALERT.match(line):
        return f"{alert[1]}{alert[2].capitalize()}:"
    if ":`" in line or "}`" in line:
        line = _REFERENCE_ROLE.sub(r"[\1]", _LABEL_ROLE.sub("", line))
        line = _OTHER_ROLE.sub("", line)
    return line


def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.inline.ruler.before("escape", "math", _math_rule)
    return parser


def _math_rule(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001
    """Keep a formula as it is written; without this its underscores would become emphasis."""
    if state.src[state.pos] not in "$\\":
        return False
    match = _MATH.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        token = state.push("math", "math", 0)
        token.content = " ".join(next(group for group in match.groups() if group).split())
    state.pos = match.end()
    return True
