"""RTF tokens to blocks: a stack of states, as many as there are open braces."""

import re
from collections.abc import Callable

from ragkit.documents.clean import strip_bullet, subscript, superscript
from ragkit.documents.draft import Draft, RawBlock
from ragkit.documents.looks import Looks, paragraph_block
from ragkit.documents.rtf.state import Sink, State
from ragkit.documents.rtf.tokens import Token, cut_tokens
from ragkit.documents.rtf.words import (
    CHARACTERS,
    CHARSETS,
    CODE_PAGES,
    SKIPPED,
    STARRED_TEXT,
    SYMBOL_CHARSET,
    SYMBOLS,
    code_page,
)
from ragkit.documents.tables import render_rows
from ragkit.records import BlockKind

_NUMBER = re.compile(r"^\s*(?=\S{2})\(?[\w.]{1,8}[.)]?\s*$")
_BOXES = frozenset(("shptxt", "dptxbxtext"))
_SEPARATE = frozenset(("footnote", "title", "stylesheet", "fonttbl", "listtext", "pntext"))
"""Groups whose text does not go on the page where they stand."""
_ON_OFF = frozenset(("b", "v", "deleted"))
_SHIFTS = {"super": "super", "sub": "sub", "nosupersub": ""}


class RtfReader:
    """Reads one file."""

    def __init__(self) -> None:
        self._body: Sink = []
        self._state = State(self._body)
        self._stack: list[State] = []
        self._blocks: list[RawBlock] = []
        self._after: list[RawBlock] = []
        """Footnotes and text boxes, which follow their paragraph."""
        self._row: list[str] = []
        self._rows: list[list[str]] = []
        self._row_heads = False
        self._listed = False
        self._title = ""
        self._code_page = "cp1252"
        self._charsets: dict[int, int] = {}
        self._styles: dict[int, str] = {}
        self._levels: dict[int, int] = {}
        self._pending = bytearray()
        self._to_skip = 0
        self._actions: dict[str, Callable[[int | None], None]] = {
            "par": self._end_paragraph, "page": self._end_paragraph, "sect": self._end_paragraph,
            "pard": self._reset_paragraph, "plain": self._reset_characters,
            "cell": self._end_cell, "row": self._end_row, "trhdr": self._mark_header,
            "u": self._unicode, "uc": self._set_replaced, "s": self._set_style,
            "outlinelevel": self._set_outline, "ls": self._set_list, "intbl": self._set_table,
            "f": self._set_font, "deff": self._set_font, "fcharset": self._set_charset,
            "ansicpg": self._set_code_page,
        }  # fmt: skip

    def read(self, data: bytes) -> Draft:
        """Return the draft of a whole file."""
        for token in cut_tokens(data):
            if token.kind == "bytes":
                self._take_bytes(token)
                continue
            self._decode_pending()
            if token.kind == "open":
                self._to_skip = 0
                self._stack.append(self._state)
            elif token.kind == "close":
                self._close_group()
            elif token.kind == "word":
                self._take_word(token.name, token.number)
            else:
                self._take_symbol(token.name)
        self._decode_pending()
        self._end_paragraph(None)
        self._end_table()
        return Draft(blocks=tuple(self._blocks), title=self._title)

    # --- characters

    def _take_bytes(self, token: Token) -> None:
        data = token.data[self._to_skip :]
        self._to_skip -= len(token.data) - len(data)
        self._pending += data

    def _decode_pending(self) -> None:
        if not self._pending:
            return
        data, self._pending = bytes(self._pending), bytearray()
        charset = self._charsets.get(self._state.font, 1)
        if charset == SYMBOL_CHARSET:
            self._write("".join(chr(0xF000 + byte) if byte > 0x7F else chr(byte) for byte in data))
            return
        only_western = set(self._charsets.values()) <= {0, 1, SYMBOL_CHARSET}
        codec = self._code_page if only_western else CHARSETS.get(charset, self._code_page)
        self._write(data.decode(codec, "replace"))

    def _write(self, text: str) -> None:
        state = self._state
        if state.sink is None or state.is_hidden or state.is_deleted:
            return
        if state.shift:
            text = superscript(text) if state.shift == "super" else subscript(text)
        state.sink.append((text, state.is_bold))

    def _unicode(self, number: int | None) -> None:
        code = (number or 0) & 0xFFFF if (number or 0) < 0x10000 else number or 0
        self._write(chr(min(code, 0x10FFFF)))
        self._to_skip = self._state.replaced

    def _take_symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._state = self._state._replace(starred=True)
        elif symbol in "\r\n":
            self._end_paragraph(None)
        elif self._to_skip and symbol in SYMBOLS:
            self._to_skip -= 1
        elif symbol in SYMBOLS:
            self._write(SYMBOLS[symbol])

    # --- control words

    def _take_word(self, name: str, number: int | None) -> None:
        state = self._state
        if state.starred:
            known = name in STARRED_TEXT
            below = state.sink if state.sink is not None else state.below
            state = state._replace(starred=False, sink=below if known else None, below=below)
            self._state = state
        if name in CHARACTERS:
            self._write(CHARACTERS[name])
        elif name in _ON_OFF:
            self._set_flag(name, is_on=number != 0)
        elif name in _SHIFTS:
            self._state = state._replace(shift="" if number == 0 else _SHIFTS[name])
        elif name in self._actions:
            self._actions[name](number)
        elif name in CODE_PAGES:
            self._code_page = CODE_PAGES[name]
        else:
            self._open_destination(name)

    def _set_flag(self, name: str, *, is_on: bool) -> None:
        if name == "b":
            self._state = self._state._replace(is_bold=is_on)
        elif name == "v":
            self._state = self._state._replace(is_hidden=is_on)
        else:
            self._state = self._state._replace(is_deleted=is_on)

    def _open_destination(self, name: str) -> None:
        state = self._state
        if name in SKIPPED:
            below = state.sink if state.sink is not None else state.below
            self._state = state._replace(sink=None, below=below, name=name)
        elif name in _BOXES or (name in _SEPARATE and state.sink is not None):
            self._state = state._replace(sink=[], name=name, style=0)

    def _set_style(self, number: int | None) -> None:
        self._state = self._state._replace(style=number or 0)

    def _set_outline(self, number: int | None) -> None:
        level = 9 if number is None else number
        if self._state.name == "stylesheet":
            self._levels[self._state.style] = level
        self._state = self._state._replace(outline=level)

    def _set_list(self, number: int | None) -> None:
        self._state = self._state._replace(in_list=bool(number))

    def _set_table(self, number: int | None) -> None:
        self._state = self._state._replace(in_table=number != 0)

    def _set_font(self, number: int | None) -> None:
        self._state = self._state._replace(font=number or 0)

    def _set_charset(self, number: int | None) -> None:
        self._charsets[self._state.font] = number or 0

    def _set_code_page(self, number: int | None) -> None:
        self._code_page = code_page(number or 1252)

    def _set_replaced(self, number: int | None) -> None:
        self._state = self._state._replace(replaced=min(max(number or 0, 0), 8))

    def _mark_header(self, _number: int | None) -> None:
        self._row_heads = not self._rows

    def _reset_paragraph(self, _number: int | None) -> None:
        self._state = self._state._replace(style=0, outline=9, in_table=False, in_list=False)

    def _reset_characters(self, _number: int | None) -> None:
        self._state = self._state._replace(
            is_bold=False, is_hidden=False, is_deleted=False, shift=""
        )

    # --- structure

    def _close_group(self) -> None:
        self._to_skip = 0
        closed = self._state
        self._state = self._stack.pop() if self._stack else State(self._body)
        if closed.name == "stylesheet" and closed.sink:
            name = _joined(closed.sink).strip().rstrip(";").strip()
            self._styles[closed.style] = name.lower()
            closed.sink.clear()
        if closed.sink is not None and closed.sink is not self._state.sink:
            self._keep_separate(closed.name, _joined(closed.sink))

    def _keep_separate(self, name: str, text: str) -> None:
        """Take the whole text of a group that does not stand on the page where it is written."""
        if name == "title":
            self._title = text
        elif name == "footnote" and text.strip():
            self._after.append(RawBlock("note", f"Footnote: {text.strip()}"))
        elif name in _BOXES:
            for line in text.split("\n"):
                kind: BlockKind = "paragraph" if strip_bullet(line) is None else "item"
                self._after.append(RawBlock(kind, line))
        elif name in ("listtext", "pntext"):
            self._listed = True
            if _NUMBER.match(text):
                self._write(text)

    def _end_paragraph(self, _number: int | None) -> None:
        state = self._state
        if state.sink is not self._body or state.in_table:
            self._write("\n")
            return
        self._end_table()
        text, looks = _joined(self._body), self._looks(self._body)
        self._body.clear()
        if text.strip() and (block := paragraph_block(text, looks)):
            self._blocks.append(block)
        self._listed = False
        self._blocks += self._after
        self._after.clear()

    def _looks(self, pieces: Sink) -> Looks:
        state = self._state
        outline = min(state.outline, self._levels.get(state.style, 9))
        return Looks(
            styles=(self._styles.get(state.style, ""),),
            outline=outline + 1 if 0 <= outline < 9 else 0,
            is_bold=all(bold for text, bold in pieces if text.strip()),
            is_listed=self._listed or state.in_list,
        )

    def _end_cell(self, _number: int | None) -> None:
        if self._state.sink is self._body:
            self._row.append(_joined(self._body))
            self._body.clear()
            self._listed = False

    def _end_row(self, _number: int | None) -> None:
        if self._row and self._state.sink is self._body:
            self._rows.append(self._row)
            self._row = []

    def _end_table(self) -> None:
        self._end_row(None)
        header = True if self._row_heads else None
        self._blocks += [RawBlock("row", row) for row in render_rows(self._rows, header=header)]
        if self._rows:
            self._blocks += self._after
            self._after.clear()
        self._rows, self._row_heads = [], False


def _joined(sink: Sink) -> str:
    return "".join(text for text, _ in sink)
