"""The text of a Word paragraph as a reader sees it: insertions in, deleted and hidden text out."""

from typing import Any

from ragkit.documents.clean import superscript
from ragkit.documents.office_math import MATH, formula_text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Deleted text, the old form of what a drawing shows, text boxes and tables (read on their own),
# names of fields, how to pronounce a word.
SKIPPED = frozenset(
    [
        *(f"{W}{name}" for name in ("del", "moveFrom", "txbxContent", "instrText", "tbl", "rt")),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    ]
)
_OFF = ("0", "false", "off", "none")


def text_of(element: Any) -> str:
    """Return the text of an element; formulas that follow each other on lines of their own."""
    parts: list[str] = []
    after_formula = False
    for child in element.iterchildren():
        is_formula = child.tag == f"{MATH}oMath"
        if is_formula and after_formula:
            parts.append("\n")
        parts.append(formula_text(child) if is_formula else _text_of_part(child, element))
        after_formula = is_formula
    return "".join(parts)


def _text_of_part(child: Any, parent: Any) -> str:
    tag = child.tag
    if tag in SKIPPED or not isinstance(tag, str) or is_marked(child, "vanish"):
        text = ""
    elif tag == f"{W}t":
        text = child.text or ""
    elif tag in _SIGNS:  # a tab outside a run is a tab stop
        text = _SIGNS[tag] if parent.tag == f"{W}r" else ""
    elif tag == f"{W}sym":
        text = _symbol(str(child.get(f"{W}char") or ""))
    else:
        text = text_of(child)
    return superscript(text) if tag == f"{W}r" and _is_raised(child) else text


_SIGNS = {
    **dict.fromkeys((f"{W}br", f"{W}cr"), "\n"),
    **dict.fromkeys((f"{W}tab", f"{W}ptab"), " "),
    f"{W}noBreakHyphen": "-",
}


def _symbol(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""


def is_marked(run: Any, name: str) -> bool:
    """Return whether a run has a property such as bold (b) or hidden (vanish) switched on."""
    mark = run.find(f"{W}rPr/{W}{name}")
    return mark is not None and mark.get(f"{W}val") not in _OFF


def runs_of(element: Any) -> list[Any]:
    """Return the runs below an element that show text."""
    return [run for run in element.iter(f"{W}r") if text_of(run).strip()]


def is_bold(element: Any) -> bool:
    """Return whether all text below an element is bold."""
    runs = runs_of(element)
    return bool(runs) and all(is_marked(run, "b") for run in runs)


def _is_raised(run: Any) -> bool:
    mark = run.find(f"{W}rPr/{W}vertAlign")
    return mark is not None and mark.get(f"{W}val") == "superscript"
