"""A docutils tree to blocks."""

from collections.abc import Callable
from typing import Any

from ragkit.documents.clean import subscript, superscript
from ragkit.documents.draft import RawBlock
from ragkit.documents.ordinals import ordinal_text
from ragkit.documents.tables import render_rows

_DROPPED = frozenset(
    "comment substitution_definition target pending raw meta decoration generated colspec "
    "docinfo problematic_message index".split()
)
_FORMS = {
    "arabic": "1", "loweralpha": "a", "upperalpha": "A", "lowerroman": "i", "upperroman": "I",
}  # fmt: skip
_ADMONITIONS = frozenset(
    "attention caution danger error hint important note tip warning admonition".split()
)


class TreeWalker:
    """Goes through a tree once."""

    def __init__(self) -> None:
        self._blocks: list[RawBlock] = []
        self._level = 1
        self._label = ""
        self._is_item = False
        self._actions: dict[str, Callable[[Any], None]] = {
            "section": self._section, "title": self._title, "subtitle": self._title,
            "rubric": self._rubric, "paragraph": self._paragraph, "literal_block": self._code,
            "doctest_block": self._code, "math_block": self._formula, "table": self._table,
            "bullet_list": self._bullets, "enumerated_list": self._numbers,
            "definition_list_item": self._definition, "field": self._field,
            "option_list_item": self._field, "line_block": self._lines, "caption": self._caption,
            "image": self._image, "footnote": self._footnote, "citation": self._citation,
            "topic": self._topic, "system_message": self._salvage,
        }  # fmt: skip

    def read(self, tree: Any) -> list[RawBlock]:
        """Return the blocks of a document."""
        self._walk(tree)
        return self._blocks

    def _walk(self, node: Any) -> None:
        for child in node.children:
            name = child.tagname
            if name in _DROPPED:
                continue
            if name in _ADMONITIONS:
                self._admonition(child)
            elif name in self._actions:
                self._actions[name](child)
            elif name != "#text":
                self._walk(child)

    def _add(self, kind: Any, text: str, *, level: int = 0) -> None:
        if text.strip():
            self._blocks.append(RawBlock(kind, text, level))

    def _section(self, node: Any) -> None:
        self._level += 1
        self._walk(node)
        self._level -= 1

    def _title(self, node: Any) -> None:
        self._add("heading", inline_text(node), level=self._level + (node.tagname == "subtitle"))

    def _rubric(self, node: Any) -> None:
        self._add("heading", inline_text(node), level=6)

    def _paragraph(self, node: Any) -> None:
        label, self._label = self._label, ""
        self._add("item" if self._is_item else "paragraph", label + inline_text(node))

    def _code(self, node: Any) -> None:
        self._blocks.append(RawBlock("code", node.astext()))

    def _formula(self, node: Any) -> None:
        self._add("paragraph", f"${' '.join(node.astext().split())}$")

    def _caption(self, node: Any) -> None:
        self._add("caption", inline_text(node))

    def _image(self, node: Any) -> None:
        text = str(node.get("alt") or "")
        if len(text.split()) >= 3:
            self._add("caption", f"Picture: {text}")

    # --- lists

    def _bullets(self, node: Any) -> None:
        for item in node.children:
            self._item(item, "")

    def _numbers(self, node: Any) -> None:
        form = _FORMS.get(str(node.get("enumtype")), "1")
        for number, item in enumerate(node.children, start=int(node.get("start") or 1)):
            marker = f"{node.get('prefix') or ''}{ordinal_text(number, form)}"
            self._item(item, f"{marker}{node.get('suffix') or '.'} ")

    def _item(self, item: Any, label: str) -> None:
        outer, self._is_item, self._label = self._is_item, True, label
        self._walk(item)
        self._is_item, self._label = outer, ""

    def _definition(self, node: Any) -> None:
        terms = [
            inline_text(part) for part in node.children if part.tagname in ("term", "classifier")
        ]
        self._item(node, f"{' : '.join(terms)}: ")

    def _field(self, node: Any) -> None:
        parts = [" ".join(inline_text(part).split()) for part in node.children]
        self._add("row", ": ".join(part for part in parts if part))

    def _lines(self, node: Any) -> None:
        lines = [inline_text(line) for line in node.findall() if line.tagname == "line"]
        self._add("paragraph", "\n".join(lines))

    # --- tables, notes, boxes

    def _table(self, node: Any) -> None:
        for title in node.children:
            if title.tagname == "title":
                self._caption(title)
        rows = [row for row in node.findall() if row.tagname == "row" and _table_of(row) is node]
        cells = [[inline_text(cell) for cell in row.children] for row in rows]
        named = bool(rows) and rows[0].parent.tagname == "thead"
        for line in render_rows(cells, header=True if named else None):
            self._add("row", line)

    def _footnote(self, node: Any) -> None:
        parts = [inline_text(part) for part in node.children if part.tagname != "label"]
        self._add("note", f"Footnote: {' '.join(parts)}")

    def _citation(self, node: Any) -> None:
        label, *parts = [inline_text(part) for part in node.children]
        self._add("item", f"[{label}] {' '.join(parts)}")

    def _admonition(self, node: Any) -> None:
        if node.tagname != "admonition":
            self._label = f"{node.tagname.capitalize()}: "
        level, self._level = self._level, 6
        self._walk(node)
        self._level, self._label = level, ""

    def _topic(self, node: Any) -> None:
        if "contents" not in node.get("classes", ()):
            level, self._level = self._level, 6
            self._walk(node)
            self._level = level

    def _salvage(self, node: Any) -> None:
        """Keep the text of a directive that docutils refused, without its options."""
        for child in node.children:
            if child.tagname == "literal_block" and child.astext().startswith(".. "):
                lines = [line.strip() for line in child.astext().split("\n")[1:]]
                kept = [line for line in lines if not line.startswith(":")]
                self._add("paragraph", "\n".join(kept))


def inline_text(node: Any) -> str:
    """Return all text below a node on one line, formulas between dollar signs."""
    parts: list[str] = []
    for child in node.children:
        name = child.tagname
        if name == "#text":
            parts.append(child.astext().replace("\n", " "))
        elif name in ("math", "math_block"):
            parts.append(f"${child.astext()}$")
        elif name in ("superscript", "footnote_reference"):
            parts.append(superscript(child.astext()))
        elif name == "subscript":
            parts.append(subscript(child.astext()))
        elif name == "image":
            parts.append(str(child.get("alt") or "") if " " in str(child.get("alt") or "") else "")
        elif name == "citation_reference":
            parts.append(f"[{child.astext()}]")
        elif name == "problematic":
            parts.append(child.astext().strip("`*|_"))
        elif name not in _DROPPED and name != "system_message":
            block = parts and child.tagname in ("paragraph", "list_item", "literal_block")
            parts.append((" " if block else "") + inline_text(child))
    return "".join(parts)


def _table_of(row: Any) -> Any:
    node = row.parent
    while node is not None and node.tagname != "table":
        node = node.parent
    return node
