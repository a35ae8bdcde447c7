r"""MDX to Markdown: without imports, exports, comments and components, whose text is kept.

What a component shows comes from its children, and from a few attributes that hold text for
readers: the choices of a quiz, the title of a box, the description of a picture. A component
without children that has a title is a card that leads elsewhere, and says nothing.
"""

import html
import re
from typing import NamedTuple

_FENCE = re.compile(r"^[ \t]*(```+|~~~+)")
_ESM = re.compile(
    r"^(?:import\s+(?:['\"{*]|[\w$]+\s*(?:,|\bfrom\b))|export\s+(?:const|let|var|default|async|function"
    r"|class|\{|\*))"
)
_MARK = re.compile(
    r"(?P<code>`+)|(?P<comment>\{/\*)|</[A-Z][\w.]*\s*>|</?>"
    r"|<(?P<component>[A-Z][\w.]*)(?=[\s/>])|<(?P<tag>[a-z][\w-]*)(?=\s[^<>]{0,300}=\{)"
)
_ATTRIBUTE = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_][\w:.-]*)\s*"
    r"(?:=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?=(?P<brace>\{))))?|(?=(?P<spread>\{)))"
)
_QUOTED = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|[{}]")
_CHOICE = re.compile(
    r"\b(text|explain|correct)\s*:\s*(?:\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'"
    r"|`((?:[^`\\]|\\.)*)`|(true|false))"
)
_TAGS = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_ALWAYS = ("question", "caption", "summary")
_WITH_CHILDREN = ("title", "header", "heading", "label")
_LONGEST = 50_000
"""Characters of a component's attributes; more is a mistake in the source."""
_MOST_MISTAKES = 50
_MOST_LINES = 100
"""Of an import or export."""


class _Tag(NamedTuple):
    attributes: dict[str, str]
    is_whole: bool
    """It has no children."""
    end: int


def drop_components(text: str) -> str:
    r"""Return the Markdown of MDX text; code stays as it is.

    >>> drop_components('import A from "a"\n\n<A title="Rules">\n\nBe *kind*.\n\n</A>').split("\n")
    ['', '', '', '', '**Rules**', '', '', '', 'Be *kind*.', '', '']
    """
    kept: list[str] = []
    prose: list[str] = []
    esm: list[str] = []
    fence, in_esm, blank = "", False, True
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence or (mark and not in_esm):
            if not fence:
                kept.append(_without_tags("\n".join(prose)))
                prose.clear()
                fence = mark[1] if mark else ""
            elif mark and mark[1].startswith(fence) and not line.strip().strip("`~"):
                fence = ""
            kept.append(line)
            continue
        in_esm = _stays_open(esm) if in_esm and not line.strip() else in_esm
        in_esm = in_esm or (blank and bool(_ESM.match(line)))
        esm = [*esm, line] if in_esm else []
        blank = not line.strip() or in_esm
        prose.append("" if in_esm else line)
    return "\n".join([*kept, _without_tags("\n".join(prose))])


def _stays_open(lines: list[str]) -> bool:
    """Return whether an import or export goes on behind an empty line: a bracket is open."""
    source = "\n".join(lines)
    opened = sum(map(source.count, "([{")) - sum(map(source.count, ")]}"))
    return opened > 0 and len(lines) < _MOST_LINES


def _without_tags(text: str) -> str:
    parts: list[str] = []
    place = mistakes = 0
    while (found := _MARK.search(text, place)) and mistakes < _MOST_MISTAKES:
        parts.append(text[place : found.start()])
        place = found.end()
        if found["code"]:
            end = text.find(found["code"], place)
            place = place if end < 0 else end + len(found["code"])
            parts.append(text[found.start() : place])
        elif found["comment"]:
            end = text.find("*/}", place)
            place = len(text) if end < 0 else end + 3
        elif found["component"] or found["tag"]:
            tag = _read_tag(text, place)
            if tag is None:
                mistakes += 1
                parts.append(found[0])
            else:
                place = tag.end
                parts.append(_shown(tag) if found["component"] else f"<{found['tag']}>")
    parts.append(text[place:])
    return "".join(parts)


def _read_tag(text: str, place: int) -> _Tag | None:
    """Return the attributes of a tag whose name ends here; None if it is never closed."""
    attributes: dict[str, str] = {}
    limit = place + _LONGEST
    while place < limit:
        found = _ATTRIBUTE.match(text, place)
        if found is None or (found["name"] is None and found["spread"] is None):
            break
        place = found.end()
        value = found["double"] if found["double"] is not None else found["single"]
        if found["brace"] or found["spread"]:
            end = _brace_end(text, place, limit)
            if end is None:
                return None
            value, place = text[place + 1 : end - 1], end
        if found["name"]:
            attributes[found["name"]] = value or ""
    closing = re.compile(r"\s*(/?)>").match(text, place)
    return closing and _Tag(attributes, bool(closing[1]), closing.end())


def _brace_end(text: str, place: int, limit: int) -> int | None:
    depth = 0
    for found in _QUOTED.finditer(text, place, limit):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return None


def _shown(tag: _Tag) -> str:
    """Return what a component's attributes show, as Markdown."""
    names = _ALWAYS if tag.is_whole else (*_ALWAYS, *_WITH_CHILDREN)
    lines = [f"**{tag.attributes[name].strip()}**" for name in names if tag.attributes.get(name)]
    if len(tag.attributes.get("alt", "").split()) >= 3:
        lines.append(tag.attributes["alt"])
    lines += _choices(tag.attributes.get("choices", ""))
    return "\n\n" + "\n\n".join(lines) + "\n\n" if lines else "\n\n" if tag.is_whole else ""


def _choices(source: str) -> list[str]:
    """Return the choices of a quiz as items that say whether they are right.

    >>> _choices('{text: "4", explain: "Two <b>pairs</b>.", correct: true}, {text: "5"}')
    ['- Right: 4 (Two pairs.)', '- Wrong: 5']
    """
    choices: list[dict[str, str]] = []
    for found in _CHOICE.finditer(source):
        if found[1] == "text":
            choices.append({})
        if choices:
            value = next((part for part in found.groups()[1:] if part is not None), "")
            plain = re.sub(r"\\(.)", lambda escaped: escaped[1].replace("n", " "), value)
            choices[-1][found[1]] = html.unescape(_TAGS.sub("", plain)).strip()
    marked = any(choice.get("correct") == "true" for choice in choices)
    lines = []
    for choice in choices:
        verdict = "Right: " if choice.get("correct") == "true" else "Wrong: "
        reason = f" ({choice['explain']})" if choice.get("explain") else ""
        lines.append(f"- {verdict if marked else ''}{choice['text']}{reason}")
    return lines
