"""Plain text: paragraphs, lists, and headings told by how they are drawn."""

import re
from itertools import pairwise

from ragkit.documents.clean import join_lines, strip_bullet
from ragkit.documents.decode import decode_text
from ragkit.documents.draft import Draft, RawBlock, RawFile

_UNDERLINE = re.compile(r"^([=\-~^\"'#*+:._`])\1{2,}\s*$")
_QUESTION = re.compile(r"^(?:Q(?:uestion)?\s*\d*\s*[:.)]|\*\*Q)\s*\S")
_ANSWER = re.compile(r"^A(?:nswer)?\s*\d*\s*[:.)]\s*\S")
_WRAP_SHARE = 0.85
"""A line is taken as wrapped if it and the next word would fill this share of the widest line."""


def read_plain(file: RawFile) -> Draft:
    """Return the draft of a .txt or .text file."""
    lines = decode_text(file.data).replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    return Draft(blocks=parse_plain(lines))


def parse_plain(text: str) -> tuple[RawBlock, ...]:
    r"""Return the blocks of plain text.

    >>> [(b.kind, b.text) for b in parse_plain("Rules\n=====\n\nBe kind\nand\n\n- one\n- two")]
    [('heading', 'Rules'), ('paragraph', 'Be kind\nand'), ('item', '- one'), ('item', '- two')]
    """
    lines = [line.rstrip() for line in text.split("\n")]
    blocks: list[RawBlock] = []
    underlines: list[str] = []
    width = _wrap_width(lines)
    for group in _groups(lines):
        blocks += _group_blocks(group, underlines, width)
    return tuple(blocks)


def _groups(lines: list[str]) -> list[list[str]]:
    """Return runs of lines between empty ones; a heading, an item, a question begins its own."""
    groups: list[list[str]] = [[]]
    for place, line in enumerate(lines):
        after = lines[place + 1] if place + 1 < len(lines) else ""
        begins = bool(_QUESTION.match(line) or _ANSWER.match(line) or _is_item(line))
        begins = begins or bool(line.strip() and _UNDERLINE.match(after) and len(after) >= 3)
        if groups[-1] and (begins or not line.strip() or _is_underlined(groups[-1])):
            groups.append([])
        if line.strip():
            groups[-1].append(line)
    return [group for group in groups if group]


def _is_item(line: str) -> bool:
    return strip_bullet(line) is not None and not _UNDERLINE.match(line)


def _is_underlined(group: list[str]) -> bool:
    return len(group) >= 2 and bool(_UNDERLINE.match(group[-1]))


def _group_blocks(group: list[str], underlines: list[str], width: int) -> list[RawBlock]:
    if _is_underlined(group):
        title = [line for line in group if not _UNDERLINE.match(line)]
        mark = group[-1][0] * 2 if _UNDERLINE.match(group[0]) else group[-1][0]
        if mark not in underlines:
            underlines.append(mark)
        return [RawBlock("heading", " ".join(title), level=underlines.index(mark) + 1)]
    group = [line for line in group if not _UNDERLINE.match(line)]
    shouted = 0
    while shouted < len(group) and _is_shouted(group[shouted].strip()):
        shouted += 1
    titles = [RawBlock("heading", line, level=2) for line in group[:shouted]]
    return [*titles, _body_block(group[shouted:], width)] if group[shouted:] else list(titles)


def _body_block(group: list[str], width: int) -> RawBlock:
    first = group[0].strip()
    if _QUESTION.match(first) and len(first) < 200:
        return RawBlock("heading", join_lines(line.strip() for line in group), level=6)
    if _is_item(group[0]):
        return RawBlock("item", join_lines(line.strip() for line in group))
    if all(line.startswith("    ") for line in group):
        indent = min(len(line) - len(line.lstrip()) for line in group)
        return RawBlock("code", "\n".join(line[indent:] for line in group))
    return RawBlock("paragraph", _unwrap([line.strip() for line in group], width))


def _is_shouted(line: str) -> bool:
    letters = [character for character in line if character.isalpha()]
    return len(letters) >= 4 and line == line.upper() != line.lower() and len(line) <= 80


def _wrap_width(lines: list[str]) -> int:
    """Return the width at which the author's editor breaks lines: that of the wider ones."""
    widths = sorted(len(line) for line in lines if len(line) > 20)
    return min(widths[int(0.9 * len(widths))], 200) if widths else 80


def _unwrap(lines: list[str], width: int) -> str:
    r"""Join lines that an editor broke, and keep the breaks that someone meant.

    >>> _unwrap(["Mon 10:00 lecture", "Tue 12:00 lab"], 80)
    'Mon 10:00 lecture\nTue 12:00 lab'
    >>> _unwrap(["The deadline is on the", "last Friday of May."], 26)
    'The deadline is on the last Friday of May.'
    """
    kept = lines[:1]
    for before, line in pairwise(lines):
        if len(before) + 1 + len(line.split()[0]) > _WRAP_SHARE * width:
            kept[-1] = join_lines([kept[-1], line])
        else:
            kept.append(line)
    return "\n".join(kept)
